"""Results of the palette, as its template shows them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Hit:
    """A result: a record, a page or a command.

    It is a link to `url`; with `data`, a button that posts these values there; with `theme`, one that sets the theme.
    """

    title: str
    details: str
    url: str
    icon: str
    status: str = ""
    status_label: str = ""
    # Where the words were found, if that can't be seen otherwise.
    reason: str = ""
    data: Mapping[str, str] | None = None
    theme: str = ""


@dataclass(frozen=True)
class HitGroup:
    """Hits of one kind."""

    title: str
    hits: list[Hit]
