"""Creating and editing follow-ups, for one or many proposals; the addresses of all pages of follow-ups."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal.adminkit import badges
from offorte_portal.adminkit.narrowed import Narrowed
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.tracking import followups
from offorte_portal.tracking.forms import OTHER_DAY, FollowUpForm
from offorte_portal.tracking.models import FollowUp
from offorte_portal.tracking.pages import changing
from offorte_portal.tracking.pages.changing import CHANGE, find, next_page
from offorte_portal.tracking.pages.listing import read_list, show_followups
from proposals.models import Proposal

ADD = "tracking.add_followup"


@staff_view((ADD, "proposals.view_proposal"), methods=["GET", "HEAD", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    """Ask when and what, for the proposals named or ticked in the list, then create the follow-ups."""
    user = request.user
    proposals = _named(request)
    if not proposals:
        messages.error(request, _("Select the proposals to follow up in the list first."))
        return redirect("admin:proposals_proposal_changelist")
    initial = {"when": "1", "due": followups.morning(1), "person": user.pk}
    form = FollowUpForm(request.POST if {"when", "due"} & set(request.POST) else None, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        count = followups.create(proposals, to=data["person"], due_at=data["due"], note=data["note"], by=user)
        return _leave(request, form, ngettext("Follow-up added.", "%(count)d follow-ups added.", count), count)
    return _ask(request, form, _("Follow up"), proposals)


@staff_view((CHANGE, "proposals.view_proposal"), methods=["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change when, what and who of an open follow-up."""
    row = find(request, pk)
    if row.done_at is not None:
        messages.info(request, _("This follow-up is done. Mark it as not done to change it."))
        return redirect(next_page(request))
    initial = {
        "when": OTHER_DAY,
        "due": row.due_at.replace(second=0, microsecond=0),
        "note": row.note,
        "person": row.assigned_to_id,
    }
    form = FollowUpForm(request.POST or None, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        is_news = (row.due_at, row.assigned_to_id) != (data["due"], data["person"].pk)
        changes = {"due_at": data["due"], "note": data["note"], "assigned_to": data["person"]}
        changes |= {"mailed_on": None, "due_before": None, "snoozed_at": None} if is_news else {}
        FollowUp.objects.filter(pk=pk, done_at__isnull=True).update(**changes)
        return _leave(request, form, _("Follow-up saved."))
    return _ask(request, form, _("Change follow-up"), [row.proposal])


@staff_view((ADD, "proposals.view_proposal"), methods=["POST"])
def remind(request: StaffRequest) -> HttpResponse:
    """Create a follow-up for the person themselves at once, some work days from now, for proposals just sent."""
    days = changing.read_days(request)
    proposals = _named(request)
    if not days or not proposals:
        messages.error(request, _("No follow-up was added. Open the proposal and choose “Follow up”."))
        return redirect(next_page(request))
    count = followups.remind(proposals, days, request.user)
    day = changing.write_day(days)
    text = ngettext("Follow-up added for %(day)s.", "%(count)d follow-ups added for %(day)s.", count)
    if count:
        messages.success(request, text % {"count": count, "day": day})
    else:
        messages.info(request, _("You already have a follow-up by then."))
    badges.forget(request)
    return redirect(next_page(request))


@staff_view(CHANGE, methods=["POST"])
def change_many(request: StaffRequest) -> HttpResponse:
    """Finish, put off or reassign the ticked follow-ups, or with `all` those that the list's address finds."""
    if "all" in request.POST:
        return changing.change_many(request, read_list(request).rows)
    keys = [int(key) for key in request.POST.getlist("key")[: followups.MOST] if _is_key(key)]
    return changing.change_many(request, FollowUp.objects.filter(pk__in=keys))


def _ask(request: StaffRequest, form: FollowUpForm, title: str, proposals: list[Proposal]) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": title,
        "form": form,
        "proposals": proposals,
        "next": next_page(request),
    }
    return render(request, "tracking/add.html", context)


def _leave(request: StaffRequest, form: FollowUpForm, text: str, count: int = 1) -> HttpResponse:
    badges.forget(request)
    messages.success(request, text % {"count": count} if "%(count)" in text else text)
    if hint := form.hint():
        messages.info(request, hint)
    return redirect(next_page(request))


def _named(request: HttpRequest) -> list[Proposal]:
    """Return the proposals in the address, those ticked in a list, or all in the list; at most `followups.MOST`."""
    if request.POST.get("select_across") == "1":
        found: QuerySet[Any] = Narrowed(request).rows
    else:
        given = request.POST.getlist("_selected_action") or request.GET.getlist("proposal")
        keys = [int(key) for key in given[: followups.MOST + 1] if _is_key(key)]
        found = Proposal.objects.filter(pk__in=keys, removed_at__isnull=True)
    return list(found.only("pk", "name", "remote_id", "connection_id").order_by("-pk")[: followups.MOST])


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


followup_urls = [
    path("", show_followups, name="followups"),
    path("add/", add, name="followup_add"),
    path("remind/", remind, name="followup_remind"),
    path("many/", change_many, name="followup_many"),
    path("undo/", changing.undo, name="followup_undo"),
    path("<int:pk>/", edit, name="followup_edit"),
    path("<int:pk>/done/", changing.finish, name="followup_done"),
    path("<int:pk>/snooze/", changing.snooze, name="followup_snooze"),
]
