"""What a stored body says. Pure: no database, no request."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from offorte_portal.api.answers import parse_json
from offorte_portal.api.decode import decode_datetime, decode_int
from offorte_portal.api.lists import read_id
from offorte_portal.mirror.resource import Json
from offorte_portal.text.reason import Reason
from offorte_portal.webhooks.effects import EFFECTS, Effect
from offorte_portal.webhooks.reasons import EventReason

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_HOUR = timedelta(hours=1)
_REST_OF_SECOND = timedelta(microseconds=999_999)


class NotUnderstoodError(Exception):
    """The body says nothing that could be applied; `reason` says why, `name` what the event called itself."""

    def __init__(self, reason: Reason, name: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.name = name


@dataclass(frozen=True, slots=True)
class ParsedEvent:
    """What an event says.

    `happened_at` is its own date, by which events are ordered; `as_of` until when what it says is known to have held.
    `is_whole` says that the data is that of the object, and not of a part of it.
    """

    name: str
    effect: Effect
    remote_id: int
    parent_remote_id: int | None
    data: Json
    happened_at: datetime
    as_of: datetime
    is_whole: bool

    @property
    def order(self) -> tuple[datetime, int]:
        """Compares with that of another event of the same object: the later one is greater."""
        return self.happened_at, self.effect.kind


def parse(body: bytes) -> object:
    """The JSON of a body. Raises NotUnderstoodError where it is none, or deeper than can be stored."""
    try:
        data = parse_json(body)
        orjson.dumps(data)  # what it can't write, the mirror can't keep
    except (ValueError, TypeError, RecursionError):
        raise NotUnderstoodError(EventReason.NOT_JSON()) from None
    return data


def read(content: object, received_at: datetime) -> ParsedEvent:
    """What the JSON of one event says. Raises NotUnderstoodError."""
    if not isinstance(content, dict) or "type" not in content:
        raise NotUnderstoodError(EventReason.NOT_AN_EVENT())
    name = str(content["type"])[:60]
    effect = EFFECTS.get(name)
    if effect is None:
        raise NotUnderstoodError(EventReason.UNKNOWN_EVENT(), name)
    data = content.get("data")
    remote_id, is_whole = read_object_id(data, effect) if isinstance(data, dict) else (None, False)
    if not isinstance(data, dict) or remote_id is None or remote_id < 0:
        raise NotUnderstoodError(EventReason.NO_ID(), name)
    happened_at, as_of = read_moments(content.get("date_created"), received_at)
    parent = read_company_id(data) if effect.resource.name == "people" else None
    return ParsedEvent(name, effect, remote_id, parent, data, happened_at, as_of, is_whole)


def read_object_id(data: Json, effect: Effect) -> tuple[int | None, bool]:
    """The id of the object that data is about, None where it is not told, and whether the data is the object's own."""
    own, named = read_id(data), read_id(data, effect.id_names)
    if effect.part and effect.part in data:
        holder = data.get(effect.resource.name.removesuffix("s"))
        return (named if named is not None or not isinstance(holder, dict) else read_id(holder)), False
    if named is None:
        return own, True
    return named, own in {None, named}


def read_moments(value: object, received_at: datetime) -> tuple[datetime, datetime]:
    """When an event happened, and until when what it says held; when it came, where it has no date that can be.

    Offorte's dates have no fraction: what happened within a second counts as of its end, or a list that was read
    earlier in that second would win over it.
    """
    try:
        happened_at = decode_datetime(value)
    except ValueError:
        happened_at = None
    if happened_at is None or happened_at > received_at:
        return received_at, received_at
    happened_at = _second_of_two(happened_at, received_at)
    as_of = happened_at if happened_at.microsecond else happened_at + _REST_OF_SECOND
    return happened_at, min(as_of, received_at)


def read_company_id(person: Json) -> int | None:
    """The company of a person, named or as an object; None where it is not told."""
    company: Any = person.get("company")
    for value in (person.get("company_id"), company.get("id") if isinstance(company, dict) else None):
        try:
            number = decode_int(value)
        except ValueError:
            continue
        if number is not None and number >= 0:
            return number
    return None


def _second_of_two(moment: datetime, received_at: datetime) -> datetime:
    """In the hour that comes twice in October, the later of the two moments if that is not in the future."""
    later = moment + _HOUR
    clocks = {each.astimezone(_AMSTERDAM).replace(tzinfo=None, fold=0) for each in (moment, later)}
    return later.astimezone(UTC) if len(clocks) == 1 and later <= received_at else moment
