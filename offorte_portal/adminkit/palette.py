"""The results of the search palette: records, pages and actions that the person may see, and nothing else.

Results are never cached: another person, or the same one with other permissions, may find something else.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db import connection as database
from django.db.models import CharField, F, IntegerField, Model, QuerySet, TextField, Value
from django.db.models.functions import Cast
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
from offorte_portal.mirror import search
from offorte_portal.staff.roles import APPS
from offorte_portal.text.keys import number_key
from proposals.models import Proposal

MOST = 20
# At most this many hits are read; people type on if there are more.
LOOKED_AT = 100
LONGEST = 200
# A single letter matches too much to be useful, and costs the most.
SHORTEST = 2
# Pages that are listed before anything is typed.
PLACES = 13
IDS = ("connection_id", "remote_id")


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


@dataclass(frozen=True)
class HitGroup:
    """Hits of one kind."""

    title: str
    hits: list[Hit]


def find(request: HttpRequest, text: str) -> list[HitGroup]:
    """Return at most 20 hits, by kind; without a text only pages and actions."""
    text = text[:LONGEST].strip()
    words = search.split_words(text)
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
    """Return the newest records with all these words, in one query; those with exactly this name or number first."""
    kinds = [kind for kind in KINDS if may_see(request.user, kind.model)]
    if not kinds or len(text) < SHORTEST:
        return []
    account = accounts.selected(request)
    parts = (_matches(number, kind, text, account) for number, kind in enumerate(KINDS) if kind in kinds)
    first, *others = (part for some in parts for part in some)
    rows = list(first.union(*others))
    lowered = text.lower()
    rows.sort(key=lambda row: (lowered not in {(text or "").lower() for text in row[2:4]}, -row[1]))
    labels = {connection.pk: str(connection) for connection in accounts.available(request)} if account is None else {}
    return [
        (kind, [_hit(kind, row, labels if len(labels) > 1 else {}) for row in rows if KINDS[row[0]] is kind])
        for kind in kinds
    ]


def _matches(number: int, kind: Kind, text: str, account: Connection | None) -> Iterator[QuerySet[Any, Any]]:
    """Yield queries for (kind, pk, name, detail, detail, status, account, remote id): 20 hits, then the exact one."""
    rows = kind.model._default_manager.filter(removed_at__isnull=True)
    if account:
        rows = rows.filter(connection=account)
    found = search.apply(rows, text)
    if database.vendor == "sqlite":
        found = found.order_by("-pk")[:MOST]
    else:
        # With an order, PostgreSQL would read the table in that order, expecting early hits.
        some = found.order_by().values("pk")[:LOOKED_AT]
        found = kind.model._default_manager.filter(pk__in=some).order_by("-pk")[:MOST]
    texts = {f"palette_{position}": _text(column) for position, column in enumerate((kind.name, *kind.details))}
    columns: dict[str, Any] = dict(texts)
    columns |= {"palette_kind": Value(number, IntegerField()), "palette_status": _text(kind.status)}
    # In separate queries: with an OR between them, PostgreSQL reads the whole table.
    wanted = [found.values("pk")]
    if kind.model is Proposal:
        # The one with exactly this number, which newer partial matches must not push out.
        wanted.append(rows.filter(number_key=number_key(text)).order_by().values("pk")[:1])
    for keys in wanted:
        hits = kind.model._default_manager.filter(pk__in=keys).order_by().annotate(**columns)
        yield hits.values_list("palette_kind", "pk", *texts, "palette_status", *IDS)


def _text(column: str) -> Any:
    """Cast a column to the same type on every database, so that the kinds can be combined in one query."""
    if not column:
        return Value("", TextField())
    return Cast(F(column), TextField()) if column != "status" else Cast(F(column), CharField())


def _hit(kind: Kind, row: tuple[Any, ...], labels: dict[int, str]) -> Hit:
    _number, pk, name, first, second, status, connection, remote_id = row
    opts = kind.model._meta
    details = " · ".join(detail for detail in (first, second, labels.get(connection)) if detail)
    return Hit(
        title=name or f"#{remote_id}",
        details=details,
        url=reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[pk]),
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
    return all(word in title.lower() for word in words)
