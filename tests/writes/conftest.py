"""An account whose mirror is filled, and short ways to ask for writes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.requests import Request
from offorte_portal.writes import asking, performing
from offorte_portal.writes.models import Operation
from tests.support.factories import make_staff
from tests.support.mirrored import mirror_account


@dataclass
class Desk:
    """A member of staff at work in a connected account."""

    connection: Connection
    person: User
    simulator: Simulator

    @property
    def account(self) -> Account:
        """The account at Offorte."""
        return self.simulator.account("bouw")

    def ask(self, verb: str, target: str, draft: dict[str, Any] | None = None, **options: Any) -> Operation:
        """Ask for a write, which waits."""
        options = {"by": self.person, "connection": self.connection, **options}
        return asking.request(verb=verb, target=target, draft=draft or {}, **options)

    def do(self, verb: str, target: str, draft: dict[str, Any] | None = None, **options: Any) -> Operation:
        """Ask for a write and wait for what comes of it."""
        return performing.perform(self.ask(verb, target, draft, **options))

    def written(self) -> list[Request]:
        """The writes that reached Offorte."""
        return [request for request in self.simulator.requests if request.method != "GET"]

    def sync(self) -> None:
        """Fill the mirror with all that Offorte has."""
        mirror_account(self.connection, self.simulator)
        self.simulator.log.clear()

    def company(self, **fields: Any) -> int:
        """A company at Offorte that the mirror does not know."""
        return int(self.account.create_company(**({"name": "De Vries Bouw"} | fields))["id"])


@pytest.fixture
def desk(simulator: Simulator, connect: Callable[..., Connection]) -> Desk:
    """A desk whose mirror is empty."""
    return Desk(connect(), make_staff("sanne", first_name="Sanne", last_name="Jansen"), simulator)
