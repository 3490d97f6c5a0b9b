"""Companies and people: create, update, delete."""

from typing import Any

from offorte_portal.simulator.records import COMPANY_FIELDS, PERSON_FIELDS, Record
from offorte_portal.simulator.rendering.contacts import ContactRendering


class ContactChanges(ContactRendering):
    """Changes of companies and people, with their events."""

    def create_company(self, **fields: Any) -> Record:
        """Add a company; fields that are not given are empty."""
        with self.lock:
            id = self.ids["company"].take()
            company = {"id": id, **dict.fromkeys(COMPANY_FIELDS, ""), **fields}
            self.companies[id] = company
            self.emit("company_created", "company", id, lambda: self.render_company(id))
            return company

    def update_company(self, id: int, **fields: Any) -> Record:
        """Change the given fields of a company."""
        with self.lock:
            company = self.companies[id]
            if _change(company, fields):
                self.emit("company_updated", "company", id, lambda: self.render_company(id))
            return company

    def delete_company(self, id: int) -> None:
        """Delete a company and its people; its proposals stay and keep what they know of it."""
        with self.lock:
            last = self.render_company(id)
            for person_id in list(self.people_of[id]):
                self.delete_person(person_id)
            self.removed[("company", id)] = self.companies.pop(id)
            del self.people_of[id]
            self.emit("company_deleted", "company", id, lambda: last)

    def create_person(self, company_id: int, **fields: Any) -> Record:
        """Add a person to a company; fields that are not given are empty."""
        with self.lock:
            if company_id not in self.companies:
                raise KeyError(company_id)
            id = self.ids["person"].take()
            person = {"id": id, "company_id": company_id, **dict.fromkeys(PERSON_FIELDS, ""), **fields}
            self.people[id] = person
            self.people_of[company_id].append(id)
            self.emit("company_contact_created", "person", id, lambda: self.render_person(id))
            return person

    def update_person(self, id: int, **fields: Any) -> Record:
        """Change the given fields of a person."""
        with self.lock:
            person = self.people[id]
            if _change(person, fields):
                self.emit("company_contact_updated", "person", id, lambda: self.render_person(id))
            return person

    def delete_person(self, id: int) -> None:
        """Delete a person."""
        with self.lock:
            last = self.render_person(id)
            person = self.people.pop(id)
            self.removed[("person", id)] = person
            self.people_of[person["company_id"]].remove(id)
            self.emit("company_contact_deleted", "person", id, lambda: last)


def _change(record: Record, fields: Record) -> bool:
    """Apply fields; whether any differed."""
    unknown = fields.keys() - record.keys()
    if unknown:
        raise KeyError(f"unknown fields: {', '.join(sorted(unknown))}")
    is_changed = any(record[name] != value for name, value in fields.items())
    record.update(fields)
    return is_changed
