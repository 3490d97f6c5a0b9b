"""Tests a connection: stores one anonymised answer, for people to compare with the reference."""

import json
from contextlib import suppress

from offorte_portal import ports
from offorte_portal.other_systems.models import Source
from offorte_portal.other_systems.opening import open_reader, without_secrets
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.other_systems.systems.answers import Raw, anonymise, write
from offorte_portal.other_systems.systems.errors import Missing, SourceError, WrongAddress
from offorte_portal.other_systems.systems.interface import Reader


def probe(source: Source) -> bool:
    """Read the beginning of the list and store one anonymised quote; return whether that worked.

    `state_reason` says why it did not. The system's statuses and layouts are stored, too.
    """
    source.tested_at = ports.now()
    try:
        with open_reader(source) as reader:
            raw = read_one(reader)
            # That a system can't be asked for these does not prevent an import.
            source.known_statuses, source.known_layouts = {}, []
            with suppress(SourceError):
                source.known_statuses = reader.list_statuses()
            with suppress(SourceError):
                source.known_layouts = reader.list_layouts()
        sample = None if raw is None else json.loads(write(anonymise(without_secrets(source, raw))))
        source.sample = "" if sample is None else json.dumps(sample, indent=2, ensure_ascii=False)
        source.state, source.state_reason = Source.State.READY, None
    except SourceError as error:
        source.state, source.state_reason = Source.State.FAILED, error.reason
    source.save(update_fields=["tested_at", "sample", "known_statuses", "known_layouts", "state", "state_reason"])
    return source.state == Source.State.READY


def read_one(reader: Reader) -> Raw | None:
    """Return the first quote of the list; None where the list is empty. Raises SourceError."""
    try:
        page = reader.read_page("")
    except Missing:
        raise WrongAddress(SourceReason.NOT_THERE) from None
    if not page.items:
        return None
    first = page.items[0]
    return reader.get(first.external_id) if first.raw is None else first.raw
