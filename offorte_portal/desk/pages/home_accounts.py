"""The state of the connected accounts, and how many proposals have which status."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db.models import Count
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit.freshness import Freshness, describe
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.connections.models import Connection
from proposals.models import Proposal

COUNT_SECONDS = 60
# During an account's first sync, people watch the numbers grow.
FIRST_COUNT_SECONDS = 3
PROPOSALS = "proposals.Proposal"
COUNTED: tuple[tuple[str, str | Promise], ...] = (
    (PROPOSALS, gettext_lazy("proposals")),
    ("contacts.Company", gettext_lazy("companies")),
    ("contacts.Person", gettext_lazy("people")),
    ("catalog.Product", gettext_lazy("products")),
)

# {model label: {connection id: rows}} and {(connection id, status): proposals}
Counts = tuple[dict[str, dict[int, int]], dict[tuple[int, str], int]]


@dataclass(frozen=True)
class Figure:
    """A count with its label, and the address of the list of what was counted."""

    label: str | Promise
    count: int
    value: str = ""
    url: str = ""


@dataclass(frozen=True)
class AccountCard:
    """An account as the page shows it."""

    connection: Connection
    counts: list[Figure]
    freshness: Freshness
    url: str


def _counts(connections: list[Connection]) -> Counts:
    """Return the number of present rows by account; at most a minute old, and no older than the accounts' last sync."""
    cache = caches["local"]
    synced = [connection.synced_at.timestamp() for connection in connections if connection.synced_at]
    key = f"home:{max(synced, default=0)}"
    known: Counts | None = cache.get(key)
    if known is None:
        by_status = _count(PROPOSALS, "connection_id", "status")
        # Adding up statuses is a lot faster than counting by account: an index covers them.
        of_accounts: Counter[int] = Counter()
        for connection, _status, count in by_status:
            of_accounts[connection] += count
        by_model: dict[str, dict[int, int]] = {PROPOSALS: of_accounts}
        by_model |= {label: dict(_count(label, "connection_id")) for label, _name in COUNTED if label != PROPOSALS}
        known = by_model, {(connection, status): count for connection, status, count in by_status}
        cache.set(key, known, COUNT_SECONDS if len(synced) == len(connections) else FIRST_COUNT_SECONDS)
    return known


def _count(label: str, *columns: str) -> list[Any]:
    """Return a tuple for each combination of these columns, with the number of present rows at its end."""
    present = apps.get_model(label)._default_manager.filter(removed_at__isnull=True)
    return list(present.order_by().values_list(*columns).annotate(Count("pk")))


def account_cards(request: StaffRequest, connections: list[Connection]) -> list[AccountCard]:
    """Return a card for each account, with the counts that the person may see."""
    by_model, _by_status = _counts(connections) if connections else ({}, {})
    user = request.user
    shown = [(label, name) for label, name in COUNTED if _may_see(user, label)]
    cards = []
    for connection in connections:
        figures = [Figure(name, by_model[label].get(connection.pk, 0)) for label, name in shown]
        url = admin_url("connections_connection_change", user, "connections.view_connection", connection.pk)
        cards.append(AccountCard(connection, figures, describe(request, [connection]), url))
    return cards


def status_figures(user: User, connections: list[Connection]) -> list[Figure]:
    """Return how many proposals of these accounts have each status; nothing if the person may not see them."""
    if not connections or not _may_see(user, PROPOSALS):
        return []
    _by_model, by_status = _counts(connections)
    base = admin_url("proposals_proposal_changelist", user, "proposals.view_proposal")
    return [
        Figure(
            label=status.label,
            count=sum(by_status.get((connection.pk, status.value), 0) for connection in connections),
            value=status.value,
            url=f"{base}?{urlencode({'status': status.value})}",
        )
        for status in Proposal.Status
    ]


def _may_see(user: User, label: str) -> bool:
    app, model = label.lower().split(".")
    return user.has_perm(f"{app}.view_{model}")


def admin_url(name: str, user: User, permission: str, *args: object) -> str:
    """Return the address of the admin page; "" if the person may not open it, or it does not exist."""
    if not user.has_perm(permission):
        return ""
    try:
        return reverse(f"admin:{name}", args=args)
    except NoReverseMatch:
        return ""
