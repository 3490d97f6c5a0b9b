"""Filters by choices."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit.filters.base import FilterControl, MirrorFilter, Text


class ChoicesFilter(MirrorFilter):
    """A filter by one of several choices, or by more of them where `is_multiple`."""

    kind = "choices"
    is_multiple: ClassVar[bool] = False
    options: Sequence[tuple[str, Text]] = ()

    def get_options(self) -> Sequence[tuple[str, Text]]:
        """Return the choices: (value in the address, label)."""
        return self.options

    @cached_property
    def labels(self) -> dict[str, Text]:
        """The label of each value."""
        return dict(self.get_options())

    def read(self) -> None:
        """Keep the values that are choices; add a message about each other one."""
        given = [value.strip() for value in self.given.get(self.name, "").split(",") if value.strip()]
        self.values = [value for value in dict.fromkeys(given) if value in self.labels]
        unknown = [value for value in given if value not in self.labels]
        if not self.is_multiple and len(self.values) > 1:
            self.values, unknown = self.values[:1], self.values[1:] + unknown
        self.errors += [_("“%s” isn’t a valid choice.") % value[:60] for value in unknown]

    @property
    def is_set(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.values)

    @property
    def is_unreadable(self) -> bool:
        """Whether there are values, and none of them is a choice."""
        return bool(self.errors) and not self.values

    @property
    def value_text(self) -> str:
        """The labels of the chosen values; "" where there is but one to choose, which the title names."""
        return "" if list(self.labels) == ["yes"] else get_text_list([str(self.labels[value]) for value in self.values])

    def control(self) -> FilterControl:
        """Return all choices, with the chosen ones marked."""
        return FilterControl(
            title=str(self.title),
            name=self.name,
            kind="choices",
            choices=[(value, str(label), value in self.values) for value, label in self.labels.items()],
            value=",".join(self.values),
            is_multiple=self.is_multiple,
            error=" ".join(self.errors),
        )

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        """Return the rows that the chosen values stand for."""
        raise NotImplementedError

    def restrict(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the matching rows; all rows when nothing is chosen."""
        return self.narrow(queryset, self.values) if self.values else queryset


class ColumnFilter(ChoicesFilter):
    """A filter by values of a column."""

    is_multiple = True
    column: ClassVar[str]

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return queryset.filter(**{f"{self.column}__in": values} if len(values) > 1 else {self.column: values[0]})


class YesNoFilter(ChoicesFilter):
    """A filter by yes or no."""

    options = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))

    @property
    def value_text(self) -> str:
        return _("yes") if self.values == ["yes"] else _("no")


class RemovedFilter(ChoicesFilter):
    """A filter for tombstones: they are hidden unless they are chosen, and then shown alone."""

    title = gettext_lazy("Deleted in Offorte")
    name = "removed"
    options = (("yes", gettext_lazy("Yes")),)

    def restrict(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that Offorte has or, if chosen, those that it no longer has."""
        return queryset.filter(removed_at__isnull=not self.values)
