"""Saying that figures are not known yet, while the proposals of an account are read for the first time."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.urls import path

from offorte_portal.adminkit.accounts import available, number_of, selected
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.changes.models import Cursor
from offorte_portal.connections.models import Connection
from offorte_portal.desk.models import Rollup
from offorte_portal.sync.models import SyncRun
from proposals.models import Proposal


@dataclass(frozen=True)
class FirstReading:
    """The accounts of a page, of which no figures are known yet: their names, and whether that is all of them."""

    names: list[str]
    is_all: bool


def read_first_reading(request: HttpRequest) -> FirstReading | None:
    """Return which of the chosen accounts are read for the first time; None where all of them were read before.

    One query, none while no account is being read.
    """
    account = selected(request)
    shown = [account] if account else available(request)
    read = [each.pk for each in shown if number_of(each, "active_run") is not None]
    unknown = set(Connection.objects.filter(is_unknown(), pk__in=read).values_list("pk", flat=True)) if read else set()
    names = [str(each) for each in shown if each.pk in unknown]
    return FirstReading(names, len(names) == len(shown)) if names else None


@dataclass(frozen=True)
class ReadSoFar:
    """How many of the open proposals have been read with their details, while a sync reads them."""

    read: int
    all: int


def read_so_far(request: HttpRequest) -> ReadSoFar | None:
    """Return how many open proposals of the chosen accounts have been read whole; None where none is missing.

    Without their details nobody knows who looked at them or asked. One query, none while no account is being read.
    """
    account = selected(request)
    shown = [account] if account else available(request)
    read = [each.pk for each in shown if number_of(each, "active_run") is not None]
    if not read:
        return None
    rows = Proposal.objects.present().filter(connection__in=read, status=Proposal.Status.OPEN)
    found = rows.aggregate(all=Count("pk"), read=Count("details_as_of"))
    return ReadSoFar(**found) if found["read"] < found["all"] else None


def is_unknown() -> Q:
    """Return the condition that an account's lists are read for the first time, or its figures still to be added up."""
    mine = {"connection": OuterRef("pk")}
    runs = SyncRun.objects.filter(**mine)
    in_details = Exists(runs.filter(state__in=SyncRun.ACTIVE, checkpoint__stage="details"))
    is_behind = Exists(Cursor.objects.filter(**mine, follower="desk", rebuilt_to__isnull=False))
    has_sums = Exists(Rollup.objects.filter(**mine))
    is_first = ~Exists(runs.filter(state=SyncRun.State.DONE)) & Exists(Proposal.objects.filter(**mine))
    return (Q(synced_at=None) & ~in_details) | (is_first & (is_behind | ~has_sums))


@staff_view("proposals.view_proposal")
def first_reading(request: StaffRequest) -> HttpResponse:
    """Have htmx load the page again as soon as the figures are known."""
    if read_first_reading(request):
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Refresh": "true"})


first_reading_urls = [path("first-reading/", first_reading, name="first_reading")]
