"""The declarations that tell the engine what is mirrored and how."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from offorte_portal.api.payloads import Payload
from offorte_portal.mirror.models import Mirrored
from offorte_portal.mirror.omissions import Documented
from offorte_portal.mirror.search_parts import SearchPart

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Link:
    """A foreign key that is derived from an Offorte id in another column of the same row."""

    column: str
    source: str
    target: type[Mirrored]


@dataclass(frozen=True, kw_only=True)
class Nested:
    """Objects with rows of their own inside an item, in the list at `key`. Their bucket is the item's id."""

    key: str
    resource: "Resource"


@dataclass(frozen=True, kw_only=True)
class Children:
    """Parts of an object that are created and deleted with it: the list at `path` in its payload, one row per element.

    `key` names the column that identifies them within their parent: "position", or "remote_id" where Offorte gives
    them ids. `complete` may add to a row's values from the raw element. `kept` are columns that no payload holds: their
    values stay with the row, or move to the new row that matches by the columns `kept_by`: by the first of these if
    only one old and one new row have its value, else by all of them. With `is_watched`, the change feed gets the keys
    of added rows.
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


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A mirrored kind of object: its name among Offorte's lists, its model, how it is read and linked.

    `bucket` is the column that the list's bucket stands for: a product's directory, a proposal's status, a person's
    company. `documented` are the keys that every answer about one object must hold. `settle` may correct a row's values
    from the merged payload, where two keys hold the same information. `search` names what a row is found by, from its
    payload. `has_get` says whether Offorte has a request for one object, `position` the list's place in a sync. The
    change feed gets the old and new values of the columns `watched`.
    """

    name: str
    model: type[Mirrored]
    payload: type[Payload]
    links: tuple[Link, ...] = ()
    nested: tuple[Nested, ...] = ()
    children: tuple[Children, ...] = ()
    settle: Callable[[Json, Json], None] | None = None
    documented: Documented = field(default_factory=dict, hash=False)
    search: Callable[[Mapping[str, Any]], Iterable[SearchPart]] | None = None
    bucket: str = ""
    # A list without buckets is one bucket, which has no name.
    buckets: Callable[[int], Iterable[str]] = lambda connection_id: [""]
    has_get: bool = False
    position: int = 0
    watched: tuple[str, ...] = ()
