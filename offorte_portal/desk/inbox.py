"""The questions of prospects in all accounts: who answers them, and which are unread."""

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet

from offorte_portal import ports
from offorte_portal.activity.models import Activity
from offorte_portal.connections.models import Connection
from offorte_portal.desk.models import CommentState
from offorte_portal.staff.identity import identify

PER_PAGE = 30


def questions(user: User, *, is_mine: bool, account: Connection | None = None) -> QuerySet[Activity]:
    """Return the questions about proposals that Offorte still has: everybody's, or the person's own.

    A person's own are those assigned to them, and those about their proposals that are assigned to nobody.
    """
    rows = Activity.objects.filter(kind=Activity.Kind.COMMENTED, proposal__removed_at__isnull=True)
    if account:
        rows = rows.filter(connection=account)
    if not is_mine:
        return rows
    given = Q(comment_state__assigned_to=user)
    identity = identify(user)
    return rows.filter(given | (identity.condition & Q(comment_state__isnull=True)) if identity.keys else given)


def unread(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """Return those of the questions that nobody has read."""
    return rows.filter(read_at__isnull=True)


def read_page(rows: QuerySet[Activity], number: int) -> list[Activity]:
    """Return a page of questions, newest first, and one more if there is a next page; with all that a page shows."""
    answers = Activity.objects.filter(
        proposal=OuterRef("proposal"), kind=Activity.Kind.ANSWERED, happened_at__gte=OuterRef("happened_at")
    )
    shown = rows.select_related("proposal", "connection", "comment_state__assigned_to", "read_by")
    shown = shown.defer("proposal__payload", "proposal__search_text", "connection__access_token")
    start = (number - 1) * PER_PAGE
    return list(
        shown.annotate(is_answered=Exists(answers)).order_by("-happened_at", "-pk")[start : start + PER_PAGE + 1]
    )


def assign(entry: Activity, to: User | None, by: User) -> None:
    """Assign a question to a person, or for None back to the proposal's owner."""
    if to is None:
        CommentState.objects.filter(activity=entry).delete()
        return
    given = {"assigned_to": to, "assigned_by": by, "assigned_at": ports.now()}
    CommentState.objects.update_or_create(activity=entry, defaults=given)
