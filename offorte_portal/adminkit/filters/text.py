"""Filters by text that people type."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import IntegerField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit.filters.base import FilterControl, MirrorFilter
from offorte_portal.text.letters import fold


class TextFilter(MirrorFilter):
    """A filter by text that people type."""

    kind = "text"

    def read(self) -> None:
        """Keep what was typed, at most 100 characters of it."""
        self.text = self.given.get(self.name, "")[:100]

    @property
    def is_set(self) -> bool:
        """Whether anything was typed."""
        return bool(self.text)

    @property
    def value_text(self) -> str:
        """What was typed."""
        return self.text

    def control(self) -> FilterControl:
        """Return a field with what was typed."""
        return FilterControl(str(self.title), self.name, "text", value=self.text, error=" ".join(self.errors))

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return the rows that match the text."""
        raise NotImplementedError

    def restrict(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the matching rows; all rows when nothing was typed."""
        return self.narrow(queryset, self.text) if self.text else queryset


class ColumnTextFilter(TextFilter):
    """A filter by text in a column with few different values, such as a city."""

    column: ClassVar[str]

    @property
    def value_text(self) -> str:
        """What was typed, in quotation marks: the column contains it."""
        return f"“{self.text}”"

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return the rows that contain the text in the column, with or without accents and in any case."""
        known = queryset.model._default_manager.order_by().values_list(self.column, flat=True).distinct()
        return queryset.filter(**{f"{self.column}__in": [value for value in known if self.fits(value, text)]})

    def fits(self, value: str, text: str) -> bool:
        """Return whether a value of the column is one that the text asks for."""
        return fold(text) in fold(value)


class JobFilter(TextFilter):
    """A filter by the number of a bulk job."""

    title = gettext_lazy("Bulk job")
    name = "job"

    def read(self) -> None:
        super().read()
        self.number: int | None = None
        if self.text:
            try:
                self.number = IntegerField(min_value=1, max_value=2**63 - 1).clean(self.text.removeprefix("#"))
            except ValidationError:
                self.errors.append(_("There is no bulk job %s.") % self.text)
                self.text = ""

    @property
    def value_text(self) -> str:
        return f"#{self.number}"

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(job_id=self.number)
