"""Filters that people type words into."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

from offorte_portal.adminkit.filters.base import FilterControl, MirrorFilter


class TextFilter(MirrorFilter):
    """Words that people type."""

    kind = "text"

    def read(self) -> None:
        """Keep what was typed, at most 100 characters of it."""
        self.text = self.given.get(self.name, "")[:100]

    @property
    def is_active(self) -> bool:
        """Whether anything was typed."""
        return bool(self.text)

    @property
    def value_text(self) -> str:
        """What was typed."""
        return self.text

    def control(self) -> FilterControl:
        """A field with what was typed."""
        return FilterControl(str(self.title), self.name, "text", value=self.text, error=" ".join(self.errors))

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """The rows that the words stand for."""
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """All rows when nothing was typed."""
        return self.narrow(queryset, self.text) if self.text else queryset


class ColumnTextFilter(TextFilter):
    """What was typed occurs in a column."""

    column: ClassVar[str]

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """The rows with the text in the column, in whatever case."""
        return queryset.filter(**{f"{self.column}__icontains": text})
