"""All that one account holds, and the bookkeeping that its changes share."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import cast

from offorte_portal.simulator.clock import Clock
from offorte_portal.simulator.records import Event, Ids, Kind, Mail, Record
from offorte_portal.simulator.switches import Switches

Subscriber = Callable[[Event], None]


class AccountState:
    """The data of an account; changes happen under `lock` and send events."""

    def __init__(self, name: str, *, clock: Clock, switches: Switches, base_url: str) -> None:
        self.name = name
        self.clock = clock
        self.switches = switches
        self.base_url = base_url
        self.currency = "EUR"
        self.lock = threading.RLock()
        self.companies: dict[int, Record] = {}
        self.people: dict[int, Record] = {}
        self.directories: dict[int, Record] = {}
        self.products: dict[int, Record] = {}
        self.proposals: dict[int, Record] = {}
        self.webhooks: dict[int, Record] = {}
        self.users: dict[int, Record] = {}
        self.former_users: dict[int, Record] = {}
        self.vat_groups: dict[int, Record] = {}
        self.design_templates: dict[int, Record] = {}
        self.text_templates: dict[int, Record] = {}
        self.email_templates: dict[int, Record] = {}
        self.proposal_templates: dict[int, Record] = {}
        self.automation_sets: dict[int, Record] = {}
        self.people_of: dict[int, list[int]] = defaultdict(list)
        self.removed: dict[tuple[Kind, int], Record] = {}
        self.hidden: set[tuple[Kind, int]] = set()
        self.ids: dict[str, Ids] = defaultdict(Ids)
        self.ids["version"] = Ids(50001)
        self.sent_mails: list[Mail] = []
        self.is_subscribed: Callable[[str, str], bool] = lambda account, event: False
        self.subscriber: Subscriber = lambda event: None

    def items(self, kind: Kind) -> dict[int, Record]:
        """The living items of a kind, hidden ones included."""
        return {
            "company": self.companies,
            "person": self.people,
            "directory": self.directories,
            "product": self.products,
            "proposal": self.proposals,
            "webhook": self.webhooks,
        }[kind]

    def visible(self, kind: Kind, ids: Iterable[int] | None = None) -> list[int]:
        """Ids of the items that lists show."""
        wanted = self.items(kind) if ids is None else ids
        return [id for id in wanted if (kind, id) not in self.hidden] if self.hidden else list(wanted)

    def hide(self, kind: Kind, id: int) -> None:
        """Hide an item: it leaves the lists, and asking for it answers 403."""
        with self.lock:
            self.hidden.add((kind, id))

    def unhide(self, kind: Kind, id: int) -> None:
        """Show a hidden item again."""
        with self.lock:
            self.hidden.discard((kind, id))

    def user(self, id: int) -> Record:
        """A user, whether still active or not."""
        return self.users.get(id) or self.former_users[id]

    def company_of(self, proposal: Record) -> Record:
        """The company of a proposal as it is or, if it was deleted, as it last was."""
        id = cast("int", proposal["company_id"])
        return self.companies.get(id) or self.removed[("company", id)]

    def emit(self, type: str, kind: Kind, id: int, data: Callable[[], Record]) -> None:
        """Send a change to the webhooks; `data` is called only if one is subscribed."""
        if self.is_subscribed(self.name, type):
            self.subscriber(Event(self.name, type, (kind, id), self.clock.now(), data()))
