"""gunicorn in a process of its own, and raw lines to it."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from offorte_portal.simulator.server import free_port
from tests.journeys.processes import wait_until

HOST = b"Host: 127.0.0.1\r\n"


@dataclass(frozen=True)
class Answer:
    """All that came until the server hung up."""

    status: int
    head: bytes
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        """What the echoing application was asked."""
        answer: dict[str, Any] = json.loads(self.body)
        return answer


_running: dict[int, "subprocess.Popen[bytes]"] = {}


@contextmanager
def serve(application: str, **environment: str) -> Iterator[int]:
    """Serve with one process; yield the port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    process = subprocess.Popen(
        [*command, "--log-level", "critical"], env=os.environ | environment, cwd=settings.BASE_DIR
    )
    _running[port] = process
    try:
        wait_until(lambda: is_up(port), seconds=60)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=40)


def kept_on_disk(port: int) -> int:
    """How many bytes the serving process has in files without a name."""
    parent = _running[port].pid
    [pid] = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    size = 0
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # it is closed since it was listed
            size += file.stat().st_size if "/#" in os.readlink(file) else 0
    return size


def is_up(port: int) -> bool:
    """Whether a request is answered."""
    try:
        return ask(port, b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n").status == 200
    except OSError:
        return False


def connect(port: int, data: bytes = b"", *, room: int = 0) -> socket.socket:
    """A line that has sent something, with so much room for the answer, where that is said."""
    line = socket.socket()
    if room:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    line.settimeout(20)
    try:
        line.connect(("127.0.0.1", port))
        line.sendall(data)
    except OSError:
        line.close()
        raise
    return line


def ask(port: int, *parts: bytes) -> Answer:
    """Send parts, each on its way before the next, and wait for the answer."""
    with connect(port) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            line.sendall(part)
        return read_answer(line)


def read_answer(line: socket.socket) -> Answer:
    """Read until the server hangs up. Raises OSError where it does so without an answer."""
    received = b""
    while data := line.recv(65536):
        received += data
    if not received:
        raise ConnectionError("no answer")
    head, _, body = received.partition(b"\r\n\r\n")
    return Answer(int(head.split(b" ")[1]), head, body)
