"""The records before and after a record in the list that a person came from, with its filters, search and order.

The links of a list's rows carry the list's parameters (Django's `_changelist_filters`), and the pages of a record pass
them on. The list is not read again:

1. Of a list with few rows, all keys are read in order, which also gives the record's place. The search puts its hits
   in an order of its own, which only such lists have.
2. In a longer list, the neighbours are found from the record's own values, along the index of the list's order.

A record that the list no longer holds has the neighbours that it would have. Two queries at most, and one more in a
long list that is sorted by a column of a relation.
"""

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import PAGE_VAR
from django.db.models import Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.changelist import MOST_RANKED, MirrorChangeList
from offorte_portal.adminkit.words import number
from offorte_portal.mirror import ranking
from offorte_portal.mirror.models import Mirrored

if TYPE_CHECKING:
    from offorte_portal.adminkit.record_hooks import RecordHooks

PARAMETER = "_changelist_filters"
# What a list without parameters is called: the links of its rows would carry nothing.
WHOLE_LIST = f"{PAGE_VAR}=1"
# A list with more rows is not read as a whole.
MOST_READ = MOST_RANKED
# The keys of the links, which palette.js follows.
SHORTCUTS: tuple[tuple[str, str | Promise], ...] = (
    ("j", gettext_lazy("Next in the list")),
    ("k", gettext_lazy("Previous in the list")),
)
# The keys of the record before and of the one after, and where the list is known as a whole, which one this is of how
# many; a record that the list no longer holds is none of them.
Keys = tuple[int | None, int | None]
Place = tuple[int, int]


@dataclass(frozen=True)
class Neighbours:
    """The addresses of a record's neighbours, "" at the ends of the list, and the record's place if it is known."""

    previous_url: str
    next_url: str
    list_url: str
    place: str = ""


class UnreadList(MirrorChangeList):
    """A list of which no page is read."""

    def get_results(self, request: HttpRequest) -> None:
        self.result_list: Any = []


def keep(parameters: QueryDict, url: str) -> str:
    """Return the address of a record's page with the list that these parameters name, if any; "" for ""."""
    came_from = parameters.get(PARAMETER, "")
    return f"{url}?{urlencode({PARAMETER: came_from})}" if url and came_from else url


def back_to_list(request: HttpRequest, url: str) -> str:
    """Return the address of the records' list as the person came from it."""
    came_from = request.GET.get(PARAMETER, "")
    return f"{url}?{came_from}" if url and came_from else url


def name_list(admin: "RecordHooks[Any]", request: HttpRequest) -> str:
    """Return the parameter by which the rows of a list without parameters name it; "" on other pages."""
    match = request.resolver_match
    is_list = match is not None and match.url_name == f"{admin.opts.app_label}_{admin.opts.model_name}_changelist"
    return urlencode({PARAMETER: WHOLE_LIST}) if is_list else ""


def find_neighbours(admin: "RecordHooks[Any]", request: HttpRequest, row: Mirrored) -> Neighbours | None:
    """Return the neighbours of a record; None where the address names no list."""
    came_from = request.GET.get(PARAMETER, "")
    if not came_from or "\x00" in came_from or "%00" in came_from:
        return None
    changelist = _open(admin, request, came_from)
    read = _read_whole(changelist, row)
    keys, place = read or (_look_along(changelist, row), None)
    name = f"admin:{admin.opts.app_label}_{admin.opts.model_name}"
    previous, following = (
        keep(request.GET, reverse(f"{name}_change", args=[quote(key)])) if key else "" for key in keys
    )
    words = {"place": number(place[0]), "count": number(place[1])} if place else {}
    return Neighbours(
        previous,
        following,
        back_to_list(request, reverse(f"{name}_changelist")),
        _("%(place)s of %(count)s") % words if words else "",
    )


def _open(admin: "RecordHooks[Any]", request: HttpRequest, came_from: str) -> UnreadList:
    accounts.available(request)  # so that the copy shares what was read
    listing = copy(request)
    listing.GET = QueryDict(came_from)
    return UnreadList(
        listing,
        admin.model,
        admin.known_columns(),
        None,
        admin.get_list_filter(listing),
        None,
        admin.get_search_fields(listing),
        False,
        admin.list_per_page,
        admin.list_max_show_all,
        (),
        admin,
        None,
        None,
    )


def _read_whole(changelist: UnreadList, row: Mirrored) -> tuple[Keys, Place | None] | None:
    """Return the neighbours and the place in a list with few rows; None if there are more."""
    found = changelist.queryset if changelist.is_narrowed else changelist.walked
    few = found.order_by().values("pk")[: MOST_READ + 1]
    order = ranking.order(changelist.model, changelist.query) if changelist.may_rank else found.query.order_by
    every = changelist.model._default_manager.order_by(*order).values_list("pk", flat=True)
    keys = list(every.filter(pk__in=few))
    if len(keys) > MOST_READ:
        return None
    is_held = row.pk in keys
    if not is_held:
        keys = list(every.filter(Q(pk__in=few) | Q(pk=row.pk)))
    at = keys.index(row.pk)
    around = (keys[at - 1] if at else None, keys[at + 1] if at + 1 < len(keys) else None)
    return around, (at + 1, len(keys)) if is_held else None


def _look_along(changelist: UnreadList, row: Mirrored) -> Keys:
    """Return the neighbours in a list with many rows, found along the index of its order. One query, or two."""
    path, is_falling = changelist.order.removeprefix("-"), changelist.order.startswith("-")
    rows = changelist.model._default_manager.filter(pk=row.pk).order_by()
    key, value, own = "pk", getattr(row, path, None), row.pk
    if changelist.ordered_relation:
        key = f"{changelist.ordered_relation}__pk"
        value, own = rows.values_list(path, key).first() or (None, None)
        if value is None:
            return None, None
    field = None if changelist.ordered_relation else changelist.lookup_opts.get_field(path)
    is_nullable = bool(getattr(field, "null", False))
    above, below = _above(path, value, key, own), _below(path, value, key, own, is_nullable=is_nullable)
    before, after = (above, below) if is_falling else (below, above)
    previous, following = _first(changelist.walked.reverse(), before), _first(changelist.walked, after)
    return rows.values_list(previous, following).first() or (None, None)


def _above(path: str, value: Any, key: str, own: Any) -> list[Q]:
    """Return which rows are above a value and key, the nearest first, each condition a range of the index by itself.

    Null is below every value. Rows without a relation have no place in the order of its column, as in a list's pages.
    """
    if value is None:
        return [Q(**{f"{path}__isnull": True, f"{key}__gt": own}), Q(**{f"{path}__isnull": False})]
    return [Q(**{path: value, f"{key}__gt": own}), Q(**{f"{path}__gt": value})]


def _below(path: str, value: Any, key: str, own: Any, *, is_nullable: bool) -> list[Q]:
    """Return which rows are below a value and key, likewise."""
    if value is None:
        return [Q(**{f"{path}__isnull": True, f"{key}__lt": own})]
    nulls = [Q(**{f"{path}__isnull": True})] if is_nullable else []
    return [Q(**{path: value, f"{key}__lt": own}), Q(**{f"{path}__lt": value}), *nulls]


def _first(ordered: QuerySet[Any], conditions: list[Q]) -> Combinable:
    """Return the key of the first row that fulfils the first condition that any row fulfils."""
    nearest = [Subquery(ordered.filter(condition).values("pk")[:1]) for condition in conditions]
    return Coalesce(*nearest) if len(nearest) > 1 else nearest[0]
