"""Makes the requests to Fynn."""

import re
from datetime import datetime
from urllib.parse import quote

from offorte_portal.other_systems.systems.answers import Raw
from offorte_portal.other_systems.systems.errors import Malformed, Missing
from offorte_portal.other_systems.systems.http import File
from offorte_portal.other_systems.systems.interface import Item, Page, Reader, RecordKey
from offorte_portal.other_systems.systems.reading import child, text, to_number

LIMIT = 50
_KEY = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)


class FynnReader(Reader):
    """Reads pages of ids, offers, customers and files."""

    def read_page(self, cursor: str, since: datetime | None = None) -> Page:
        """Return a page of ids. The last is `lastPage`, or without it a page that is not full.

        `updatedAt` is each item's mark; an offer without one is read in every import.
        """
        number = int(cursor or 1)
        answer = self.http.get("/offers", {"page": number, "limit": LIMIT}).data
        data = answer.get("data") if isinstance(answer, dict) else answer
        if not isinstance(data, list):
            raise Malformed
        entries = [entry for entry in data if isinstance(entry, dict) and text(entry, "id")]
        items = [Item(text(entry, "id"), mark=text(entry, "updatedAt")) for entry in entries]
        pagination = child(child(answer, "meta"), "pagination") if isinstance(answer, dict) else {}
        last, size = to_number(pagination.get("lastPage")), len(data)
        has_more = number < last if last is not None else size >= LIMIT
        return Page(items, str(number + 1) if has_more and size else "", size - len(items))

    def get(self, external_id: str) -> Raw:
        return self._object(f"/api/offers/{quote(external_id, safe='')}")

    def get_record(self, key: RecordKey) -> Raw:
        return self._object(f"/customers/{quote(key.external_id, safe='')}")

    def download(self, key: str) -> File:
        """Return a file by its id. The address in the offer is never used, nor shown to anybody."""
        if not _KEY.fullmatch(key):
            raise Missing
        return self.http.download(f"/media/{key}/download")

    def _object(self, path: str) -> Raw:
        data = self.http.get(path).data
        if isinstance(data, dict) and isinstance(data.get("data"), dict) and "id" not in data:
            data = data["data"]
        if not isinstance(data, dict):
            raise Malformed
        return data
