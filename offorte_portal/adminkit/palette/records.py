"""Records in the palette: those that a text finds, and those that the person opened last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection as database
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Product
from contacts.models import Company, Person
from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.palette.hits import Hit
from offorte_portal.adminkit.palette.page import Page, find_target
from offorte_portal.adminkit.records import may_see
from offorte_portal.connections.models import Connection
from offorte_portal.mirror import ranking, search
from offorte_portal.text.keys import number_key
from proposals.models import Proposal

MOST = 20
# At most this many hits are put in order; people type on if there are more.
LOOKED_AT = 1_000
# A single letter matches too much to be useful, and costs the most.
SHORTEST = 2
RECENT = 8
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

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a hit is made of."""
        return (self.name, *self.details, *([self.status] if self.status else []), *IDS)


KINDS = (
    Kind(Proposal, gettext_lazy("Proposals"), "file-text", "name", ("number", "company_name"), 8, "status"),
    Kind(Company, gettext_lazy("Companies"), "building-2", "name", ("city", "email"), 4),
    Kind(Person, gettext_lazy("People"), "users", "fullname", ("email", "company__name"), 4),
    Kind(Product, gettext_lazy("Products"), "package", "name", ("sku", "directory__name"), 2),
)


def find_records(request: HttpRequest, text: str) -> list[tuple[Kind, list[Hit]]]:
    """Return the records that contain all words, by kind, in the order in which people look for them."""
    kinds = [kind for kind in KINDS if may_see(request.user, kind.model)]
    if not kinds or len(text) < SHORTEST or not search.read_words(text):
        return []
    account, labels = accounts.selected(request), _labels(request)
    return [(kind, _find(kind, text, account, labels)) for kind in kinds]


def find_recent(request: HttpRequest, paths: Iterable[str], page: Page) -> list[Hit]:
    """Return the records with these paths, in this order, but for the one that the page is about.

    The browser remembers paths and nothing else: what a record is called is read now, if the person may see it now.
    """
    opened = [known for path in paths if (known := find_kind(path)) and not _is_about(page, *known)]
    account, labels = accounts.selected(request), _labels(request)
    found: dict[tuple[Kind, int], Hit] = {}
    for kind in {kind for kind, _key in opened if may_see(request.user, kind.model)}:
        keys = [key for other, key in opened if other is kind]
        rows = _present(kind, account).filter(pk__in=keys).order_by().values(*kind.columns)
        found |= {(kind, row["pk"]): _hit(kind, row, [], labels) for row in rows}
    return [found[known] for known in dict.fromkeys(opened) if known in found][:RECENT]


def find_kind(path: str) -> tuple[Kind, int] | None:
    """Return the kind and the key of the record that has a page with this path; None for other pages."""
    model_admin, key = find_target(path) or (None, None)
    if model_admin is None or key is None or not (key.isascii() and key.isdecimal() and len(key) <= search.ID_DIGITS):
        return None
    return next(((kind, int(key)) for kind in KINDS if kind.model is model_admin.model), None)


def record_path(path: str) -> str:
    """Return the path of the record that a page is about, if the palette can show it as a recent one; else ""."""
    known = find_kind(path)
    return _url(*known) if known else ""


def _is_about(page: Page, kind: Kind, key: int) -> bool:
    return page.record is not None and (type(page.record), page.record.pk) == (kind.model, key)


def _labels(request: HttpRequest) -> dict[int, str]:
    """Return the names of the accounts by key where hits have to tell them apart."""
    available = accounts.available(request)
    if accounts.selected(request) or len(available) < 2:
        return {}
    return {connection.pk: str(connection) for connection in available}


def _present(kind: Kind, account: Connection | None) -> QuerySet[Any]:
    rows = kind.model._default_manager.filter(removed_at__isnull=True)
    return rows.filter(connection=account) if account else rows


def _find(kind: Kind, text: str, account: Connection | None, labels: dict[int, str]) -> list[Hit]:
    rows = _present(kind, account)
    found = search.apply(rows, text)
    # With an order, PostgreSQL would read the table in that order, expecting early hits.
    found = found.order_by("-pk") if database.vendor == "sqlite" else found.order_by()
    keys = list(found.values_list("pk", flat=True)[:LOOKED_AT])
    if kind.model is Proposal:
        # The one with exactly this number, which newer partial matches must not push out.
        keys += rows.filter(number_key=number_key(text)).order_by().values_list("pk", flat=True)[:1]
    hits = kind.model._default_manager.filter(pk__in=keys)
    shown = list(hits.order_by(*ranking.order(kind.model, text)).values(*kind.columns)[:MOST])
    reasons = ranking.reasons(hits.filter(pk__in=[row["pk"] for row in shown]), text)
    return [_hit(kind, row, reasons.get(row["pk"], []), labels) for row in shown]


def _hit(kind: Kind, row: dict[str, Any], found_by: list[str], labels: dict[int, str]) -> Hit:
    known = [row[column] for column in kind.details]
    reason = ", ".join(text for text in found_by if text not in known)
    status = row.get("status", "")
    return Hit(
        title=row[kind.name] or f"#{row['remote_id']}",
        details=" · ".join(detail for detail in (*known, labels.get(row["connection_id"])) if detail),
        reason=_("via %(parts)s") % {"parts": reason} if reason else "",
        url=_url(kind, row["pk"]),
        icon=kind.icon,
        status=status,
        status_label=str(Proposal.Status(status).label) if status in Proposal.Status.values else "",
    )


def _url(kind: Kind, key: int) -> str:
    opts = kind.model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[key])


def share_out(found: Sequence[tuple[Kind, list[Hit]]], room: int) -> list[tuple[Kind, list[Hit]]]:
    """Return so many hits: every kind gets its share, and what others leave goes to the first kinds."""
    shares = sum(kind.share for kind in KINDS)
    counts = {kind: min(len(hits), kind.share * min(room, shares) // shares) for kind, hits in found}
    for kind, hits in found:
        counts[kind] += max(min(len(hits) - counts[kind], room - sum(counts.values())), 0)
    return [(kind, hits[: counts[kind]]) for kind, hits in found]
