"""What the search palette finds: records, pages and actions that the person may see, and nothing else.

Nothing of it is kept: another person, or the same one with other permissions, may find something else.
"""

from collections.abc import Iterator, Sequence
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
from offorte_portal.adminkit import accounts, search
from offorte_portal.adminkit.navigation import places
from offorte_portal.connections.models import Connection
from offorte_portal.staff.roles import APPS
from proposals.models import Proposal

MOST = 20
# So many hits are looked at; who types what has more types on.
LOOKED_AT = 100
LONGEST = 200
# One letter begins too much to be of use, and costs the most.
SHORTEST = 2
# Pages that are named before anything is typed.
PLACES = 13
IDS = ("connection_id", "remote_id")


@dataclass(frozen=True)
class Kind:
    """A kind of record: where it is kept, what a hit shows in its first and second line, and its share of the hits."""

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
    """Something to go to."""

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
    """At most 20 hits, by kind; without a text the pages and actions."""
    text = text[:LONGEST].strip()
    pages = _pages(request, text)
    if not search.split_words(text):
        return _grouped([(_("Go to"), pages[:PLACES]), (_("Actions"), _actions(request, text))], MOST)
    records = _share(_records(request, text), MOST - min(len(pages), 4))
    return _grouped([*records, (_("Go to"), pages), (_("Actions"), _actions(request, text))], MOST)


def _grouped(parts: Sequence[tuple[str, list[Hit]]], room: int) -> list[HitGroup]:
    groups = []
    for title, hits in parts:
        if room > 0 and hits:
            groups.append(HitGroup(title, hits[:room]))
            room -= len(hits)
    return groups


def _share(found: list[tuple[Kind, list[Hit]]], room: int) -> list[tuple[str, list[Hit]]]:
    """Every kind its share; what others leave goes to the first kinds."""
    counts = {kind: min(len(hits), kind.share) for kind, hits in found}
    for kind, hits in found:
        counts[kind] += max(min(len(hits) - counts[kind], room - sum(counts.values())), 0)
    return [(str(kind.title), hits[: counts[kind]]) for kind, hits in found]


def _records(request: HttpRequest, text: str) -> list[tuple[Kind, list[Hit]]]:
    """The newest records with all these words, a number that is exactly this one first. One query."""
    kinds = [kind for kind in KINDS if _may_see(request, kind.model)]
    if not kinds or len(text) < SHORTEST:
        return []
    account = accounts.selected(request)
    parts = (_matches(number, kind, text, account) for number, kind in enumerate(KINDS) if kind in kinds)
    first, *others = (part for some in parts for part in some)
    rows = list(first.union(*others))
    wanted = text.lower()
    rows.sort(key=lambda row: (wanted not in {(text or "").lower() for text in row[2:4]}, -row[1]))
    labels = {one.pk: str(one) for one in accounts.available(request)} if account is None else {}
    return [
        (kind, [_hit(kind, row, labels if len(labels) > 1 else {}) for row in rows if KINDS[row[0]] is kind])
        for kind in kinds
    ]


def _matches(number: int, kind: Kind, text: str, account: Connection | None) -> Iterator[QuerySet[Any, Any]]:
    """(kind, key, name, detail, detail, status, account, Offorte's key) of at most 20 records, and of the exact one."""
    rows = kind.model._default_manager.filter(removed_at__isnull=True)
    if account:
        rows = rows.filter(connection=account)
    found = search.apply(rows, text)
    if database.vendor == "sqlite":
        found = found.order_by("-pk")[:MOST]
    else:
        # With an order PostgreSQL would read the table along it in the hope of early hits.
        some = found.order_by().values("pk")[:LOOKED_AT]
        found = kind.model._default_manager.filter(pk__in=some).order_by("-pk")[:MOST]
    texts = {f"palette_{position}": _text(column) for position, column in enumerate((kind.name, *kind.details))}
    columns: dict[str, Any] = dict(texts)
    columns |= {"palette_kind": Value(number, IntegerField()), "palette_status": _text(kind.status)}
    # Each in a query of its own: with an "or" between them, PostgreSQL reads the whole table.
    for keys in (found.values("pk"), *_exact(kind, rows, text)):
        hits = kind.model._default_manager.filter(pk__in=keys).order_by().annotate(**columns)
        yield hits.values_list("palette_kind", "pk", *texts, "palette_status", *IDS)


def _exact(kind: Kind, rows: QuerySet[Any], text: str) -> Iterator[QuerySet[Any, Any]]:
    """The proposal with just this number, which newer ones that hold it must not push out."""
    if kind.model is Proposal:
        yield rows.filter(number_key=text.lower()).order_by().values("pk")[:1]


def _text(column: str) -> Any:
    """Text of one type on every database, so that the kinds fit in one query."""
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


def _may_see(request: HttpRequest, model: type[Model]) -> bool:
    opts = model._meta
    names = (f"{opts.app_label}.{action}_{opts.model_name}" for action in ("view", "change"))
    return any(request.user.has_perm(name) for name in names)


def _pages(request: HttpRequest, text: str) -> list[Hit]:
    """Pages of the navigation whose name has all the words."""
    return [Hit(str(title), "", url, icon) for title, icon, url in places(request.user) if _fits(str(title), text)]


def _actions(request: HttpRequest, text: str) -> list[Hit]:
    """What the person may add."""
    return [hit for hit in _additions(request) if _fits(hit.title, text)]


def _additions(request: HttpRequest) -> Iterator[Hit]:
    for model, model_admin in admin.site._registry.items():
        opts = model._meta
        if opts.app_label not in APPS or not model_admin.has_add_permission(request):
            continue
        try:
            url = reverse(f"admin:{opts.app_label}_{opts.model_name}_add")
        except NoReverseMatch:
            continue
        yield Hit(_("Add %(thing)s") % {"thing": opts.verbose_name}, "", url, "plus")


def _fits(title: str, text: str) -> bool:
    return all(word in title.lower() for word in search.split_words(text))
