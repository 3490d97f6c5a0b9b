"""A proposal that the portal has made, what the portal sends of it and what colleagues do at Offorte's own screens."""

from dataclasses import dataclass
from typing import Any

from offorte_portal.simulator import Fault
from offorte_portal.writes.models import Operation
from tests.writes.conftest import Desk
from tests.writes.settling.losses import age

State = Operation.State
MESSAGE = "Beste {company_people_firstname},\n\nHierbij onze offerte voor het nieuwe dak. Ik licht hem graag toe."


@dataclass
class Letters:
    """The proposal `id` for `person`; `other` works at the same company, and `colleague` is not its owner."""

    desk: Desk
    id: int
    person: int
    other: int
    colleague: int

    def send(self, fault: str = "", *, minutes: float = 3, **draft: Any) -> Operation:
        """Send it from the portal; where a fault is given the answer is lost, so many minutes ago."""
        draft = {"send_message": MESSAGE} | draft
        if fault:
            self.desk.simulator.faults.add(Fault(fault, method="POST", path=r"/proposals/\d+/send/?"))  # type: ignore[arg-type]
        operation = self.desk.do("send", "proposals", draft, remote_id=self.id)
        self.desk.simulator.faults.clear()
        assert operation.state == (State.UNKNOWN if fault else State.DONE), operation.reason
        return age(operation, minutes) if fault else operation

    def mail(self, minutes: float = 0, **options: Any) -> None:
        """A colleague mails it from Offorte, so many minutes from now."""
        given: dict[str, Any] = {"message": "Ter info, groet Kees", "contacts": [self.other], "by": self.colleague}
        self.desk.simulator.clock.advance(minutes * 60)
        self.desk.account.send_proposal(self.id, **(given | options))
        self.desk.simulator.clock.advance(-minutes * 60)

    def move(self, status: str) -> None:
        """A colleague changes its status."""
        self.desk.account.update_proposal(self.id, status=status, by=self.colleague)

    @property
    def mails(self) -> int:
        """The mails that went out in the owner's name, as the portal's do."""
        owner = self.desk.account.user_name(self.desk.account.proposals[self.id]["account_user_id"])
        return sum(mail.sender == owner for mail in self.desk.account.proposals[self.id]["emails"])


def write_letters(desk: Desk) -> Letters:
    """A new proposal for one of the two people of a company, all of it made by the portal; Offorte tells its owner."""
    desk.simulator.switches.vintage = "live"
    company = make(desk, "companies", {"name": "De Vries Bouw"})
    people = [
        make(desk, "people", {"fullname": f"{name} Bos", "email": f"{name}@Bouw.example"}, parent_remote_id=company)
        for name in ("Anna", "Bram")
    ]
    owner, colleague = list(desk.account.users)[:2]
    draft = {"name": "Dak", "company_id": company, "account_user_id": owner, "company_contacts": people[:1]}
    return Letters(desk, make(desk, "proposals", draft), people[0], people[1], colleague)


def make(desk: Desk, target: str, draft: dict[str, Any], **options: Any) -> int:
    """Create something with the portal; answer its Offorte id."""
    made = desk.do("create", target, draft, **options)
    assert made.remote_id
    return made.remote_id
