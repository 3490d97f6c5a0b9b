"""The worker as it runs in production, in processes of its own that can be stopped and killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass
class Cluster:
    """A running `qcluster`; its processes are a group of their own."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def signal_all(self, number: signal.Signals) -> None:
        """Send a signal to the cluster and all of its children."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """End all of it as only `kill -9` does."""
        self.signal_all(signal.SIGKILL)
        self.process.wait()

    def children(self) -> list[int]:
        """The processes that the cluster has started, its sentinel first."""
        return [child for parent in self._of(self.process.pid) for child in (parent, *self._of(parent))]

    def _of(self, pid: int) -> list[int]:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def cluster(settings_of: dict[str, str], log: Path, *, script: str = "") -> Iterator[Cluster]:
    """A worker that is ready for work, or a script that runs one; killed in the end if it is still there."""
    command = ["-c", script] if script else [str(Path(settings.BASE_DIR) / "manage.py"), "qcluster"]
    with log.open("ab") as output:
        begins_at = output.tell()
        process = subprocess.Popen(
            [sys.executable, *command], env=settings_of, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    running = Cluster(process, log)
    try:
        wait_until(lambda: b"ready for work" in log.read_bytes()[begins_at:], seconds=60)
        yield running
    finally:
        running.signal_all(signal.SIGCONT)
        running.kill()


def wait_until(is_so: Callable[[], object], *, seconds: float) -> float:
    """Wait until something is so; answer how many seconds that took, and fail where it takes longer than allowed."""
    began_at = time.monotonic()
    while not is_so():
        assert time.monotonic() - began_at < seconds, f"not so within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - began_at
