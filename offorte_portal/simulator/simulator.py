"""The simulator as one object: starts, serves in the background, and ends."""

import time
from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Literal, Self

from offorte_portal.simulator.account import Account
from offorte_portal.simulator.clock import Clock
from offorte_portal.simulator.faults import Faults
from offorte_portal.simulator.gate import Gate
from offorte_portal.simulator.pages.site import create_site
from offorte_portal.simulator.ratelimit import RateLimit
from offorte_portal.simulator.records import Mail
from offorte_portal.simulator.requests import Request, RequestLog
from offorte_portal.simulator.seed import fill
from offorte_portal.simulator.server import Server
from offorte_portal.simulator.size import Size
from offorte_portal.simulator.switches import Switches, Vintage
from offorte_portal.simulator.webhooks import BATCH_SECONDS, Webhooks


class Simulator:
    """A fake Offorte over real HTTP on 127.0.0.1; use it as a context manager, or `start` and `stop` it.

    `switches` holds the behaviours that may be changed while it runs; further ones than those named here are
    given by keyword. The rate limit counts in real time unless `limit_follows_clock`; a `start` sets the simulated
    time at which the data ends.
    """

    def __init__(
        self,
        accounts: Mapping[str, Size] | None = None,
        *,
        seed: int = 1,
        requests_per_minute: int | None = 30,
        vintage: Vintage = "live",
        past_the_end: Literal["empty", "not_found", "repeat"] = "empty",
        port: int = 0,
        start: datetime | None = None,
        limit_follows_clock: bool = False,
        webhook_batch_seconds: float = BATCH_SECONDS,
        **switches: Any,
    ) -> None:
        self.seed = seed
        self.clock = Clock(start)
        self.switches = Switches(vintage=vintage, past_the_end=past_the_end, **switches)
        self.faults = Faults()
        self.limit = RateLimit(requests_per_minute, self.clock.time if limit_follows_clock else time.monotonic)
        self.log = RequestLog()
        self.sizes = dict(accounts or {"bouw": Size()})
        self.accounts: dict[str, Account] = {}
        self.webhooks = Webhooks(self.accounts, self.clock, webhook_batch_seconds)
        self._gate = Gate(create_site(self), limit=self.limit, faults=self.faults, log=self.log, switches=self.switches)
        self._server = Server("127.0.0.1", port, self._gate)
        self.url = self._server.url
        for name, size in self.sizes.items():
            self.add_account(name, size)

    @property
    def api_url(self) -> str:
        """Base of the API, with a literal {account} in it."""
        return f"{self.url}/api/v1/{{account}}"

    @property
    def oauth_url(self) -> str:
        """Base of the OAuth pages, with a literal {account} in it."""
        return f"{self.url}/{{account}}/oauth2"

    @property
    def requests(self) -> list[Request]:
        """A copy of the log of requests to the API and the OAuth endpoints."""
        return self.log.copy()

    @property
    def sent_mails(self) -> list[Mail]:
        """Every proposal mail sent, of all accounts."""
        return [mail for account in self.accounts.values() for mail in account.sent_mails]

    def account(self, name: str) -> Account:
        """An account by its name."""
        return self.accounts[name]

    def add_account(self, name: str, size: Size) -> Account:
        """Create an account, or replace it, and fill it."""
        account = Account(name, clock=self.clock, switches=self.switches, base_url=self.url)
        fill(account, size=size, seed=self.seed)
        self.accounts[name] = account
        self.webhooks.attach(account)
        return account

    def reset(self) -> None:
        """Everything as at the start, but for the time: fresh data, no tokens, no faults, an empty log."""
        self.faults.clear()
        self.limit.clear()
        self.log.clear()
        for delivery in self.webhooks.pending:
            self.webhooks.drop(delivery)
        for name, size in self.sizes.items():
            credentials = self.accounts[name].client_id, self.accounts[name].client_secret
            redirect_uris = self.accounts[name].redirect_uris
            account = self.add_account(name, size)
            account.client_id, account.client_secret = credentials
            account.redirect_uris = redirect_uris

    def start(self) -> Self:
        """Serve in background threads."""
        self.webhooks.start()
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop serving and close every connection."""
        self.faults.clear()
        self._server.stop()
        self.webhooks.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
