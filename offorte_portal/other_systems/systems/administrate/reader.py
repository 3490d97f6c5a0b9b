"""Makes the requests to Administrate."""

from datetime import UTC, datetime
from urllib.parse import quote

from offorte_portal.other_systems.systems.answers import Raw
from offorte_portal.other_systems.systems.errors import Malformed, Missing
from offorte_portal.other_systems.systems.http import File
from offorte_portal.other_systems.systems.interface import Item, Page, Reader, RecordKey
from offorte_portal.other_systems.systems.reading import children, text, to_number

OPPORTUNITIES = "/api/v2.5/crm/opportunities"
# Accounts and contacts are in an earlier version of the API.
RECORDS = {"account": "/api/v2/crm/accounts", "contact": "/api/v2/crm/contacts"}
LIMIT = 100


class AdministrateReader(Reader):
    """Reads pages of complete opportunities, all or only changes; accounts and contacts; PDFs and other documents."""

    is_incremental = True

    def read_page(self, cursor: str, since: datetime | None = None) -> Page:
        """Return a page. The number of pages is in the headers; without it a page that is not full is the last."""
        number = int(cursor or 1)
        params: dict[str, str | int] = {"_limit": LIMIT, "_page": number, "_order": "id"}
        if since:
            moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            params |= {"updated_at__gt": moment, "_order": "updated_at,id"}
        answer = self.http.get(OPPORTUNITIES, params)
        if not isinstance(answer.data, list):
            raise Malformed
        entries = [entry for entry in answer.data if isinstance(entry, dict) and text(entry, "id")]
        items = [Item(text(entry, "id"), entry) for entry in entries]
        pages, size = to_number(answer.headers.get("X-Pagination-Pages")), len(answer.data)
        has_more = number < pages if pages is not None else size >= LIMIT
        return Page(items, str(number + 1) if has_more and size else "", size - len(items))

    def get(self, external_id: str) -> Raw:
        return self._object(f"{OPPORTUNITIES}/{quote(external_id, safe='')}")

    def get_record(self, key: RecordKey) -> Raw:
        return self._object(f"{RECORDS[key.kind]}/{quote(key.external_id, safe='')}")

    def list_statuses(self) -> dict[str, str]:
        """Return the names of the steps by id."""
        data = self.http.get("/api/v2.5/crm/opportunity_steps", {"_limit": LIMIT}).data
        steps = [step for step in data if isinstance(step, dict)] if isinstance(data, list) else []
        return {text(step, "id"): text(step, "name") for step in steps if text(step, "id")}

    def download(self, key: str) -> File:
        """Return a generated quote as PDF ("quote-3"), or a document of an opportunity ("document-7-2") as HTML.

        The address in `pdf_url` is plain http, so the address is made from the base URL instead.
        """
        kind, _, rest = key.partition("-")
        if kind == "quote" and rest.isdecimal():
            return self.http.download(f"{OPPORTUNITIES}/quotes/{rest}/render_pdf")
        opportunity, _, number = rest.partition("-")
        for document in children(self.get(opportunity), "documents") if kind == "document" else []:
            if text(document, "id") == number:
                return File(text(document, "body").encode(), "text/html; charset=utf-8")
        raise Missing

    def _object(self, path: str) -> Raw:
        data = self.http.get(path).data
        if not isinstance(data, dict):
            raise Malformed
        return data
