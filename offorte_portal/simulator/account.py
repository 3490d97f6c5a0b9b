"""One Offorte account: its data, its changes and its tokens."""

from offorte_portal.simulator.changes.catalog import CatalogChanges
from offorte_portal.simulator.changes.contacts import ContactChanges
from offorte_portal.simulator.changes.prospects import ProspectChanges
from offorte_portal.simulator.changes.webhooks import WebhookChanges
from offorte_portal.simulator.clock import Clock
from offorte_portal.simulator.records import Record
from offorte_portal.simulator.switches import Switches
from offorte_portal.simulator.tokens import TOKEN_LIFETIME, TokenStore

PASSWORD = "demo"


class Account(ContactChanges, CatalogChanges, ProspectChanges, WebhookChanges):
    """An account as tests and the HTTP interface see it.

    Client id and secret are `NAME-client` and `NAME-secret` unless set; every user signs in with password `demo`.
    """

    def __init__(self, name: str, *, clock: Clock, switches: Switches, base_url: str) -> None:
        super().__init__(name, clock=clock, switches=switches, base_url=base_url)
        self.client_id = f"{name}-client"
        self.client_secret = f"{name}-secret"
        self.redirect_uris: list[str] = []
        self.password = PASSWORD
        self.tokens = TokenStore(clock)

    @property
    def user_email(self) -> str:
        """Login of the account's first user."""
        return str(next(iter(self.users.values()))["email"])

    def issue_token(self) -> Record:
        """A token as the OAuth endpoints answer it, without the handshake."""
        return self.token_answer(*self.tokens.issue())

    def token_answer(self, access: str, refresh: str) -> Record:
        """The body of a token answer; `refresh` may be empty."""
        answer: Record = {"access_token": access, "token_type": "Bearer"}
        if self.switches.tells_token_lifetime:
            answer["expires_in"] = TOKEN_LIFETIME
        return answer | {"refresh_token": refresh} if refresh else answer

    def revoke_tokens(self) -> None:
        """End every token of the account."""
        self.tokens.revoke_all()
