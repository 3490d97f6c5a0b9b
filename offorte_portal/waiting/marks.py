"""The decorator that marks a view which asks another server."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

_ATTRIBUTE = "asks_elsewhere"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Mark:
    """What a view that asks another server says about itself.

    `doing` is what a person reads meanwhile; `methods` are the HTTP methods that ask another server. `is_kept` says
    that the view makes an operation, which the worker can send as well. `place` is the id of the element that a request
    by htmx may replace, in which "{name}" stands for an argument of the view; with `is_row` the answer is that element
    itself, a row of a list, otherwise a page that has it.
    """

    doing: Any
    methods: tuple[str, ...] = ("POST",)
    is_kept: bool = False
    place: str = ""
    is_row: bool = False

    def fill_in(self, arguments: Mapping[str, Any]) -> "Mark":
        """Return the mark for one request, with the view's arguments in its place."""
        return replace(self, place=self.place.format_map(arguments)) if self.place else self


def asks_elsewhere(
    doing: Any, *, methods: tuple[str, ...] = ("POST",), is_kept: bool = False, place: str = "", is_row: bool = False
) -> Callable[[View], View]:
    """Mark a view (see `Mark`). The mark survives decorators that use `functools.wraps`."""

    def mark(view: View) -> View:
        setattr(view, _ATTRIBUTE, Mark(doing, methods, is_kept, place, is_row))
        return view

    return mark


def mark_of(view: Callable[..., Any]) -> Mark | None:
    """Return the view's mark, or None where it asks no other server."""
    found: Mark | None = getattr(view, _ATTRIBUTE, None)
    return found
