"""A system that answers slowly ends a call, and neither the task nor the import."""

import time
from collections.abc import Callable

import pytest
from pytest_django import Settings

from offorte_portal import other_systems as quotes
from offorte_portal.models import QuoteImport, Source
from offorte_portal.other_systems.probing import probe
from offorte_portal.other_systems.systems import open_reader
from offorte_portal.sources.errors import TooSlow
from tests.http.servers import Handler, drip_body, drip_headers, serve


@pytest.mark.parametrize("handle", [drip_headers, drip_body])
def test_a_system_that_drips_ends_the_call_and_not_the_task(
    add_source: Callable[..., Source], settings: Settings, handle: Handler
) -> None:
    settings.SOURCE_CALL_SECONDS = 0.5
    with serve(handle) as port:
        source = add_source("workspace", base_url=f"http://127.0.0.1:{port}")
        run = quotes.request(source, trigger=QuoteImport.Trigger.COMMAND, is_queued=False)
        begun = time.monotonic()
        assert quotes.advance(run.pk) is not None
        assert time.monotonic() - begun < 10
        run.refresh_from_db()
        assert (run.state, run.failures, run.lease) == ("waiting", 1, "")
        assert "slow" in run.reason
        assert not probe(source)
        assert "slow" in source.state_reason


def test_a_step_of_several_requests_has_no_more_time_than_the_slice_and_a_call(
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
