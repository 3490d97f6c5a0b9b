"""What a room adds to all lists, to the home page, or to the list and the records of another room's model.

A room registers it in its `additions` module, which `AdminKitConfig` finds before the admins are made. The admin of a
model takes over columns and filters as if they were its own; its pages ask this module for everything else.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db.models import Model, Prefetch
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, reverse
from django_stubs_ext import StrOrPromise

from offorte_portal.adminkit import columns
from offorte_portal.adminkit.filters import MirrorFilter
from offorte_portal.adminkit.records import Fact, Person
from offorte_portal.staff.scope import Scope


@dataclass(frozen=True, kw_only=True)
class ListColumn:
    """A column of a list, to the right of the column named `after`; without one it is shown where a person chooses it.

    `name` is what addresses call it, and is no field's name. `show` makes the cell of a row, `reads` are the columns
    that it needs, `prefetch` the rows of other tables. `ordering` is the indexed column by which the list is sorted, of
    the model or of a relation. With a `permission` it is only for people who hold that.
    """

    name: str
    title: StrOrPromise
    show: Callable[[Any], str]
    after: str = ""
    reads: tuple[str, ...] = ()
    ordering: str = ""
    prefetch: Callable[[], Prefetch[Any]] | None = None
    permission: str = ""


def field_column(path: str, title: StrOrPromise, *, name: str = "", ordering: str = "") -> ListColumn:
    """Return a column to choose, with what a field holds: text, a number or a moment, of the row or of a relation."""

    def show(row: Any) -> str:
        for part in path.split("__"):
            row = getattr(row, part, None)
        if isinstance(row, datetime):
            return columns.day(row)
        return columns.number(row) if isinstance(row, int) else columns.text(row)

    return ListColumn(
        name=name or f"{path.rpartition('__')[2]}_text", title=title, show=show, reads=(path,), ordering=ordering
    )


@dataclass(frozen=True)
class HomeCard:
    """A card of the home page, for people who may see proposals: its template gets the result of `read` as `card`."""

    template: str
    read: Callable[[Scope], dict[str, Any]]


HOME_CARDS: list[HomeCard] = []


def add_to_home(card: HomeCard) -> None:
    HOME_CARDS.append(card)


@dataclass(frozen=True)
class RecordPanel:
    """A part of a record's page, in its main or its side column: its template gets `context` as `panel`."""

    template: str
    context: dict[str, Any]
    place: Literal["main", "side"] = "main"


@dataclass(frozen=True, kw_only=True)
class Additions:
    """What one room adds to one model; every part is optional.

    `filters` come after the filter named `filters_after` in the list's menu. `panel` is the name of a URL: its response
    to the list's own parameters is shown above the rows. `opens_with` returns the parameters with which a person's list
    opens. `facts` are further facts on a record's page, and `details` those among its details that depend on the
    person; `summary` are facts for the strip on top of it, for the request's person. `related` are the relations that
    are read with the record, and `annotations` returns what else is, as expressions by name: they cost no query.
    `record_panel` returns a panel of a record's page, where that shows some, or None.
    """

    columns: tuple[ListColumn, ...] = ()
    filters: tuple[type[MirrorFilter], ...] = ()
    filters_after: str = ""
    panel: str = ""
    opens_with: Callable[[User], str] | None = None
    facts: Callable[[Any], list[Fact]] | None = None
    details: Callable[[Person, Any], list[Fact]] | None = None
    summary: Callable[[HttpRequest, Any], list[Fact]] | None = None
    related: tuple[str, ...] = ()
    annotations: Callable[[], dict[str, Any]] | None = None
    record_panel: Callable[[HttpRequest, Any], RecordPanel | None] | None = None


class ListPart:
    """What a room adds to all lists for which it has something; every part is optional."""

    def urls(self, model_admin: admin.ModelAdmin[Any]) -> list[URLPattern]:
        """Return further URL patterns below the list's own."""
        return []

    def answer(self, model_admin: admin.ModelAdmin[Any], request: HttpRequest) -> HttpResponseBase | None:
        """Answer a POST to the list; return None where it does not concern this part."""
        return None

    def context(
        self, model_admin: admin.ModelAdmin[Any], request: HttpRequest, changelist: ChangeList
    ) -> dict[str, Any]:
        """Return what the list's template shows of this part."""
        return {}


PARTS: list[ListPart] = []


def add_to_lists(part: ListPart) -> None:
    PARTS.append(part)


_announced: dict[str, list[Additions]] = defaultdict(list)


def register(model: str, additions: Additions) -> None:
    """Add to the pages of a model, given as "app.model"."""
    _announced[model].append(additions)


def _of(model: type[Model]) -> list[Additions]:
    return _announced.get(model._meta.label_lower, [])


def take_in(model_admin: admin.ModelAdmin[Any]) -> None:
    """Give a new admin the columns, filters and relations that rooms have added to its model."""
    for column in getattr(model_admin, "more_columns", ()):
        setattr(model_admin, column.name, _display(column))
    for added in _of(model_admin.model):
        own: dict[str, Any] = {name: list(getattr(model_admin, name)) for name in ("list_display", "list_filter")}
        own |= {name: [*getattr(model_admin, name, ())] for name in ("list_only", "record_related", "more_columns")}
        for column in added.columns:
            own[column.name] = _display(column)
            if not column.after:
                own["more_columns"].append(column)
                continue
            own["list_display"].insert(own["list_display"].index(column.after) + 1, column.name)
            own["list_only"] += column.reads
        if added.filters:
            at = [getattr(kind, "name", "") for kind in own["list_filter"]].index(added.filters_after) + 1
            own["list_filter"][at:at] = added.filters
        own["record_related"] += added.related
        vars(model_admin).update(own)


def _display(column: ListColumn) -> Callable[[Any], str]:
    return admin.display(description=column.title, ordering=column.ordering or None)(column.show)


def list_panels(model: type[Model]) -> list[str]:
    """Return the URLs of the panels that the model's list shows above its rows."""
    return [reverse(added.panel) for added in _of(model) if added.panel]


def find_opening(model: type[Model], user: User) -> str:
    """Return the parameters with which the person's list opens; "" for none."""
    found = (added.opens_with(user) for added in _of(model) if added.opens_with)
    return next((query for query in found if query), "")


def hidden_columns(user: Person, model: type[Model]) -> set[str]:
    """Return the names of the columns that rooms have added to the model's list, but not for this person."""
    added = (column for each in _of(model) for column in each.columns if column.permission)
    return {column.name for column in added if not user.has_perm(column.permission)}


def record_panels(request: HttpRequest, row: Model) -> list[RecordPanel]:
    """Return the panels that rooms have added to a record's page."""
    found = (added.record_panel(request, row) for added in _of(type(row)) if added.record_panel)
    return [panel for panel in found if panel]


def record_annotations(model: type[Model]) -> dict[str, Any]:
    """Return what rooms read with a record of the model besides its columns and relations, as expressions by name."""
    found = (added.annotations() for added in _of(model) if added.annotations)
    return {name: expression for each in found for name, expression in each.items()}


def more_summary(request: HttpRequest, row: Model) -> Iterator[Fact]:
    """Yield the facts that rooms have added to the strip on top of a record's page."""
    for added in _of(type(row)):
        if added.summary:
            yield from added.summary(request, row)


def more_details(user: Person, row: Model) -> Iterator[Fact]:
    """Yield the facts that rooms have added to the details of a record, for a person."""
    for added in _of(type(row)):
        if added.details:
            yield from added.details(user, row)


def more_facts(row: Model) -> Iterator[Fact]:
    """Yield the facts that rooms have added to a record."""
    for added in _of(type(row)):
        if added.facts:
            yield from added.facts(row)
