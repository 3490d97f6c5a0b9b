"""Follow-ups: list, finish and put off, and create them for one or many proposals."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from offorte_portal import ports
from offorte_portal.adminkit import badges
from offorte_portal.adminkit.fields import MomentField
from offorte_portal.adminkit.narrowed import Narrowed
from offorte_portal.adminkit.scope import read_scope
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.staff.access import OTHERS
from offorte_portal.staff.members import colleagues
from offorte_portal.staff.scope import MINE
from offorte_portal.tracking import followups
from offorte_portal.tracking.models import FollowUp
from proposals.models import Proposal

VIEW, ADD, CHANGE = "tracking.view_followup", "tracking.add_followup", "tracking.change_followup"
SHOWN = 100
# More would be a campaign, which nobody follows up by hand.
MOST = 500
SNOOZES = ((1, gettext_lazy("Tomorrow")), (3, gettext_lazy("In 3 days")), (7, gettext_lazy("In a week")))


@staff_view(VIEW)
def show_followups(request: StaffRequest) -> HttpResponse:
    """Show the open follow-ups, or those that are done."""
    # One's own by default: they are assigned to people of the portal, who need not be Offorte users.
    scope = read_scope(request, MINE)
    is_done = request.GET.get("state") == "done"
    if is_done:
        rows = FollowUp.objects.filter(done_at__isnull=False).order_by("-done_at", "-pk")
        rows = rows.filter(connection=scope.account) if scope.account else rows
        rows = rows.filter(assigned_to=scope.user) if scope.is_mine else rows
    else:
        rows = followups.open_ones(scope.user, is_mine=scope.is_mine, account=scope.account).order_by("due_at", "pk")
    rows = rows.select_related("proposal", "connection", "assigned_to", "done_by")
    shown = list(rows.defer("proposal__payload", "proposal__search_text")[:SHOWN])
    context = {
        **admin.site.each_context(request),
        "title": _("Follow-ups"),
        "scope": scope,
        "is_done": is_done,
        "groups": [(_("Done"), shown)] if is_done else _group(shown),
        "is_cut": len(shown) == SHOWN,
        "shows_account": scope.account is None and len(scope.accounts) > 1,
        "may_change": scope.user.has_perm(CHANGE),
        "may_all": scope.user.has_perm(OTHERS),
        "snoozes": SNOOZES,
        "keep": "&state=done" if is_done else "",
        "here": request.get_full_path(),
    }
    return render(request, "tracking/followups.html", context)


def _group(rows: list[FollowUp]) -> list[tuple[str, list[FollowUp]]]:
    begin = timezone.localtime(ports.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    end = followups.end_of_day()
    groups = [
        (_("Overdue"), [row for row in rows if row.due_at < begin]),
        (_("Today"), [row for row in rows if begin <= row.due_at < end]),
        (_("Later"), [row for row in rows if row.due_at >= end]),
    ]
    return [(title, found) for title, found in groups if found]


class FollowUpForm(forms.Form):
    """When to follow up, what to do, and who does it."""

    due = MomentField(gettext_lazy("When"))
    note = forms.CharField(
        label=gettext_lazy("What to do"), max_length=500, required=False, widget=forms.TextInput({"autofocus": True})
    )
    person = forms.ModelChoiceField(colleagues(), label=gettext_lazy("For"), empty_label=None)

    def clean_due(self) -> datetime:
        """Return the moment; raises ValidationError for a day before today."""
        due: datetime = self.cleaned_data["due"]
        if timezone.localtime(due).date() < timezone.localdate(ports.now()):
            raise forms.ValidationError(_("Choose today or a later date."))
        return due


@staff_view((ADD, "proposals.view_proposal"), methods=["GET", "HEAD", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    """Ask when and what, for the proposals named or ticked in the list, then create the follow-ups."""
    user = request.user
    proposals = _named(request)
    if not proposals:
        messages.error(request, _("Select the proposals to follow up in the list first."))
        return redirect("admin:proposals_proposal_changelist")
    initial = {"due": followups.morning(1), "person": user.pk}
    form = FollowUpForm(request.POST if "due" in request.POST else None, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        count = followups.create(proposals, to=data["person"], due_at=data["due"], note=data["note"], by=user)
        badges.forget(request)
        text = ngettext("Follow-up added.", "%(count)d follow-ups added.", count)
        messages.success(request, text % {"count": count})
        return redirect(_next(request))
    context = {
        **admin.site.each_context(request),
        "title": _("Follow up"),
        "form": form,
        "proposals": proposals,
        "next": _next(request),
    }
    return render(request, "tracking/add.html", context)


def _named(request: HttpRequest) -> list[Proposal]:
    """Return the proposals in the address, those ticked in a list, or all in the list; at most `MOST`."""
    if request.POST.get("select_across") == "1":
        found: QuerySet[Any] = Narrowed(request).rows
    else:
        given = request.POST.getlist("_selected_action") or request.GET.getlist("proposal")
        keys = [int(key) for key in given[: MOST + 1] if key.isascii() and key.isdecimal() and len(key) < 19]
        found = Proposal.objects.filter(pk__in=keys, removed_at__isnull=True)
    return list(found.only("pk", "name", "remote_id", "connection_id").order_by("-pk")[:MOST])


@staff_view(CHANGE, methods=["POST"])
def finish(request: StaffRequest, pk: int) -> HttpResponse:
    """Mark a follow-up as done, or with `undo` as not done."""
    row = _find(request, pk)
    if "undo" in request.POST:
        followups.reopen(row)
    elif followups.finish(row, request.user):
        messages.success(request, _("Done: %s") % row.proposal)
    badges.forget(request)
    return redirect(_next(request))


@staff_view(CHANGE, methods=["POST"])
def snooze(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a follow-up off by some days."""
    row = _find(request, pk)
    days = request.POST.get("days", "")
    if days not in {str(count) for count, _name in SNOOZES}:
        messages.error(request, _("The follow-up wasn’t snoozed. Choose until when."))
    else:
        followups.snooze(row, int(days))
    badges.forget(request)
    return redirect(_next(request))


def _find(request: StaffRequest, pk: int) -> FollowUp:
    """Return the follow-up. Raises PermissionDenied unless it is for the person, by them, or they may work on all."""
    row = get_object_or_404(FollowUp.objects.select_related("proposal").defer("proposal__payload"), pk=pk)
    user = request.user
    if user.pk not in {row.assigned_to_id, row.created_by_id} and not user.has_perm(OTHERS):
        raise PermissionDenied
    return row


def _next(request: HttpRequest) -> str:
    given = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(given, {request.get_host()}, request.is_secure())
    return given if is_ours else reverse("followups")


followup_urls = [
    path("", show_followups, name="followups"),
    path("add/", add, name="followup_add"),
    path("<int:pk>/done/", finish, name="followup_done"),
    path("<int:pk>/snooze/", snooze, name="followup_snooze"),
]
