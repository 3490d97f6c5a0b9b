"""Proposals: create, update, send, delete."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from offorte_portal.simulator.pricing import PriceTable, sum_tables
from offorte_portal.simulator.records import STATUSES, Author, LogEntry, Mail, Receiver, Record, SentEmail
from offorte_portal.simulator.rendering.proposals import ProposalRendering

STATUS_EVENTS = {"won": "proposal_won", "lost": "proposal_lost", "closed": "proposal_lost"}
TOLD_CHANGES = {
    "name", "status", "company_id", "contacts", "version_id", "price_total_override", "price_total_original",
}  # fmt: skip


class ProposalChanges(ProposalRendering):
    """Changes of proposals by users, with their events."""

    def create_proposal(self, company_id: int, *, by_application: bool = False, **fields: Any) -> Record:
        """Write a proposal (status edit unless given); `pricetables` is a list of PriceTable."""
        with self.lock:
            if company_id not in self.companies:
                raise KeyError(company_id)
            id = self.ids["proposal"].take()
            now = self.clock.now()
            proposal = self.blank_proposal(id) | {
                "company_id": company_id,
                "created_at": now,
                "modified_at": now,
            }
            proposal |= fields
            proposal["modified_by"] = proposal["account_user_id"]
            proposal["price_total_original"] = sum_tables(proposal["pricetables"])
            author = self.user_name(proposal["account_user_id"])
            created = LogEntry(now, author, "proposal: created", "user", by_application)
            proposal["history"] = [created, *proposal["history"]]
            self.proposals[id] = proposal
            self.emit("proposal_created", "proposal", id, lambda: self.render_proposal_details(id))
            return proposal

    def blank_proposal(self, id: int) -> Record:
        """A new proposal's record, with every field at its default."""
        return {
            "id": id,
            "company_id": 0,
            "name": "",
            "status": "edit",
            "type": "magazine",
            "remarks": "",
            "version_id": self.ids["version"].take(),
            "version_nr": 1,
            "proposal_nr": f"{self.clock.now().year}-{len(self.proposals) + len(self.removed) + 1:05}",
            "account_user_id": next(iter(self.users)),
            "design_template_id": next(iter(self.design_templates)),
            "text_template_id": next(iter(self.text_templates)),
            "proposal_template_id": None,
            "automations_set_id": None,
            "proposal_language": "nl",
            "tags": [],
            "price_total_override": None,
            "price_total_original": Decimal("0.00"),
            "pages_total": 6,
            "won_at": None,
            "viewed_at": None,
            "contacts": [],
            "receivers": [],
            "comments": [],
            "history": [],
            "emails": [],
            "pricetables": [PriceTable("pricetable1")],
        }

    def update_proposal(self, id: int, *, by: int | None = None, by_application: bool = False, **fields: Any) -> Record:
        """Change the given fields; `price_total` fills in the pipeline value, `status` moves the proposal.

        `by` is the user who does it, the proposal's own unless given; or an application does (`by_application`).
        """
        with self.lock:
            proposal = self.proposals[id]
            if "price_total" in fields:
                fields["price_total_override"] = Decimal(str(fields.pop("price_total")))
            if fields.get("status", "edit") not in STATUSES:
                raise ValueError(fields["status"])
            if "pricetables" in fields:
                fields["version_id"] = self.ids["version"].take()
                fields["version_nr"] = proposal["version_nr"] + 1
                fields["price_total_original"] = sum_tables(fields["pricetables"])
            changed = {name for name, value in fields.items() if proposal[name] != value}
            if changed:
                now = self.clock.now()
                proposal.update(fields, modified_at=now, modified_by=by or proposal["account_user_id"])
                if "status" in changed:
                    self.log(
                        proposal, f"proposal: status {proposal['status']}", "user", self.name_of(by), by_application
                    )
                    proposal["won_at"] = now if proposal["status"] == "won" else None
                self.emit_changes(id, changed)
            return proposal

    def emit_changes(self, id: int, changed: set[str]) -> None:
        """Send events for changes: of the details if a field that the reference names changed, and of won or lost."""
        if changed & TOLD_CHANGES:
            self.emit("proposal_details_updated", "proposal", id, lambda: self.render_proposal_details(id))
        event = STATUS_EVENTS.get(self.proposals[id]["status"])
        if event and "status" in changed:
            self.emit(event, "proposal", id, lambda: self.render_proposal_details(id))

    def send_proposal(
        self,
        id: int,
        *,
        message: str,
        by_offorte: bool = True,
        resets_passwords: bool = False,
        contacts: Sequence[int] | None = None,
        by: int | None = None,
        by_application: bool = False,
    ) -> list[Receiver]:
        """Send a proposal to its contacts with an e-mail address, by mail or (`by_offorte` false) as links only.

        A colleague at Offorte's own screens (`by`) may send it to a few of the company's people alone (`contacts`).
        """
        with self.lock:
            proposal = self.proposals[id]
            known: dict[str, Receiver] = {receiver.email: receiver for receiver in proposal["receivers"]}
            for person_id in proposal["contacts"] if contacts is None else contacts:
                person = self.people.get(person_id)
                if person and person["email"] and (resets_passwords or person["email"] not in known):
                    known[person["email"]] = self.new_receiver(person)
            proposal["receivers"] = list(known.values())
            if by_offorte:
                self._mail(proposal, message, contacts, by)
            action = "proposal: send" if by_offorte else "proposal: send by user"
            self.log(proposal, action, "user", self.name_of(by), by_application)
            changed = {"status"} if proposal["status"] != "open" else set()
            proposal.update(status="open", modified_at=self.clock.now())
            self.emit("proposal_send", "proposal", id, lambda: self.render_proposal_details(id))
            self.emit_changes(id, changed)
            return list(known.values())

    def new_receiver(self, person: Record) -> Receiver:
        """A receiver with a fresh key to the viewer."""
        id = self.ids["receiver"].take()
        return Receiver(id, person["fullname"], person["email"], f"{id * 7919 % 1000003:06x}{person['id']:x}")

    def _mail(self, proposal: Record, message: str, contacts: Sequence[int] | None, by: int | None) -> None:
        now = self.clock.now()
        addresses = None if contacts is None else {self.people[person]["email"] for person in contacts}
        receivers = [one for one in proposal["receivers"] if addresses is None or one.email in addresses]
        to = [(receiver.fullname, receiver.email) for receiver in receivers]
        sender = self.name_of(by) or self.user_name(proposal["account_user_id"])
        email = SentEmail(self.ids["email"].take(), now, proposal["version_nr"], message, sender, to)
        proposal["emails"].append(email)
        self.sent_mails.append(Mail(now, self.name, proposal["id"], tuple(email for _, email in to), message))

    def delete_proposal(self, id: int) -> None:
        """Delete a proposal."""
        with self.lock:
            last = self.render_proposal_details(id)
            self.removed[("proposal", id)] = self.proposals.pop(id)
            self.emit("proposal_deleted", "proposal", id, lambda: last)

    def user_name(self, id: int) -> str:
        """A user's full name."""
        user = self.user(id)
        return f"{user['firstname']} {user['lastname']}"

    def name_of(self, user: int | None) -> str:
        """A user's full name, empty for none."""
        return "" if user is None else self.user_name(user)

    def add_log_entry(self, id: int, action: str, *, author: Author = "user", person: str = "") -> None:
        """Add any line to the history, also an undocumented one."""
        with self.lock:
            self.log(self.proposals[id], action, author, person)

    def log(
        self, proposal: Record, action: str, author: Author, person: str = "", by_application: bool = False
    ) -> None:
        """Add a line to a proposal's history; by its user unless a person is named."""
        name = person or self.user_name(proposal["account_user_id"])
        proposal["history"].append(LogEntry(self.clock.now(), name, action, author, by_application))
