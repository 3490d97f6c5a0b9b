"""Saved views of the list of proposals: how an address becomes one, and how many rows each has.

A view that includes quotes of other systems opens on the board: the list has Offorte's proposals only.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.cache import caches
from django.db.models import Count, Q, QuerySet, Value
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode

from offorte_portal.adminkit import accounts, list_columns
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.desk.models import DefaultView, SavedView
from offorte_portal.desk.pages.sides import PARAMETER, Sides
from proposals.models import Proposal

ORDER = "o"
COUNT_SECONDS = 30
# Rows of a view are counted up to this number.
MOST = 1000
MOST_VIEWS = 20


@dataclass(frozen=True)
class ViewTab:
    """A saved view as the bar shows it."""

    view: SavedView
    count: str
    is_active: bool
    is_own: bool
    is_default: bool

    @property
    def fits_list(self) -> bool:
        """Whether the list shows all of it."""
        return fits_list(self.view.query)

    @property
    def url(self) -> str:
        """The address of the view: of the current page, or of the board if only that shows all of it."""
        return f"?{self.view.query}" if self.fits_list else address_of(self.view.query)


def fits_list(query: str) -> bool:
    """Return whether a view has Offorte's proposals only, so that their list shows all of it."""
    return PARAMETER not in QueryDict(query)


def address_of(query: str) -> str:
    """Return the address of the page that shows all of a view."""
    name = "admin:proposals_proposal_changelist" if fits_list(query) else "board"
    return f"{reverse(name)}?{query}"


def normalise(request: HttpRequest, params: QueryDict) -> str:
    """Return the parameters that a view keeps, in a fixed order: filters, search, order and columns, not the page."""
    sides = Sides(request, params)
    known = sides.kept | {ORDER, list_columns.PARAMETER}
    # What depends on the reader's language is kept in a form that means the same to everybody.
    plain = {name: [text] for spec in sides.main.filters for name, text in spec.canonical.items()}
    values = {name: plain[name] if name in plain else params.getlist(name) for name in known}
    return urlencode(sorted((name, value) for name, found in values.items() for value in found if value))


def views_of(user: User) -> QuerySet[SavedView]:
    """Return the person's own views, and those that are shared with everybody."""
    return SavedView.objects.filter(Q(user=user) | Q(is_shared=True)).select_related("user")


def default_query(user: User) -> str:
    """Return the parameters that the person's list opens with; "" for none."""
    found = DefaultView.objects.filter(user=user).filter(Q(view__user=user) | Q(view__is_shared=True))
    return found.values_list("view__query", flat=True).first() or ""


def list_tabs(request: StaffRequest, current: str) -> list[ViewTab]:
    """Return the views that the person may use, with their counts. Three queries; two if the counts are cached."""
    user = request.user
    views = list(views_of(user)[:MOST_VIEWS])
    default = DefaultView.objects.filter(user=user).values_list("view", flat=True).first() if views else None
    counts = _read_counts(request, views)
    return [
        ViewTab(
            view, _write(counts.get(view.pk, 0)), view.query == current, view.user_id == user.pk, view.pk == default
        )
        for view in views
    ]


def _write(count: int) -> str:
    number = number_format(min(count, MOST), use_l10n=True, force_grouping=True)
    return f"{number}+" if count > MOST else number


def _read_counts(request: HttpRequest, views: Iterable[SavedView]) -> dict[int, int]:
    account = accounts.selected(request)
    # Whose proposals are "mine" depends on who asks.
    asker = f"{request.user.pk}:{account.pk if account else 'all'}"
    keys = {f"view:{view.pk}:{asker}:{hash(view.query)}": view for view in views}
    cache = caches["local"]
    known: dict[str, int] = cache.get_many(keys)
    unknown = {key: view for key, view in keys.items() if key not in known}
    if unknown:
        counts: Counter[int] = Counter()
        for view, count in _count(request, unknown.values()):
            counts[view] += count
        found = {key: counts.get(view.pk, 0) for key, view in unknown.items()}
        cache.set_many(found, COUNT_SECONDS)
        known |= found
    return {view.pk: known[key] for key, view in keys.items()}


def _count(request: HttpRequest, views: Iterable[SavedView]) -> QuerySet[Any, Any]:
    """Return (view, rows) for these views in one query, each counted up to one more than `MOST`."""
    parts = []
    for view in views:
        sides = Sides(request, QueryDict(view.query))
        if sides.shows_proposals or not sides.shows_quotes:
            parts.append(_count_rows(Proposal.objects.all(), sides.proposals.rows, view))
        if sides.shows_quotes:
            parts.append(_count_rows(sides.quotes.model._default_manager.all(), sides.quotes.rows, view))
    first, *others = parts
    return first.union(*others, all=True)


def _count_rows(everything: QuerySet[Any], narrowed: QuerySet[Any], view: SavedView) -> QuerySet[Any, Any]:
    rows = everything.filter(pk__in=narrowed.order_by().values("pk")[: MOST + 1]).order_by()
    counted: QuerySet[Any, Any] = rows.annotate(view=Value(view.pk)).values_list("view").annotate(n=Count("pk"))
    return counted
