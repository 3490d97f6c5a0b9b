"""The list of follow-ups: what is due first, with whom to call, and filters."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib import admin
from django.core.cache import caches
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from offorte_portal.adminkit.accounts import available
from offorte_portal.adminkit.html import mail_link, phone_link
from offorte_portal.adminkit.scope import read_scope
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.staff.access import OTHERS
from offorte_portal.staff.members import colleagues
from offorte_portal.staff.scope import MINE, Scope
from offorte_portal.tracking import followups
from offorte_portal.tracking.contacts import contacts_of
from offorte_portal.tracking.forms import FilterForm
from offorte_portal.tracking.models import FollowUp
from offorte_portal.tracking.pages.changing import CHANGE, last_step

VIEW = "tracking.view_followup"
A_PAGE = 50
PEOPLE_KEY, PEOPLE_SECONDS = "followups:people", 60
WIDE = ("proposal__payload", "proposal__search_text", "proposal__company__payload", "proposal__company__search_text")
JOINED = ("proposal__company", "connection", "assigned_to", "done_by")


class Group(NamedTuple):
    """The follow-ups on this page that are due in the same stretch of time, and how many there are in all."""

    title: str
    rows: list[FollowUp]
    total: int


class Listed(NamedTuple):
    """The rows that an address asks for, unordered, and what it asked."""

    scope: Scope
    is_done: bool
    form: FilterForm
    # Whom something can be assigned to; empty where the page names nobody else.
    people: list[tuple[int, str]]
    rows: QuerySet[FollowUp]


@staff_view(VIEW)
def show_followups(request: StaffRequest) -> HttpResponse:
    """Show the open follow-ups, or those that are done. At most eight queries with those of the frame."""
    listed = read_list(request)
    scope, is_done, user = listed.scope, listed.is_done, request.user
    counts = _count(listed)
    rows = listed.rows.select_related(*JOINED).defer(*WIDE)
    rows = rows.order_by("-done_at", "-pk") if is_done else rows.order_by("due_at", "pk")
    pages = Paginator(rows, A_PAGE)
    pages.count = counts["total"]
    page = pages.get_page(request.GET.get("page"))
    shown = list(page.object_list)
    _add_contacts(shown)
    chosen = listed.form.chosen
    context = {
        **admin.site.each_context(request),
        "title": _("Follow-ups"),
        "scope": scope,
        "is_done": is_done,
        "groups": [Group(_("Done"), shown, counts["total"])] if is_done and shown else _group(shown, counts),
        "page": page,
        "form": listed.form,
        "is_filtered": bool(chosen),
        "orphans": 0 if scope.is_mine or "person" in chosen else counts["orphans"],
        "shows_account": scope.account is None and len(scope.accounts) > 1,
        "may_change": user.has_perm(CHANGE),
        "may_all": user.has_perm(OTHERS),
        "snoozes": followups.SNOOZES,
        "people": listed.people if user.has_perm(OTHERS) else [],
        "keep": "&state=done" if is_done else "",
        "kept": urlencode([("who", scope.who), *([("state", "done")] if is_done else []), *chosen.items()]),
        "undo": last_step(request),
        "here": request.get_full_path(),
    }
    return render(request, "tracking/followups.html", context)


def read_list(request: StaffRequest) -> Listed:
    """Return the rows that the address asks for. One's own by default, for people need not be Offorte users."""
    scope = read_scope(request, MINE)
    is_done = request.GET.get("state") == "done"
    accounts = [] if scope.account else [(str(account.pk), str(account)) for account in available(request)]
    people = _read_people() if not scope.is_mine or request.user.has_perm(OTHERS) else []
    form = FilterForm(request.GET, people=[] if scope.is_mine else people, accounts=accounts)
    if is_done:
        rows = FollowUp.objects.filter(done_at__isnull=False)
        rows = rows.filter(connection=scope.account) if scope.account else rows
        rows = rows.filter(assigned_to=scope.user) if scope.is_mine else rows
    else:
        rows = followups.open_ones(scope.user, is_mine=scope.is_mine, account=scope.account)
    return Listed(scope, is_done, form, people, rows.filter(_condition(form)))


def _read_people() -> list[tuple[int, str]]:
    """Return the keys and names of those whom something can be assigned to; at most a minute old."""
    known: list[tuple[int, str]] | None = caches["local"].get(PEOPLE_KEY)
    if known is None:
        known = [(user.pk, str(user)) for user in colleagues()]
        caches["local"].set(PEOPLE_KEY, known, PEOPLE_SECONDS)
    return known


def _condition(form: FilterForm) -> Q:
    condition = Q()
    for name, value in form.chosen.items():
        match name, value:
            case "person", FilterForm.NO_ONE:
                condition &= Q(assigned_to__isnull=True)
            case "person", FilterForm.LEFT:
                condition &= followups.orphaned()
            case "person", _key:
                condition &= Q(assigned_to=value)
            case "account", _key:
                condition &= Q(connection=value)
            case _name, _rule:
                condition &= Q(rule="" if value == FilterForm.BY_HAND else value)
    return condition


def _count(listed: Listed) -> dict[str, int]:
    """Return how many there are in all, in each stretch of time, and for people who left. One query."""
    if listed.is_done:
        return {"total": listed.rows.count(), "orphans": 0}
    begin, today, week = _ends()
    return listed.rows.order_by().aggregate(
        total=Count("pk"),
        overdue=Count("pk", filter=Q(due_at__lt=begin)),
        today=Count("pk", filter=Q(due_at__gte=begin, due_at__lt=today)),
        week=Count("pk", filter=Q(due_at__gte=today, due_at__lt=week)),
        later=Count("pk", filter=Q(due_at__gte=max(today, week))),
        orphans=Count("pk", filter=followups.orphaned()),
    )


def _ends() -> tuple[Any, Any, Any]:
    """Return when today began, when it ends, and when this week ends."""
    return followups.end_of_day(-1), followups.end_of_day(), followups.end_of_week()


def _group(rows: Iterable[FollowUp], counts: dict[str, int]) -> list[Group]:
    begin, today, week = _ends()
    groups = {
        "overdue": Group(_("Overdue"), [], counts.get("overdue", 0)),
        "today": Group(_("Today"), [], counts.get("today", 0)),
        "week": Group(_("This week"), [], counts.get("week", 0)),
        "later": Group(_("Later"), [], counts.get("later", 0)),
    }
    for row in rows:
        due = row.due_at
        key = "overdue" if due < begin else "today" if due < today else "week" if due < week else "later"
        groups[key].rows.append(row)
    return [group for group in groups.values() if group.rows]


def _add_contacts(rows: list[FollowUp]) -> None:
    contacts = contacts_of([row.proposal for row in rows])
    for row in rows:
        contact = contacts.get(row.proposal_id)
        reach = [phone_link(contact.phone), mail_link(contact.email)] if contact else []
        row.contact, row.reach = contact, [link for link in reach if link]  # type: ignore[attr-defined]
