"""Answers that leave out what the reference documents: that is no answer that said "none".

1. `find` names the documented keys that an answer lacks, or holds as null or as something else than documented, in
   itself or in one of the elements of its lists.
2. `fill` puts there what the mirror holds, so that nothing known is blanked: in a list by the elements' ids; where one
   has none, or is no object, the list that the mirror holds stays whole.
3. `judge` counts in how many answers of the account in a row a key was left out; after `MOST_IN_A_ROW` it has vanished.
   Answers that say nothing of it neither count nor end the count.
4. `plan` says when the details are asked for again: after pauses that grow; not before an answer of the account holds
   the key again where all that is left out has vanished, so that a renamed key costs one request a proposal at most.
"""

from collections.abc import Collection, Mapping
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
    """What is documented of a key: what is found there (`object` where null means "none"), and where it has to be.

    `of` names the only type of elements that it is documented for: price rows, comments of clients. `newer` is the live
    service's name for it, which counts where both come.
    """

    kind: Kind
    of: str = ""
    newer: str = ""

    def concerns(self, element: Json) -> bool:
        """Whether the key is documented for an element of this type."""
        return not self.of or element.get("type") == self.of

    def name_in(self, element: Any, name: str) -> str:
        """The name by which the element tells of it."""
        return self.newer if self.newer and isinstance(element, dict) and self.newer in element else name


# By dotted keys.
Documented = Mapping[str, Key]
# An amount. PHP writes "" and false for none.
AMOUNT = int | float | str

# The code of the warning, before the key.
CODE = "omitted:"
MOST_IN_A_ROW = 20
# Until the next try after the first one, the second and so on; the last one repeats.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=7),
)


def read_warning(warning: str) -> Reason:
    """Return a warning of a row as a reason: a key that was left out, or what the decoding says of a value."""
    if warning.startswith(CODE):
        return MirrorReason.OMITTED(key=warning.removeprefix(CODE))
    return MirrorReason.UNREADABLE(detail=warning)


def find(raw: Json, held: Json, documented: Documented) -> list[str]:
    """The documented keys that the object does not tell, dotted; not what is inside one that it does not tell.

    Where null may mean "none" it does unless the mirror holds something there.
    """
    omitted: list[str] = []
    for name, key in documented.items():
        path = name.split(".")
        is_blanked = key.kind is object and blanks(raw, held, path, key)
        if not is_within(name, omitted) and (is_blanked or not tells(raw, path, key)):
            omitted.append(name)
    return omitted


def is_within(key: str, omitted: Collection[str]) -> bool:
    """Whether the key is omitted, itself or with what it is in."""
    return any(f"{key}.".startswith(f"{one}.") for one in omitted)


def find_unsaid(raw: Json, omitted: Collection[str], documented: Documented) -> list[str]:
    """The documented keys that the object neither tells nor omits: inside an omitted one, or in empty lists only."""
    others = [(name, key) for name, key in documented.items() if name not in omitted]
    return [name for name, key in others if is_within(name, omitted) or not reaches(raw, name.split("."), key)]


def reaches(value: Any, path: list[str], key: Key) -> bool:
    """Whether there is anything at the end of the path; of a list one element is enough."""
    if not path:
        return True
    if isinstance(value, list):
        return any(reaches(item, path, key) for item in value)
    if not isinstance(value, dict) or (len(path) == 1 and not key.concerns(value)):
        return False
    name = _first(path, value, key)
    return name in value and reaches(value[name], path[1:], key)


def tells(value: Any, path: list[str], key: Key) -> bool:
    """Whether there is something of the documented kind at the end of the path; lists are walked, every item counts."""
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
    """Whether a value is of the documented kind and says something; documented lists hold objects only."""
    has_other = isinstance(value, list) and not all(isinstance(item, dict) for item in value)
    is_none = value is None or (kind == AMOUNT and (value is False or value == ""))
    return not is_none and isinstance(value, kind) and not has_other


def blanks(new: Any, old: Any, path: list[str], key: Key) -> bool:
    """Whether null is at the end of the path where the mirror holds something."""
    if not path:
        return new is None and old not in (None, "")
    if isinstance(new, list):
        return any(blanks(item, _same(item, old), path, key) for item in new)
    if not isinstance(new, dict) or not isinstance(old, dict) or (len(path) == 1 and not key.concerns(new)):
        return False
    name = _first(path, new, key)
    return name in new and blanks(new[name], old.get(_first(path, old, key)), path[1:], key)


def _first(path: list[str], element: Any, key: Key) -> str:
    """The next name on the path; at its end the one that the element has."""
    return path[0] if len(path) > 1 else key.name_in(element, path[0])


def fill(raw: Json, held: Json, omitted: Collection[str], documented: Documented) -> Json:
    """The object with, at each omitted key, what the mirror holds there; without the key where it holds nothing."""
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
        return new  # a list of which some elements can be read
    others = {other: value for other, value in new.items() if other != name}
    return others if known is None else {**others, held_name: known}


def _has_id(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), int | str)


def _same(item: Any, old: Any) -> Any:
    """What is held of an item of a list: that with its id, sent as a number or as text."""
    if not isinstance(old, list) or not _has_id(item):
        return None
    return next((one for one in old if _has_id(one) and str(one["id"]) == str(item["id"])), None)


def still_omitted(warnings: Collection[str], omitted: Collection[str]) -> list[str]:
    """Of the keys that warnings name, those that are omitted again, themselves or with what they are in."""
    known = [warning.removeprefix(CODE) for warning in warnings if warning.startswith(CODE)]
    return [key for key in known if is_within(key, omitted)]


def judge(
    connection_id: int,
    resource: str,
    remote_id: int,
    *,
    omitted: Collection[str],
    unsaid: Collection[str],
    as_of: datetime,
) -> bool:
    """Count what an answer left out and end the count of what it told; whether all that it left out has vanished."""
    rows = OmittedKey.objects.filter(connection_id=connection_id, resource=resource)
    told = [row for row in rows if row.key not in omitted and row.key not in unsaid]
    if told:
        rows.filter(pk__in=[row.pk for row in told]).delete()
        _end(connection_id, [f"{resource}.{row.key}" for row in told])
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


def _end(connection_id: int, keys: list[str]) -> None:
    """Some answer holds these keys again: nobody has to be told any longer."""
    rows = Connection.objects.filter(pk=connection_id)
    known = rows.values_list("vanished_keys", flat=True).first() or []
    left = [key for key in known if key not in keys]
    if left != known:
        rows.update(vanished_keys=left)


def plan(tries: int, as_of: datetime, *, has_vanished: bool) -> dict[str, Any]:
    """The columns that say when details that left something out are asked for again, after so many earlier tries."""
    pause = PAUSES[min(tries, len(PAUSES) - 1)]
    return {"details_tries": tries + 1, "details_retry_at": None if has_vanished else as_of + pause}
