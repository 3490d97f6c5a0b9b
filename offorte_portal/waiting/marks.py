"""The decorator that marks a view which asks another server."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

_ATTRIBUTE = "asks_elsewhere"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Mark:
    """What a view that asks another server says about itself.

    `doing` is what a person reads meanwhile; `methods` are the HTTP methods that ask another server. `is_kept` says
    that the view makes an operation, which the worker can send as well. `place` is the id of the element that a request
    by htmx may replace.
    """

    doing: Any
    methods: tuple[str, ...] = ("POST",)
    is_kept: bool = False
    place: str = ""


def asks_elsewhere(
    doing: Any, *, methods: tuple[str, ...] = ("POST",), is_kept: bool = False, place: str = ""
) -> Callable[[View], View]:
    """Mark a view (see `Mark`). The mark survives decorators that use `functools.wraps`."""

    def mark(view: View) -> View:
        setattr(view, _ATTRIBUTE, Mark(doing, methods, is_kept, place))
        return view

    return mark


def mark_of(view: Callable[..., Any]) -> Mark | None:
    """Return the view's mark, or None where it asks no other server."""
    found: Mark | None = getattr(view, _ATTRIBUTE, None)
    return found
