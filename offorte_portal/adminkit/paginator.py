"""Pages of a list in milliseconds, including the last one.

A page is found by its ids alone, along an index that holds all columns that the filters ask about; only then are the
rows of the page read, with everything that they show. Four rules:

- a list with few hits is filtered first and sorted afterwards;
- a list with many hits is read in its order until the page is full;
- a page in the second half of a list is read from the other end;
- hits of a filter or a search are counted up to a limit: people filter a list of ten thousand rows further.
"""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from offorte_portal.adminkit.words import number as write_number

COUNT_LIMIT = 10_000


class ListPaginator(Paginator[Any]):
    """Pages with texts for their numbers of rows."""

    @property
    def count_text(self) -> str:
        """The count as people read it, such as "5,571"."""
        return write_number(self.count)

    def range_text(self, number: int) -> str:
        """Return which rows page `number` shows, and of how many; "" when there are none."""
        if not self.count:
            return ""
        first = (number - 1) * self.per_page + 1
        last = min(number * self.per_page, self.count)
        return _("%(first)s–%(last)s of %(count)s") % {
            "first": write_number(first),
            "last": write_number(last),
            "count": self.count_text,
        }


class MirrorPaginator(ListPaginator):
    """Pages of `found` with the columns, relations and annotations of `rows`.

    `found` is filtered and ordered; `walked` finds the same rows and is faster where there are many; `rows` is a
    queryset of the same model, as a page shows it. `is_narrowed` says that filters or a search are active: their hits
    are counted up to COUNT_LIMIT. `relation` is the one whose column orders the list, if any.
    """

    def __init__(
        self,
        found: QuerySet[Any],
        per_page: int,
        *,
        walked: QuerySet[Any],
        rows: QuerySet[Any],
        is_narrowed: bool = False,
        relation: str = "",
    ) -> None:
        super().__init__(found, per_page)
        self.found = found
        self.walked = walked
        self.rows = rows
        self.is_narrowed = is_narrowed
        self.relation = relation

    @cached_property
    def _counted(self) -> int:
        """The number of hits, or one more than the limit where there are more."""
        if self.is_narrowed:
            return self.found.order_by()[: COUNT_LIMIT + 1].count()
        return self.walked.order_by().count()

    @cached_property
    def count(self) -> int:
        """The number of rows that can be paged through."""
        return min(self._counted, COUNT_LIMIT) if self.is_narrowed else self._counted

    @property
    def is_capped(self) -> bool:
        """Whether there are more hits than `count` says."""
        return self._counted > self.count

    @property
    def count_text(self) -> str:
        """The count as people read it, such as "5,571", or "10,000+" when it is capped."""
        return f"{super().count_text}+" if self.is_capped else super().count_text

    def page(self, number: int | str) -> Page[Any]:
        """Return a page with its rows as a list. Raises InvalidPage when there is no such page."""
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        top = min(bottom + self.per_page, self.count)
        if top <= bottom:
            return Page([], number, self)
        order = self.found.query.order_by
        found = self.walked
        if self.relation and self.count > COUNT_LIMIT:
            # Rows without the relation would keep the database from reading along the index of the order.
            found = found.filter(**{f"{self.relation}__isnull": False})
        if self.is_narrowed and not self.is_capped:
            ids = self.found.order_by().values("pk")[:COUNT_LIMIT]
            found = self.found.model._default_manager.filter(pk__in=ids).order_by(*order)
        if bottom > self.count // 2 and not self.is_capped:
            window = found.reverse()[self.count - top : self.count - bottom]
        else:
            window = found[bottom:top]
        return Page(list(self.rows.filter(pk__in=window.values("pk")).order_by(*order)), number, self)
