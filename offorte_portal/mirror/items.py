"""Cleans, identifies and fingerprints the objects that Offorte sent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from offorte_portal.mirror.reasons import MirrorReason
from offorte_portal.mirror.resource import Json, Nested, Resource
from offorte_portal.text.reason import Reason


class Item(NamedTuple):
    """An object with its Offorte id, the fingerprint of its content, and the bucket of its list."""

    remote_id: int
    raw: Json
    fingerprint: str
    bucket: str = ""


class ItemWarning(NamedTuple):
    """A warning about something that could not be read, for the people who look after the mirror."""

    resource: str
    remote_id: int | None
    reason: Reason


@dataclass
class Applied:
    """The result of applying objects. `seen` holds the Offorte ids that were there, by the resource's name.

    `omitted` names the nested resources that an item did not list: objects of these that are absent may still exist.
    """

    items: int = 0
    new: int = 0
    changed: int = 0
    warnings: list[ItemWarning] = field(default_factory=list)
    seen: dict[str, list[int]] = field(default_factory=dict)
    omitted: list[str] = field(default_factory=list)

    def add(self, other: "Applied") -> None:
        """Add the result of applying more objects of the same answer."""
        self.items += other.items
        self.new += other.new
        self.changed += other.changed
        self.warnings += other.warnings
        self.omitted += other.omitted
        for name, ids in other.seen.items():
            self.seen.setdefault(name, []).extend(ids)


def identify(resource: Resource, raws: Iterable[Any], bucket: str, warnings: list[ItemWarning]) -> list[Item]:
    """Return the objects with a usable id, the last one of each id; add the others to `warnings`."""
    items: dict[int, Item] = {}
    for raw in raws:
        remote_id = remote_id_of(raw)
        if remote_id is None:
            warnings.append(ItemWarning(resource.name, None, MirrorReason.WITHOUT_ID()))
            continue
        items[remote_id] = Item(remote_id, *fingerprint(raw, bucket), bucket)
    return list(items.values())


def find_unidentified(declared: Iterable[Nested], raw: Json) -> list[Reason]:
    """Return warnings about objects inside an item that have no usable id."""
    return [
        MirrorReason.PART_WITHOUT_ID(field=f"{nested.key}[{position}]")
        for nested in declared
        for position, inner in enumerate(listed(raw.get(nested.key)))
        if remote_id_of(inner) is None
    ]


def listed(value: object) -> list[Any]:
    """Return the value if it is a list, else an empty list."""
    return value if isinstance(value, list) else []


def remote_id_of(raw: object) -> int | None:
    """Return the object's Offorte id, sent as a number or as text; None where there is none."""
    try:
        remote_id = int(raw["id"])  # type: ignore[index]
    except (KeyError, TypeError, ValueError):
        return None
    return remote_id if 0 <= remote_id < 2**63 else None


def fingerprint(raw: Json, bucket: str = "") -> tuple[Json, str]:
    """Return the object without what databases reject, and a hash of its content and its bucket."""
    try:
        content = orjson.dumps(raw, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        raw = scrub(raw)
        content = orjson.dumps(raw, option=orjson.OPT_SORT_KEYS)
    if b"\\u0000" in content:
        raw = scrub(raw)
        content = orjson.dumps(raw, option=orjson.OPT_SORT_KEYS)
    return raw, blake2b(content, digest_size=16, key=bucket.encode()).hexdigest()


def scrub(value: Any) -> Any:
    """Return a JSON value without null characters, lone surrogates and integers beyond 64 bits."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
        case dict():
            return {scrub(key): scrub(element) for key, element in value.items()}
        case list():
            return [scrub(element) for element in value]
        case int() if not isinstance(value, bool) and not -(2**63) <= value < 2**63:
            return str(value)
    return value
