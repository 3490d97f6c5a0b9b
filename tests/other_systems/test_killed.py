"""An import whose process is killed goes on where it stood, with the same result as one that was not."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from offorte_portal.other_systems import runs, work
from offorte_portal.other_systems.models import QuoteImport, Source
from offorte_portal.simulator.sources import SourceSimulator
from tests.other_systems.conftest import OPTIONS, SYSTEMS, run_import
from tests.other_systems.dumps import dump_quotes, dump_records
from tests.support.processes import environment

pytestmark = pytest.mark.django_db(transaction=True)

LEFT_OUT = {"mapped_from", "missing_since"}


@pytest.fixture
def other(system: str) -> Iterator[SourceSimulator]:
    """Several pages, or some dozens of requests."""
    with SourceSimulator(quotes=30 if system == "fynn" else 120) as running:
        yield running


def make(system: str, other: SourceSimulator, label: str) -> Source:
    return Source.objects.create(
        system=system,
        label=label,
        base_url=other.systems[system].url,
        secret=other.systems[system].secret,
        options=OPTIONS.get(system, {}),
        requests_per_second=0,
    )


@pytest.mark.parametrize("system", SYSTEMS)
def test_killed_in_the_middle(system: str, other: SourceSimulator) -> None:
    whole = make(system, other, "Whole")
    assert run_import(whole).state == "done"
    calls = len(other.sent(system))
    other.log.clear()

    killed = make(system, other, "Killed")
    # Killed while it waits for an answer, it surely holds its lease: between two slices it does not.
    asked = max(2, calls // 3)
    other.add_fault("slow", after=asked - 1, seconds=60)
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "import_quotes", "Killed"]
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wait_for_fault(other, process)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    if process.stderr:
        process.stderr.close()

    run = QuoteImport.objects.get(source=killed)
    assert (run.is_active, run.lease != "") == (True, True)
    assert work.advance(run.pk) is None, "the dead process still holds the lease"
    outlast_lease(run)
    other.faults.clear()
    run = work.import_now(run)
    assert (run.state, run.reason) == ("done", None)
    assert plain(killed) == plain(whole)
    assert dump_records(killed) == dump_records(whole)
    # What was asked when the process died may have to be asked again, and no more than that.
    assert len(other.sent(system)) <= calls + 1


def outlast_lease(run: QuoteImport) -> None:
    """Until the lease is over. A database server may still be at what the dead process sent last, which renews it."""
    until = time.monotonic() + 20
    while True:
        QuoteImport.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        if run in runs.resume_stranded():
            return
        assert time.monotonic() < until
        time.sleep(0.1)


def plain(source: Source) -> dict[str, dict[str, object]]:
    """All that was imported, without fingerprints that hold keys."""
    dumped = dump_quotes(source)
    return {key: {name: value for name, value in row.items() if name not in LEFT_OUT} for key, row in dumped.items()}


def wait_for_fault(other: SourceSimulator, process: "subprocess.Popen[bytes]") -> None:
    """Until the slow answer is waited for."""
    until = time.monotonic() + 60
    while other.faults.waiting:
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        assert time.monotonic() < until
        time.sleep(0.02)
