"""Finishing, putting off and reassigning follow-ups, one or many, and taking that back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal import ports
from offorte_portal.adminkit import badges
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.staff.members import colleagues
from offorte_portal.tracking import followups
from offorte_portal.tracking.models import FollowUp

CHANGE = "tracking.change_followup"
# What the person did last, and how long that can be taken back from the list.
UNDO_KEY, UNDO_SECONDS = "followups_undo", 600
DONE, SNOOZE, ASSIGN = "done", "snooze", "assign"


@staff_view(CHANGE, methods=["POST"])
def finish(request: StaffRequest, pk: int) -> HttpResponse:
    """Mark a follow-up as done, or with `undo` as not done."""
    row = find(request, pk)
    now = ports.now()
    if "undo" in request.POST:
        followups.reopen_all(FollowUp.objects.filter(pk=row.pk))
    elif followups.finish_all(FollowUp.objects.filter(pk=pk), request.user, now):
        offer_undo(request, DONE, now, _("Done: %s") % row.proposal, row.proposal_id)
    badges.forget(request)
    return redirect(next_page(request))


@staff_view(CHANGE, methods=["POST"])
def snooze(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a follow-up off by some work days."""
    row = find(request, pk)
    days, now = read_days(request), ports.now()
    if not days:
        messages.error(request, _("The follow-up wasn’t snoozed. Choose until when."))
    elif followups.snooze_all(FollowUp.objects.filter(pk=pk), days, now):
        text = _("Snoozed until %(day)s: %(name)s") % {"day": write_day(days), "name": row.proposal}
        offer_undo(request, SNOOZE, now, text, row.proposal_id)
    badges.forget(request)
    return redirect(next_page(request))


def change_many(request: StaffRequest, found: QuerySet[FollowUp]) -> HttpResponse:
    """Finish, put off or reassign those of the rows that the person may change, as the form says (`do`)."""
    rows = found.filter(followups.changeable(request.user), done_at__isnull=True)
    act = {DONE: _finish_many, SNOOZE: _snooze_many, ASSIGN: _assign_many}.get(request.POST.get("do", ""))
    if act is None:
        messages.error(request, _("Nothing was changed. Choose what to do with the selected follow-ups."))
    elif not act(request, rows):
        messages.error(request, _("Nothing was changed. Select follow-ups that are yours and still open."))
    badges.forget(request)
    return redirect(next_page(request))


def _finish_many(request: StaffRequest, rows: QuerySet[FollowUp]) -> int:
    now = ports.now()
    if count := followups.finish_all(rows, request.user, now):
        text = ngettext("%(count)d follow-up done.", "%(count)d follow-ups done.", count) % {"count": count}
        offer_undo(request, DONE, now, text)
    return count


def _snooze_many(request: StaffRequest, rows: QuerySet[FollowUp]) -> int:
    days, now = read_days(request), ports.now()
    count = followups.snooze_all(rows, days, now) if days else 0
    if count:
        text = ngettext(
            "%(count)d follow-up snoozed until %(day)s.", "%(count)d follow-ups snoozed until %(day)s.", count
        )
        offer_undo(request, SNOOZE, now, text % {"count": count, "day": write_day(days)})
    return count


def _assign_many(request: StaffRequest, rows: QuerySet[FollowUp]) -> int:
    key = request.POST.get("person", "")
    person = colleagues().filter(pk=key).first() if key.isascii() and key.isdecimal() and len(key) < 19 else None
    count = rows.update(assigned_to=person, mailed_on=None) if person else 0
    if count:
        text = ngettext("%(count)d follow-up is now for %(name)s.", "%(count)d follow-ups are now for %(name)s.", count)
        messages.success(request, text % {"count": count, "name": person})
    return count


@staff_view(CHANGE, methods=["POST"])
def undo(request: StaffRequest) -> HttpResponse:
    """Take back what the person did last: only their own steps, found by their moment."""
    last = request.session.pop(UNDO_KEY, None) or {}
    at = parse_datetime(str(last.get("at", "")))
    mine = FollowUp.objects.filter(followups.changeable(request.user))
    steps: dict[str, Callable[[datetime], int]] = {
        DONE: lambda moment: followups.reopen_all(mine.filter(done_at=moment, done_by=request.user)),
        SNOOZE: lambda moment: followups.wake_all(mine, moment),
    }
    step = steps.get(str(last.get("what")))
    count = step(at) if step and at else 0
    if count:
        messages.success(request, ngettext("Undone.", "Undone for %(count)d follow-ups.", count) % {"count": count})
    else:
        messages.info(request, _("There’s nothing to undo."))
    badges.forget(request)
    return redirect(next_page(request))


def offer_undo(request: StaffRequest, what: str, at: datetime, text: str, proposal: int | None = None) -> None:
    """Remember a step so that the list, and the page of its proposal, offer to undo it.

    Other pages show a message that leads to the list.
    """
    request.session[UNDO_KEY] = {"what": what, "at": at.isoformat(), "text": text, "proposal": proposal}
    url = reverse("followups")
    offering = (url, reverse("admin:proposals_proposal_change", args=[proposal])) if proposal else (url,)
    if not next_page(request).startswith(offering):
        messages.success(request, format_html('{} <a href="{}">{}</a>', text, url, _("Undo…")))


def last_step(request: HttpRequest) -> dict[str, Any] | None:
    """Return what the person did a moment ago, to take it back; None if that is too long ago."""
    last: dict[str, Any] | None = request.session.get(UNDO_KEY)
    at = parse_datetime(str(last.get("at", ""))) if last else None
    is_recent = at is not None and timezone.is_aware(at) and (ports.now() - at).total_seconds() < UNDO_SECONDS
    return last if is_recent else None


def find(request: StaffRequest, pk: int) -> FollowUp:
    """Return the follow-up. Raises PermissionDenied unless it is for the person, by them, or they may work on all."""
    row = get_object_or_404(FollowUp.objects.select_related("proposal").defer("proposal__payload"), pk=pk)
    if not FollowUp.objects.filter(followups.changeable(request.user), pk=pk).exists():
        raise PermissionDenied
    return row


def read_days(request: HttpRequest) -> int:
    """Return the work days that the form names; 0 for anything that it does not offer."""
    days = request.POST.get("days", "")
    return int(days) if days in {str(step) for step in followups.STEPS} else 0


def write_day(days: int) -> str:
    return date_format(timezone.localtime(followups.morning(days)), "l j F")


def next_page(request: HttpRequest) -> str:
    """Return the page that the person came from if it is one of ours, else the list."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(given, {request.get_host()}, request.is_secure())
    return given if is_ours else reverse("followups")
