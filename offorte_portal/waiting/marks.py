"""Says of a view that it asks another server."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

_ATTRIBUTE = "asks_elsewhere"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Mark:
    """How a view asks another server.

    `doing` is what a person reads meanwhile, `methods` are those that ask. `is_kept` says that what is asked is an
    operation, which the worker can send as well. `place` is the id of the element that a request by htmx may replace.
    """

    doing: Any
    methods: tuple[str, ...] = ("POST",)
    is_kept: bool = False
    place: str = ""


def asks_elsewhere(
    doing: Any, *, methods: tuple[str, ...] = ("POST",), is_kept: bool = False, place: str = ""
) -> Callable[[View], View]:
    """Mark a view; see `Mark`. The mark survives decorators that use `functools.wraps`."""

    def mark(view: View) -> View:
        setattr(view, _ATTRIBUTE, Mark(doing, methods, is_kept, place))
        return view

    return mark


def mark_of(view: Callable[..., Any]) -> Mark | None:
    """Return the view's mark, None where it asks nobody."""
    found: Mark | None = getattr(view, _ATTRIBUTE, None)
    return found
