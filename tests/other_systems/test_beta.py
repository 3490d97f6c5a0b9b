"""Systems whose API is a beta are read only where that is switched on; what was imported stays."""

from collections.abc import Callable

import pytest
from pytest_django import Settings

from offorte_portal.other_systems import runs
from offorte_portal.other_systems.models import Source
from offorte_portal.other_systems.opening import fetch_document
from offorte_portal.other_systems.probing import probe
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.other_systems.systems.errors import SourceError
from offorte_portal.simulator.sources import SourceSimulator
from tests.other_systems.conftest import run_import
from tests.other_systems.dumps import dump_quotes


@pytest.fixture
def source(add_source: Callable[..., Source], other: SourceSimulator, settings: Settings) -> Source:
    """Fynn, imported from while betas were switched on."""
    made = add_source("fynn", interval=Source.Interval.HOUR)
    assert run_import(made).state == "done"
    settings.PORTAL_BETA_SYSTEMS = False
    other.log.clear()
    return made


def test_nothing_is_asked_and_nothing_is_lost(source: Source, other: SourceSimulator) -> None:
    before = dump_quotes(source)
    run = run_import(source)
    assert (run.state, run.reason) == ("failed", SourceReason.SWITCHED_OFF())
    assert not probe(source)
    assert source.state_reason == SourceReason.SWITCHED_OFF()
    quote = source.quotes.exclude(documents=[]).first()
    assert quote is not None
    with pytest.raises(SourceError):
        fetch_document(quote, 0)
    assert other.requests == []
    assert dump_quotes(source) == before


def test_the_schedule_pauses_and_goes_on(source: Source, settings: Settings, add_source: Callable[..., Source]) -> None:
    source.imports.update(created_at="2020-01-01T00:00:00Z")
    other = add_source("cirrus", interval=Source.Interval.HOUR, state=Source.State.READY)
    assert [run.source for run in runs.request_due()] == [other], "other systems are read as ever"
    settings.PORTAL_BETA_SYSTEMS = True
    assert [run.source for run in runs.request_due()] == [source]
