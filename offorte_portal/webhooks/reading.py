"""Parses the stored body of an event, without database or requests."""

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
_REST_OF_SECOND = timedelta(microseconds=999_999)


class NotUnderstoodError(Exception):
    """The body has nothing that could be applied; `reason` says why, `name` is the event's own name."""

    def __init__(self, reason: Reason, name: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.name = name


@dataclass(frozen=True, slots=True)
class ParsedEvent:
    """The contents of an event.

    Events are ordered by `happened_at`, the event's own date; its data is known to have held until `as_of`. `is_whole`
    is true if the data is that of the object, and not of a part of it.
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
        """A key to compare events of one object by: that of the later event is greater."""
        return self.happened_at, self.effect.kind


def parse(body: bytes) -> object:
    """Return the JSON of a body. Raises NotUnderstoodError if it is no JSON, or nested too deep to be stored."""
    try:
        data = parse_json(body)
        orjson.dumps(data)  # The mirror can't store what this can't write.
    except (ValueError, TypeError, RecursionError):
        raise NotUnderstoodError(EventReason.NOT_JSON()) from None
    return data


def read(content: object, received_at: datetime) -> ParsedEvent:
    """Parse the JSON of one event. Raises NotUnderstoodError."""
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
    """Return the id of the object that data is about, or None, and whether the data is the object's own."""
    own, named = read_id(data), read_id(data, effect.id_names)
    if effect.part and effect.part in data:
        holder = data.get(effect.resource.name.removesuffix("s"))
        return (named if named is not None or not isinstance(holder, dict) else read_id(holder)), False
    if named is None:
        return own, True
    return named, own in {None, named}


def read_moments(value: object, received_at: datetime) -> tuple[datetime, datetime]:
    """Return when an event happened, and until when its data held; both are `received_at` without a possible date.

    Offorte's dates have no fraction, so an event counts as of the end of its second. Otherwise a list that was read
    earlier in that second would take precedence over it.
    """
    try:
        happened_at = decode_datetime(value)
    except ValueError:
        happened_at = None
    if happened_at is None or happened_at > received_at:
        return received_at, received_at
    # An hour that occurs twice in October is taken for the later one, unless that is in the future.
    later = happened_at + timedelta(hours=1)
    clocks = {each.astimezone(_AMSTERDAM).replace(tzinfo=None, fold=0) for each in (happened_at, later)}
    if len(clocks) == 1 and later <= received_at:
        happened_at = later.astimezone(UTC)
    as_of = happened_at if happened_at.microsecond else happened_at + _REST_OF_SECOND
    return happened_at, min(as_of, received_at)


def read_company_id(person: Json) -> int | None:
    """Return the id of a person's company, given as an id or an object; None if there is none."""
    company: Any = person.get("company")
    for value in (person.get("company_id"), company.get("id") if isinstance(company, dict) else None):
        try:
            number = decode_int(value)
        except ValueError:
            continue
        if number is not None and number >= 0:
            return number
    return None
