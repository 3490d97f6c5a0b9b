"""The results of the search palette: records, pages and actions that the person may see, and nothing else.

Results are never cached: another person, or the same one with other permissions, may find something else.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db import connection as database
from django.db.models import Model
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Product
from contacts.models import Company, Person
from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.navigation import places
from offorte_portal.adminkit.records import may_see
from offorte_portal.connections.models import Connection
from offorte_portal.mirror import ranking, search
from offorte_portal.staff.roles import APPS
from offorte_portal.text.keys import number_key
from offorte_portal.text.letters import fold
from proposals.models import Proposal

MOST = 20
# At most this many hits are put in order; people type on if there are more.
LOOKED_AT = 1_000
LONGEST = 200
# A single letter matches too much to be useful, and costs the most.
SHORTEST = 2
# Pages that are listed before anything is typed.
PLACES = 13
IDS = ("pk", "connection_id", "remote_id")


@dataclass(frozen=True)
class Kind:
    """A kind of record: its model, the columns of a hit's first and second line, and its share of the hits."""

    model: type[Model]
    title: str | Promise
    icon: str
    name: str
    details: tuple[str, str]
    share: int
    status: str = ""


KINDS = (
    Kind(Proposal, gettext_lazy("Proposals"), "file-text", "name", ("number", "company_name"), 8, "status"),
    Kind(Company, gettext_lazy("Companies"), "building-2", "name", ("city", "email"), 4),
    Kind(Person, gettext_lazy("People"), "users", "fullname", ("email", "company__name"), 4),
    Kind(Product, gettext_lazy("Products"), "package", "name", ("sku", "directory__name"), 2),
)


@dataclass(frozen=True)
class Hit:
    """A result: a record, a page or an action."""

    title: str
    details: str
    url: str
    icon: str
    status: str = ""
    status_label: str = ""
    # Where the words were found, if that can't be seen otherwise.
    reason: str = ""


@dataclass(frozen=True)
class HitGroup:
    """Hits of one kind."""

    title: str
    hits: list[Hit]


def find(request: HttpRequest, text: str) -> list[HitGroup]:
    """Return at most 20 hits, by kind; without a text only pages and actions."""
    text = text[:LONGEST].strip()
    words = fold(text).split()
    pages = [Hit(str(title), "", url, icon) for title, icon, url in places(request.user) if _fits(str(title), words)]
    # Every kind gets its share of the hits; what others leave goes to the first kinds.
    found = _records(request, text) if words else []
    room = MOST - min(len(pages), 4)
    counts = {kind: min(len(hits), kind.share) for kind, hits in found}
    for kind, hits in found:
        counts[kind] += max(min(len(hits) - counts[kind], room - sum(counts.values())), 0)
    parts = [(str(kind.title), hits[: counts[kind]]) for kind, hits in found]
    parts += [(_("Go to"), pages if words else pages[:PLACES]), (_("Actions"), _actions(request, words))]
    groups, left = [], MOST
    for title, hits in parts:
        if left > 0 and hits:
            groups.append(HitGroup(title, hits[:left]))
            left -= len(hits)
    return groups


def _records(request: HttpRequest, text: str) -> list[tuple[Kind, list[Hit]]]:
    """Return the records that contain all words, by kind, in the order in which people look for them."""
    kinds = [kind for kind in KINDS if may_see(request.user, kind.model)]
    if not kinds or len(text) < SHORTEST or not search.read_words(text):
        return []
    account = accounts.selected(request)
    labels = {connection.pk: str(connection) for connection in accounts.available(request)} if account is None else {}
    return [(kind, _find(kind, text, account, labels if len(labels) > 1 else {})) for kind in kinds]


def _find(kind: Kind, text: str, account: Connection | None, labels: dict[int, str]) -> list[Hit]:
    rows = kind.model._default_manager.filter(removed_at__isnull=True)
    if account:
        rows = rows.filter(connection=account)
    found = search.apply(rows, text)
    # With an order, PostgreSQL would read the table in that order, expecting early hits.
    found = found.order_by("-pk") if database.vendor == "sqlite" else found.order_by()
    keys = list(found.values_list("pk", flat=True)[:LOOKED_AT])
    if kind.model is Proposal:
        # The one with exactly this number, which newer partial matches must not push out.
        keys += rows.filter(number_key=number_key(text)).order_by().values_list("pk", flat=True)[:1]
    columns = (kind.name, *kind.details, *([kind.status] if kind.status else []), *IDS)
    hits = kind.model._default_manager.filter(pk__in=keys)
    shown = list(hits.order_by(*ranking.order(kind.model, text)).values(*columns)[:MOST])
    reasons = ranking.reasons(hits.filter(pk__in=[row["pk"] for row in shown]), text)
    return [_hit(kind, row, reasons.get(row["pk"], []), labels) for row in shown]


def _hit(kind: Kind, row: dict[str, Any], found_by: list[str], labels: dict[int, str]) -> Hit:
    opts = kind.model._meta
    known = [row[column] for column in kind.details]
    reason = ", ".join(text for text in found_by if text not in known)
    status = row.get("status", "")
    return Hit(
        title=row[kind.name] or f"#{row['remote_id']}",
        details=" · ".join(detail for detail in (*known, labels.get(row["connection_id"])) if detail),
        reason=_("via %(parts)s") % {"parts": reason} if reason else "",
        url=reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row["pk"]]),
        icon=kind.icon,
        status=status,
        status_label=str(Proposal.Status(status).label) if status in Proposal.Status.values else "",
    )


def _actions(request: HttpRequest, words: list[str]) -> list[Hit]:
    """Return the records that the person may add, whose titles contain all the words."""
    hits = []
    for model, model_admin in admin.site._registry.items():
        opts = model._meta
        title = _("Add %(thing)s") % {"thing": opts.verbose_name}
        if opts.app_label in APPS and _fits(title, words) and model_admin.has_add_permission(request):
            with suppress(NoReverseMatch):
                url = reverse(f"admin:{opts.app_label}_{opts.model_name}_add")
                hits.append(Hit(title, "", url, "plus"))
    return hits


def _fits(title: str, words: list[str]) -> bool:
    return all(word in fold(title) for word in words)
