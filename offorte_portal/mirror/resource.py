"""What the engine has to know of a mirrored thing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from offorte_portal.api.payloads import Payload
from offorte_portal.mirror.models import Mirrored
from offorte_portal.mirror.omissions import Documented

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Link:
    """A foreign key that follows from an Offorte id in another column of the same row."""

    column: str
    source: str
    target: type[Mirrored]


@dataclass(frozen=True, kw_only=True)
class Nested:
    """Objects with rows of their own inside an item, in the list under `key`. Their bucket is the item's id."""

    key: str
    resource: "Resource"


@dataclass(frozen=True, kw_only=True)
class Children:
    """Parts of an object that live and die with it: the list at `path` in its payload, one row an element.

    `key` names the column that tells them apart within their parent: "position", or "remote_id" where Offorte gives
    them ids. `complete` may add to a row's values from the raw element. `kept` are columns that no payload tells: they
    stay with their row, or go over to the new row that is known by the columns `kept_by`: by the first of these where
    only one row before and one now has its value, else by all of them. Of those that are watched, the change feed tells
    the keys of the ones that were added.
    """

    model: type[Model]
    path: tuple[str, ...]
    payload: type[Payload]
    parent: str
    key: str = "position"
    complete: Callable[[Json, Json], None] | None = None
    kept: tuple[str, ...] = ()
    kept_by: tuple[str, ...] = ()
    is_watched: bool = False
    children: tuple["Children", ...] = ()


def no_buckets(connection_id: int) -> Iterable[str]:
    """The buckets of a list that has none: one, without a name."""
    return [""]


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A mirrored thing: its name among Offorte's lists, its model, how it is read and linked.

    `bucket` is the column that the list's bucket stands for: a product's directory, a proposal's status, a person's
    company. `documented` are the keys that every answer about one object has to tell. `settle` may
    correct a row's values by the merged payload, where two keys tell the same. `search` makes the text that a
    row is found by from its payload. `has_get` says whether Offorte can be asked for one object, `position` where
    among the others a sync reads the list. Of the columns `watched` the change feed tells the old and the new value.
    """

    name: str
    model: type[Mirrored]
    payload: type[Payload]
    links: tuple[Link, ...] = ()
    nested: tuple[Nested, ...] = ()
    children: tuple[Children, ...] = ()
    settle: Callable[[Json, Json], None] | None = None
    documented: Documented = field(default_factory=dict, hash=False)
    search: Callable[[Mapping[str, Any]], str] | None = None
    bucket: str = ""
    buckets: Callable[[int], Iterable[str]] = no_buckets
    has_get: bool = False
    position: int = 0
    watched: tuple[str, ...] = ()


def searchable(*parts: object) -> str:
    """The given texts in lower case, one a line, without empty ones."""
    return "\n".join(part.lower() for part in parts if isinstance(part, str) and part)
