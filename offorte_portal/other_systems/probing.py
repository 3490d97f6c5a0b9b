"""Tests a connection: stores one anonymised answer, for people to compare with the reference."""

import json
from contextlib import suppress

from offorte_portal import ports
from offorte_portal.other_systems.failing import QUOTE, explain, explain_list
from offorte_portal.other_systems.models import Source
from offorte_portal.other_systems.opening import clean, open_reader, system_of
from offorte_portal.other_systems.systems.answers import Raw, anonymise, redact, write
from offorte_portal.other_systems.systems.errors import Malformed, Missing, SourceError
from offorte_portal.other_systems.systems.interface import Reader, System

# How many quotes a test asks for until one can be read.
MOST_ASKED = 5


def probe(source: Source) -> bool:
    """Read the beginning of the list and store one anonymised quote; return whether that worked.

    `state_reason` says why it did not. The system's statuses and layouts are stored, too.
    """
    source.tested_at = ports.now()
    try:
        with open_reader(source) as reader:
            raw = read_one(system_of(source), reader)
            # That a system can't be asked for these does not prevent an import.
            source.known_statuses, source.known_layouts = {}, []
            with suppress(SourceError):
                source.known_statuses = redact(reader.list_statuses())
            with suppress(SourceError):
                source.known_layouts = redact(reader.list_layouts())
        source.sample = "" if raw is None else anonymous(source, raw)
        source.state, source.state_reason = Source.State.READY, None
    except SourceError as error:
        source.state, source.state_reason = Source.State.FAILED, explain(system_of(source), QUOTE, error)
    source.save(update_fields=["tested_at", "sample", "known_statuses", "known_layouts", "state", "state_reason"])
    return source.state == Source.State.READY


def anonymous(source: Source, raw: Raw) -> str:
    """Return the anonymised JSON of an answer. Raises Malformed where it can't be stored."""
    (answer,) = clean(source, [raw])
    if answer is None:
        raise Malformed
    return json.dumps(json.loads(write(anonymise(answer.raw))), indent=2, ensure_ascii=False)


def read_one(system: System, reader: Reader) -> Raw | None:
    """Return the first quote of the list that can be read; None where the list is empty.

    Raises SourceError where neither it nor any of the next MOST_ASKED can.
    """
    try:
        page = reader.read_page("")
    except SourceError as error:
        raise explain_list(system, error) from None
    if not page.items:
        return None
    refusal: SourceError | None = None
    for item in page.items[:MOST_ASKED]:
        try:
            return reader.get(item.external_id) if item.raw is None else item.raw
        except SourceError as error:
            refusal = refusal or error
    raise refusal or Missing
