"""The base of all filters of lists, and their interface to the filter bar."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from django.contrib.admin import ListFilter, ModelAdmin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

Kind = Literal["choices", "range", "dates", "text"]
Text = str | Promise


@dataclass(frozen=True)
class Chip:
    """An active filter: title, value ("" where the title says it all), the address without it, what can't be read."""

    title: str
    value: str
    remove_url: str
    error: str = ""

    @property
    def text(self) -> str:
        """The filter as a sentence: "Owner: me"."""
        title = capfirst(self.title)
        return f"{title}: {self.value}" if self.value else title


@dataclass(frozen=True)
class FilterControl:
    """What the filter bar shows of a filter.

    `choices` are (value, label, is_selected). A range has the parameters NAME_min and NAME_max; dates have NAME_from
    and NAME_to (`min`, `max`) besides the periods in `choices`. `error` says what in the address could not be read.
    `is_more` is set for what the menu keeps under More.
    """

    title: str
    name: str
    kind: Kind
    choices: list[tuple[str, str, bool]] = field(default_factory=list)
    value: str = ""
    min: str = ""
    max: str = ""
    is_multiple: bool = False
    error: str = ""
    is_more: bool = False


class MirrorFilter(ListFilter):
    """A filter with its parameters, read from the address once.

    Where a list has many, the menu shows at once those that are `is_prominent`. One that says the same as another is
    `within` that, by its name, and not in the menu beside it; one that is no `is_offered` is reached by links only.
    With a `permission` it is only for people who hold that: for all others its parameters mean nothing.
    """

    title: Any
    name: ClassVar[str]
    kind: ClassVar[Kind]
    suffixes: ClassVar[tuple[str, ...]] = ("",)
    parameters: ClassVar[tuple[str, ...]] = ()
    is_prominent: ClassVar[bool] = False
    is_offered: ClassVar[bool] = True
    within: ClassVar[str] = ""
    permission: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if hasattr(cls, "name"):
            cls.parameters = tuple(cls.name + suffix for suffix in cls.suffixes)

    def __init__(
        self, request: HttpRequest, params: dict[str, list[str]], model: type[Model], model_admin: ModelAdmin[Any]
    ) -> None:
        super().__init__(request, params, model, model_admin)
        self.request = request
        self.model_admin = model_admin
        self.errors: list[str] = []
        self.given = {
            name: ",".join(params.pop(name)).replace("\x00", "").strip() for name in self.parameters if name in params
        }
        self.read()

    def read(self) -> None:
        """Parse `given` into values; add messages about what can't be read to `errors`."""
        raise NotImplementedError

    @property
    def is_set(self) -> bool:
        """Whether the filter has a value that can be read."""
        raise NotImplementedError

    @property
    def is_unreadable(self) -> bool:
        """Whether it has a value that can't be read, so that nothing is found."""
        return bool(self.errors)

    @property
    def is_active(self) -> bool:
        """Whether the filter narrows the list."""
        return self.is_set or self.is_unreadable

    @property
    def canonical(self) -> dict[str, str]:
        """The parameters whose text depends on the reader's language, in a form that means the same in all of them."""
        return {}

    @property
    def is_mine(self) -> bool:
        """Whether the filter leaves the person's own rows, and does nothing else."""
        return False

    @property
    def value_text(self) -> str:
        """The values as the chip shows them."""
        raise NotImplementedError

    def control(self) -> FilterControl:
        raise NotImplementedError

    def restrict(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that the values find; all rows where none is set."""
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that the filter finds: none where it has a value that can't be read."""
        return queryset.none() if self.is_unreadable else self.restrict(queryset)

    def chips(self, changelist: "ChangeList") -> list[Chip]:
        """Return the chip of an active filter; none of another."""
        if not self.is_active:
            return []
        without = changelist.get_query_string(dict.fromkeys(self.parameters))
        if not self.is_unreadable:
            return [Chip(str(self.title), self.value_text, without, " ".join(self.errors))]
        typed = " – ".join(f"“{text[:60]}”" for text in self.given.values() if text)
        error = " ".join([*self.errors, _("The list stays empty until you change or remove this filter.")])
        return [Chip(str(self.title), typed, without, error)]

    def has_output(self) -> bool:
        """Return True: a filter is offered even without anything to choose from."""
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(self.parameters)

    def choices(self, changelist: "ChangeList") -> Iterator[Mapping[str, object]]:
        """Yield nothing for Django's own sidebar: the filter bar shows `control()`."""
        return iter(())


def settle_address(request: HttpRequest, filters: Iterable[MirrorFilter]) -> dict[str, str]:
    """Put what depends on the reader's language into forms that do not; return the parameters that changed.

    The request's parameters, and so the page's links and forms, then mean the same to everyone who opens them.
    """
    changes = {
        name: text for spec in filters for name, text in spec.canonical.items() if request.GET.get(name, text) != text
    }
    if changes:
        request.GET = request.GET.copy()  # type: ignore[assignment]
        for name, text in changes.items():
            request.GET[name] = text  # type: ignore[misc]
    return changes
