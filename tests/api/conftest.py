from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
import requests
from requests.auth import AuthBase

from offorte_portal.api.client import Client
from offorte_portal.api.transport import Transport
from offorte_portal.simulator import Simulator, Size

SIZE = Size(companies=3, people=6, directories=2, products=4, proposals=10)


@dataclass
class RecordingGate:
    """Lets everything through and remembers what it was told."""

    acquired: int = 0
    pauses: list[float | None] = field(default_factory=list)

    def acquire(self) -> None:
        self.acquired += 1

    def pause(self, seconds: float | None) -> None:
        self.pauses.append(seconds)


@dataclass
class Bearer(AuthBase):
    """Sends whatever token it holds at the moment."""

    token: str

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class World:
    """An account of a simulator and a client of it, with everything between them in sight."""

    def __init__(
        self, simulator: Simulator, on_unauthorized: Callable[[], bool] | None = None, patience: float = 30
    ) -> None:
        self.simulator = simulator
        self.account = simulator.account("bouw")
        self.gate = RecordingGate()
        self.slept: list[float] = []
        self.bearer = Bearer(self.account.issue_token()["access_token"])
        self.session = requests.Session()
        self.session.auth = self.bearer
        self.transport = Transport(
            simulator.api_url.format(account="bouw"),
            self.session,
            self.gate,
            read_timeout=patience,
            on_unauthorized=on_unauthorized,
            sleep=self.slept.append,
        )
        self.client = Client(self.transport)

    @property
    def sent(self) -> list[str]:
        """The requests that arrived, as "METHOD /path"."""
        return [f"{request.method} {request.path}" for request in self.simulator.requests]


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(accounts={"bouw": SIZE}, seed=1, requests_per_minute=None) as running:
        yield running


@pytest.fixture
def world(simulator: Simulator) -> Iterator[World]:
    built = World(simulator)
    yield built
    built.transport.close()


@pytest.fixture
def impatient_world(simulator: Simulator) -> Iterator[World]:
    """One whose client waits half a second for an answer."""
    built = World(simulator, patience=0.5)
    yield built
    built.transport.close()
