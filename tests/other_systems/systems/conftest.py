from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from offorte_portal.other_systems.systems import answers, registry
from offorte_portal.other_systems.systems.http import Credentials, Http
from offorte_portal.other_systems.systems.interface import Reader
from offorte_portal.simulator.sources import SourceSimulator

SAMPLES = Path(__file__).parent / "samples"
SECRETS: dict[str, dict[str, Any]] = {"administrate": {"username": "rest@acme.example"}}


def sample(name: str) -> Any:
    """A stored answer, read as the portal reads one."""
    return answers.parse((SAMPLES / f"{name}.json").read_bytes())


@pytest.fixture
def other() -> Iterator[SourceSimulator]:
    with SourceSimulator(quotes=12) as running:
        yield running


@pytest.fixture
def reader_of(other: SourceSimulator) -> Iterator[Callable[..., Reader]]:
    """A reader of one of the simulated systems; `slept` of its `http` holds how long it would have waited."""
    opened: list[Http] = []

    def make(name: str, *, secret: str = "", token: str = "", **options: Any) -> Reader:
        system = registry.find(name)
        complete = system.complete(SECRETS.get(name, {}) | options)
        access = system.authenticate(complete, Credentials(secret or other.systems[name].secret, token))
        slept: list[float] = []
        http = Http(other.systems[name].url, access, sleep=slept.append)
        http.slept = slept  # type: ignore[attr-defined]
        opened.append(http)
        return system.reader(http, complete)

    yield make
    for http in opened:
        http.close()
