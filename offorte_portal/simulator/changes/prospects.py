"""Actions of prospects in the viewer: view, ask, choose, accept."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from offorte_portal.simulator.changes.proposals import ProposalChanges
from offorte_portal.simulator.pricing import sum_tables
from offorte_portal.simulator.records import Comment, Record
from offorte_portal.simulator.rendering.history import VIEWED, VIEWED_PDF

QUIET = timedelta(days=14)
Choices = dict[tuple[int, int], tuple[bool, Decimal]]
"""(table, row) -> (chosen, quantity)."""


class ProspectChanges(ProposalChanges):
    """Changes of proposals by their prospects, with their events. A person is an id or a full name."""

    def view_proposal(self, id: int, person: int | str, *, pdf: bool = False) -> Record:
        """Look at a proposal; the event comes the first time and after 14 quiet days."""
        with self.lock:
            proposal = self.proposals[id]
            last: datetime | None = proposal["viewed_at"]
            proposal["viewed_at"] = self.clock.now()
            name = self._person(person)["fullname"]
            self.log(proposal, VIEWED_PDF if pdf else VIEWED, "client", name)
            if last is None or proposal["viewed_at"] - last >= QUIET:
                self.emit("proposal_viewed", "proposal", id, lambda: self.render_proposal_details(id))
            return proposal

    def comment(self, id: int, person: int | str, text: str) -> Comment:
        """Ask a question about a proposal."""
        with self.lock:
            who = self._person(person)
            comment = self._add_comment(id, who, text, is_client=True)
            self.emit("proposal_comment_received", "proposal", id, lambda: self.render_comment_event(id))
            return comment

    def answer(self, id: int, text: str) -> Comment:
        """Answer as the proposal's user; no event is sent for that."""
        with self.lock:
            user = self.user(self.proposals[id]["account_user_id"])
            return self._add_comment(id, user, text, is_client=False)

    def choose(self, id: int, person: int | str, choices: Choices) -> Record:
        """Choose optional rows and quantities, where their rows leave that to the prospect."""
        with self.lock:
            proposal = self.proposals[id]
            before = proposal["price_total_original"]
            for (table, index), (is_chosen, quantity) in choices.items():
                rows = proposal["pricetables"][table].rows
                row = rows[index]
                rows[index] = replace(
                    row,
                    is_chosen=is_chosen if row.is_optional else row.is_chosen,
                    quantity=quantity if row.has_user_quantity else row.quantity,
                )
            proposal["price_total_original"] = sum_tables(proposal["pricetables"])
            self.log(proposal, "proposal: changed options", "client", self._person(person)["fullname"])
            if proposal["price_total_original"] != before:
                self.emit_changes(id, {"price_total_original"})
            return proposal

    def accept(self, id: int, person: int | str) -> Record:
        """Accept an open proposal, which makes it won; raises ValueError in any other status."""
        with self.lock:
            proposal = self.proposals[id]
            if proposal["status"] != "open":
                raise ValueError(f"proposal {id} is {proposal['status']}, not open")
            now = self.clock.now()
            proposal.update(status="won", won_at=now, modified_at=now)
            self.log(proposal, "proposal: accepted", "client", self._person(person)["fullname"])
            self.emit_changes(id, {"status"})
            return proposal

    def _add_comment(self, id: int, who: Record, text: str, *, is_client: bool) -> Comment:
        comment = Comment(
            self.ids["comment"].take(),
            self.clock.now(),
            text,
            "client" if is_client else "user",
            who["firstname"],
            who["lastname"],
            who["email"],
        )
        proposal = self.proposals[id]
        proposal["comments"].append(comment)
        name = "" if not is_client else str(who["fullname"])
        self.log(proposal, "proposal: comment", comment.author, name)
        return comment

    def _person(self, person: int | str) -> Record:
        if isinstance(person, int):
            return self.people[person]
        for known in self.people.values():
            if known["fullname"] == person:
                return known
        first, _, last = person.partition(" ")
        return {"fullname": person, "firstname": first, "lastname": last, "email": ""}
