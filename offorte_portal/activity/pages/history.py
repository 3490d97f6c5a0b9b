"""What happened to all proposals of a company, or to those that a person received, on the page of either.

The page shows the newest entries; the earlier ones are read when they are unfolded, some at a time.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from contacts.models import Company, Person
from offorte_portal.activity.models import Activity
from offorte_portal.activity.pages.entries import read_cursor, with_proposals
from offorte_portal.activity.pages.words import show
from offorte_portal.activity.reading import PERMISSION
from offorte_portal.activity.telling import tell
from offorte_portal.adminkit.additions import RecordPanel
from offorte_portal.adminkit.staffview import StaffRequest, staff_user, staff_view
from offorte_portal.mirror.models.sorting import Unindexed
from proposals.models import Proposal
from proposals.received import received_by

# What a page shows at first, and how many earlier entries at a time.
AT_ONCE, EARLIER = 10, 25
# The moment and the key of an entry.
Cursor = tuple[datetime, int]


def history_panel(request: HttpRequest, row: Company | Person) -> RecordPanel | None:
    """Return the panel of a record's page, for people who may see proposals. Two queries."""
    if not request.user.has_perm(PERMISSION):
        return None
    return RecordPanel("activity/_history.html", read_history(staff_user(request), row), "side")


@staff_view([PERMISSION, "contacts.view_company"])
def history_of_company(request: StaffRequest, pk: int) -> HttpResponse:
    """Show entries of a company that are earlier than its page shows."""
    return _show_earlier(request, get_object_or_404(Company, pk=pk))


@staff_view([PERMISSION, "contacts.view_person"])
def history_of_person(request: StaffRequest, pk: int) -> HttpResponse:
    """Show entries of a person that are earlier than their page shows."""
    return _show_earlier(request, get_object_or_404(Person, pk=pk))


def _show_earlier(request: StaffRequest, row: Company | Person) -> HttpResponse:
    panel = read_history(request.user, row, read_cursor(request.GET.get("before", "")))
    return render(request, "activity/_history_lines.html", {"panel": panel})


def read_history(user: User, row: Company | Person, before: Cursor | None = None) -> dict[str, Any]:
    """Return the newest entries, or those before the cursor's, and the address of earlier ones, if any."""
    most = EARLIER if before else AT_ONCE
    entries = list(with_proposals(_find(_proposals_of(row), most + 1, before)))
    stories = tell(entries[:most], None)
    more_url = ""
    if len(entries) > most:
        last = entries[most - 1]
        address = reverse(f"activity_of_{row._meta.model_name}", args=[row.pk])
        more_url = f"{address}?before={last.happened_at:%Y-%m-%dT%H:%M:%S.%fZ},{last.pk}"
    return {"lines": [show(story, user) for story in stories], "more_url": more_url}


def _proposals_of(row: Company | Person) -> QuerySet[Proposal]:
    if isinstance(row, Person):
        return received_by(row)
    return Proposal.objects.filter(company=row, removed_at__isnull=True)


def _find(proposals: QuerySet[Proposal], most: int, before: Cursor | None) -> QuerySet[Activity]:
    """Return the newest entries of these proposals, looked up by proposal: most entries are other customers'."""
    found = Activity.objects.filter(proposal__in=proposals.order_by().values("pk"))
    if before:
        at, pk = before
        found = found.filter(Q(happened_at__lt=at) | Q(happened_at=at, pk__lt=pk))
    newest = found.order_by(Unindexed(F("happened_at")).desc(), "-pk").values("pk")[:most]
    return Activity.objects.filter(pk__in=newest).order_by("-happened_at", "-pk")
