"""Handles answers that leave out documented keys: an answer without a key does not say that there is nothing.

1. `find` names the documented keys that an answer lacks, or holds as null or as something other than documented, in
   the object itself or in one of the elements of its lists.
2. `fill` puts the mirror's values there, so that nothing known is blanked. Elements of lists are matched by id; if an
   element has no id or is not an object, the list that the mirror holds stays whole.
3. `judge` counts in how many answers of the account in a row a key was left out; after `MOST_IN_A_ROW` it counts as
   vanished. Answers that say nothing about the key neither count nor end the count.
4. `plan` schedules the next request for the details, after pauses that grow. If all omitted keys have vanished, it
   waits until an answer of the account holds one again, so that a renamed key costs at most one request per proposal.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from types import UnionType
from typing import Any, NamedTuple

from django.db.models import F

from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import OmittedKey
from offorte_portal.mirror.reasons import MirrorReason
from offorte_portal.text.reason import Reason

Json = dict[str, Any]
Kind = type | UnionType


class Key(NamedTuple):
    """The documentation of a key: its type (`object` where null means "none"), and where it has to be.

    `of` names the only type of element that it is documented for: price rows, comments of clients. `newer` is the live
    service's name for it, which takes precedence where both are sent.
    """

    kind: Kind
    of: str = ""
    newer: str = ""

    def concerns(self, element: Json) -> bool:
        """Return whether the key is documented for an element of this type."""
        return not self.of or element.get("type") == self.of


# Keys are dotted paths.
Documented = Mapping[str, Key]
# An amount. PHP sends "" or false for none.
AMOUNT = int | float | str

MOST_IN_A_ROW = 20
# Pauses after the first try, the second and so on; the last one repeats.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=7),
)


def find(raw: Json, held: Json, documented: Documented) -> list[str]:
    """Return the documented keys that the object omits, dotted; not those inside another omitted key.

    Where null may mean "none" it counts as that unless the mirror holds a value there.
    """
    omitted: list[str] = []
    for name, key in documented.items():
        path = name.split(".")
        is_blanked = key.kind is object and blanks(raw, held, path, key)
        if not is_within(name, omitted) and (is_blanked or not tells(raw, path, key)):
            omitted.append(name)
    return omitted


def is_within(key: str, omitted: Collection[str]) -> bool:
    """Return whether the key or one of its parents is omitted."""
    return any(f"{key}.".startswith(f"{name}.") for name in omitted)


def find_unsaid(raw: Json, omitted: Collection[str], documented: Documented) -> list[str]:
    """Return the documented keys neither given nor omitted: inside an omitted key, or only in empty lists."""
    others = [(name, key) for name, key in documented.items() if name not in omitted]
    return [name for name, key in others if is_within(name, omitted) or not reaches(raw, name.split("."), key)]


def reaches(value: Any, path: list[str], key: Key) -> bool:
    """Return whether there is anything at the end of the path; one element of a list is enough."""
    if not path:
        return True
    if isinstance(value, list):
        return any(reaches(item, path, key) for item in value)
    if not isinstance(value, dict) or (len(path) == 1 and not key.concerns(value)):
        return False
    name = _first(path, value, key)
    return name in value and reaches(value[name], path[1:], key)


def tells(value: Any, path: list[str], key: Key) -> bool:
    """Return whether there is a value of the documented type at the end of the path; in lists, for every element."""
    if not path:
        return key.kind is object or is_told(value, key.kind)
    if isinstance(value, list):
        return all(tells(item, path, key) for item in value)
    if not isinstance(value, dict):
        return False
    name = _first(path, value, key)
    is_open = len(path) == 1 and not key.concerns(value)
    return is_open or (name in value and tells(value[name], path[1:], key))


def is_told(value: Any, kind: Kind) -> bool:
    """Return whether a value has the documented type and content; documented lists hold only objects."""
    has_other = isinstance(value, list) and not all(isinstance(item, dict) for item in value)
    is_none = value is None or (kind == AMOUNT and (value is False or value == ""))
    return not is_none and isinstance(value, kind) and not has_other


def blanks(new: Any, old: Any, path: list[str], key: Key) -> bool:
    """Return whether null is at the end of the path where the mirror holds a value."""
    if not path:
        return new is None and old not in (None, "")
    if isinstance(new, list):
        return any(blanks(item, _same(item, old), path, key) for item in new)
    if not isinstance(new, dict) or not isinstance(old, dict) or (len(path) == 1 and not key.concerns(new)):
        return False
    name = _first(path, new, key)
    return name in new and blanks(new[name], old.get(_first(path, old, key)), path[1:], key)


def _first(path: list[str], element: Any, key: Key) -> str:
    """Return the next name on the path; the last one as the element spells it."""
    is_newer = key.newer and len(path) == 1 and isinstance(element, dict) and key.newer in element
    return key.newer if is_newer else path[0]


def fill(raw: Json, held: Json, omitted: Collection[str], documented: Documented) -> Json:
    """Return the object with the mirror's value at each omitted key, or without the key where the mirror has none."""
    for name in omitted:
        raw = _fill(raw, held, name.split("."), documented[name])
    return raw


def _fill(new: Any, old: Any, path: list[str], key: Key) -> Any:
    if isinstance(new, list):
        if isinstance(old, list) and not all(map(_has_id, new)):
            return old
        return [_fill(item, _same(item, old), path, key) for item in new]
    if not isinstance(new, dict) or (len(path) == 1 and not key.concerns(new)):
        return new
    name, rest = _first(path, new, key), path[1:]
    if not rest and is_told(new.get(name), key.kind):
        return new
    held_name = _first(path, old, key)
    known = old.get(held_name) if isinstance(old, dict) else None
    if rest and isinstance(new.get(name), dict | list):
        return {**new, name: _fill(new[name], known, rest, key)}
    if known is None and key.kind is list and isinstance(new.get(name), list):
        return new  # a list with some readable elements
    others = {other: value for other, value in new.items() if other != name}
    return others if known is None else {**others, held_name: known}


def _has_id(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), int | str)


def _same(item: Any, old: Any) -> Any:
    """Return the held element with the same id as the item, sent as a number or as text; None if there is none."""
    if not isinstance(old, list) or not _has_id(item):
        return None
    return next((element for element in old if _has_id(element) and str(element["id"]) == str(item["id"])), None)


def warn(omitted: Iterable[str]) -> list[Reason]:
    """Return a warning about each omitted key."""
    return [MirrorReason.OMITTED(key=key) for key in omitted]


def read_warnings(warnings: Iterable[Reason]) -> list[str]:
    """Return the keys that warnings say were omitted."""
    return [str(warning.values["key"]) for warning in warnings if warning.code == MirrorReason.OMITTED]


def judge(
    connection_id: int,
    resource: str,
    remote_id: int,
    *,
    omitted: Collection[str],
    unsaid: Collection[str],
    as_of: datetime,
) -> bool:
    """Count what an answer left out, end the count of what it gave; return whether all omitted keys have vanished."""
    rows = OmittedKey.objects.filter(connection_id=connection_id, resource=resource)
    given = [row for row in rows if row.key not in omitted and row.key not in unsaid]
    if given:
        rows.filter(pk__in=[row.pk for row in given]).delete()
        # What an answer holds again is no longer among the account's vanished keys.
        held_again = {f"{resource}.{row.key}" for row in given}
        account = Connection.objects.filter(pk=connection_id)
        known = account.values_list("vanished_keys", flat=True).first() or []
        left = [name for name in known if name not in held_again]
        if left != known:
            account.update(vanished_keys=left)
    vanished = bool(omitted)
    for key in omitted:
        row, is_new = rows.get_or_create(
            connection_id=connection_id, resource=resource, key=key, defaults={"remote_id": remote_id, "since": as_of}
        )
        if not is_new and row.remote_id != remote_id:
            rows.filter(pk=row.pk).update(answers=F("answers") + 1, remote_id=remote_id)
            row.answers += 1
        vanished = vanished and row.answers >= MOST_IN_A_ROW
    return vanished


def plan(tries: int, as_of: datetime, *, has_vanished: bool) -> dict[str, Any]:
    """Return the columns that schedule the next request for incomplete details, after this number of tries."""
    pause = PAUSES[min(tries, len(PAUSES) - 1)]
    return {"details_tries": tries + 1, "details_retry_at": None if has_vanished else as_of + pause}
