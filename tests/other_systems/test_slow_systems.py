"""A system that answers slowly ends a call, and neither the task nor the import."""

import time
from collections.abc import Callable

import pytest
from pytest_django import Settings

from offorte_portal.other_systems import runs, work
from offorte_portal.other_systems.models import QuoteImport, Source
from offorte_portal.other_systems.opening import open_reader
from offorte_portal.other_systems.probing import probe
from offorte_portal.other_systems.systems.errors import TooSlow
from offorte_portal.runs.reasons import put_into_words
from tests.http.servers import Handler, drip_body, drip_headers, serve


@pytest.mark.parametrize("handle", [drip_headers, drip_body])
def test_a_system_that_drips_ends_the_call_and_not_the_task(
    add_source: Callable[..., Source], settings: Settings, handle: Handler
) -> None:
    settings.SOURCE_CALL_SECONDS = 0.5
    with serve(handle) as port:
        source = add_source("workspace", base_url=f"http://127.0.0.1:{port}")
        run = runs.request(source, trigger=QuoteImport.Trigger.COMMAND, is_queued=False)
        begun = time.monotonic()
        assert work.advance(run.pk) is not None
        assert time.monotonic() - begun < 10
        run.refresh_from_db()
        assert (run.state, run.failures, run.lease) == ("waiting", 1, "")
        assert "too long" in put_into_words(run.reason)
        assert not probe(source)
        assert "too long" in put_into_words(source.state_reason)


def test_a_step_takes_no_longer_than_the_slice_and_a_call(
    add_source: Callable[..., Source], settings: Settings
) -> None:
    settings.SOURCE_CALL_SECONDS = 5
    with serve(drip_body) as port:
        source = add_source("workspace", base_url=f"http://127.0.0.1:{port}")
        with open_reader(source, seconds=0.7) as reader:
            begun = time.monotonic()
            for _ in range(4):
                with pytest.raises(TooSlow):
                    reader.read_page("")
    assert time.monotonic() - begun < 5
