"""Companies and people as the API shows them (the same in both vintages)."""

from offorte_portal.simulator.records import Record
from offorte_portal.simulator.state import AccountState


class ContactRendering(AccountState):
    """Companies and people in the reference's shapes."""

    def render_person(self, id: int) -> Record:
        """A person, as in every answer that holds one."""
        return dict(self.people[id])

    def render_company_item(self, id: int) -> Record:
        """A company as in the list: with its people."""
        people = self.visible("person", self.people_of.get(id, ()))
        return {**self.companies[id], "people": [dict(self.people[person_id]) for person_id in people]}

    def render_company(self, id: int) -> Record:
        """A company's details: with its people and proposals."""
        proposals = [
            {"id": p["id"], "proposal_name": p["name"], "proposal_status": p["status"]}
            for p in self.proposals.values()
            if p["company_id"] == id and ("proposal", p["id"]) not in self.hidden
        ]
        return {**self.render_company_item(id), "proposals": proposals}
