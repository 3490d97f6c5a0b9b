"""Makes the requests to Workspace."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from offorte_portal.other_systems.systems.answers import Raw
from offorte_portal.other_systems.systems.errors import Malformed, Missing, Rejected
from offorte_portal.other_systems.systems.interface import Item, Page, Reader, RecordKey
from offorte_portal.other_systems.systems.reading import child, children, text

NONE_THERE = "quotations not found"
NO_CONTACTS = "contacts not found"
# The fields by which a contact in the list is known to be complete.
CONTACT_FIELDS = {"name", "email", "phone", "btw", "kvk", "location_address", "location_city"}


class WorkspaceReader(Reader):
    """Reads the whole list of quotations at once, then that of contacts, and by itself what is not in it."""

    listed_kinds = ("contact",)

    def read_page(self, cursor: str, since: datetime | None = None) -> Page:
        """Return all quotations. A 404 with the message of an empty list is one; any other raises Missing."""
        try:
            data = self._data("/quotations.json")
        except Missing as error:
            if _is_empty(error, NONE_THERE):
                return Page([])
            raise
        entries = children(data, "Quotations")
        if not isinstance(data.get("Quotations"), list):
            raise Malformed
        found = [(text(child(entry, "Quotation"), "id"), entry) for entry in entries]
        items = [Item(key, entry) for key, entry in found if key]
        return Page(items, unreadable=len(data["Quotations"]) - len(items))

    def get(self, external_id: str) -> Raw:
        return self._data(f"/quotations/{quote(external_id, safe='')}.json")

    def get_record(self, key: RecordKey) -> Raw:
        return _unwrap(self._data(f"/contacts/{quote(key.external_id, safe='')}.json"))

    def list_records(self, kind: str) -> list[Item]:
        """Return the contacts. It is not documented whether the list has all of their fields."""
        contacts = map(_unwrap, children(self._data("/contacts.json"), "Contacts"))
        return [
            Item(key, contact if contact.keys() >= CONTACT_FIELDS else None, text(contact, "modified"))
            for contact in contacts
            if (key := text(contact, "id"))
        ]

    def read_list(self, kind: str, cursor: str) -> Page:
        """Return all contacts. A 404 with the message of an empty list is one; any other raises Missing."""
        try:
            data = self._data("/contacts.json")
        except Missing as error:
            if _is_empty(error, NO_CONTACTS):
                return Page([])
            raise
        if not isinstance(data.get("Contacts"), list):
            raise Malformed
        found = [(text(_unwrap(entry), "id"), entry) for entry in children(data, "Contacts")]
        items = [Item(key, entry) for key, entry in found if key]
        return Page(items, unreadable=len(data["Contacts"]) - len(items))

    def list_layouts(self) -> list[str]:
        """Return the names that quotations have in `layout`."""
        data = self._open("/quotations/actions/layouts.json")
        return [name for name in data if isinstance(name, str) and name] if isinstance(data, list) else []

    def _data(self, path: str) -> Raw:
        """Return the object in an answer's envelope. Raises Malformed where it contains no object."""
        data = self._open(path)
        if not isinstance(data, dict):
            raise Malformed
        return data

    def _open(self, path: str) -> Any:
        """Return the data in an answer's envelope. Raises Missing or Rejected by the envelope's own status code."""
        answer = self.http.get(path).data
        response = child(answer, "response") if isinstance(answer, dict) else {}
        if text(response, "code") == "404":
            raise Missing(answer=answer)
        if text(response, "code") not in {"200", ""}:
            raise Rejected
        return response.get("data")


def _unwrap(entry: Raw) -> Raw:
    return child(entry, "Contact") or entry


def _is_empty(error: Missing, message: str) -> bool:
    """Return whether a 404 is the answer of an empty list."""
    response = child(error.answer, "response") if isinstance(error.answer, dict) else {}
    return text(response, "message").lower().rstrip(".") == message
