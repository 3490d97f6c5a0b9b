"""Makes the requests to Cirrus."""

from datetime import datetime
from urllib.parse import quote

from offorte_portal.other_systems.systems.answers import Raw
from offorte_portal.other_systems.systems.errors import Malformed, Missing
from offorte_portal.other_systems.systems.interface import Item, Page, Reader, RecordKey
from offorte_portal.other_systems.systems.reading import children, text, to_number

PER_PAGE = 50
# By operation, with the id in braces. These are guesses: the reference names the operations but not their paths.
PATHS = {
    "quotes": "/quotes",
    "quote": "/quotes/{id}",
    "quote_statuses": "/quotes/statuses",
    "quote_relations": "/quotes/relations",
    "account": "/accounts/{id}",
    "article": "/articles/{id}",
    "order": "/orders/{id}",
    "opportunity": "/opportunities/{id}",
    "accounts": "/accounts",
    "contacts": "/contacts",
    "articles": "/articles",
    "article_units": "/articleunits",
    "article_groups": "/articlegroups",
}
# By list: the operation, and what is asked for. Only active entries are read; the order is required.
LISTS: dict[str, tuple[str, dict[str, str | int]]] = {
    "account": ("accounts", {"active": 1, "sorting": "number_asc"}),
    "contact": ("contacts", {"active": 1, "sorting": "name_asc"}),
    "unit": ("article_units", {"sorting": "id_asc"}),
    "group": ("article_groups", {}),
    "article": ("articles", {"active": 1, "sorting": "number_asc"}),
}


class CirrusReader(Reader):
    """Reads pages of quotes, and accounts; if settings say so, articles for VAT, orders, and opportunities."""

    def read_page(self, cursor: str, since: datetime | None = None) -> Page:
        """Return a page, oldest first, so that a quote that is added meanwhile comes last and shifts no other."""
        return self._read("quotes", cursor, {"sorting": "placedate_asc"})

    def read_list(self, kind: str, cursor: str) -> Page:
        """Return a page of active accounts, contacts or articles; the groups of articles come as one bare list."""
        operation, params = LISTS[kind]
        return self._read(operation, cursor, params)

    def _read(self, operation: str, cursor: str, params: dict[str, str | int]) -> Page:
        number = int(cursor or 1)
        paging: dict[str, str | int] = {"page": number, "per_page": PER_PAGE} if params else {}
        page = self._page(operation, paging | params)
        entries = [entry for entry in children(page, "items") if text(entry, "id")]
        pages, size = to_number(page.get("pages")), len(page["items"])
        has_more = number < pages if pages is not None else size >= PER_PAGE
        items = [Item(text(entry, "id"), entry) for entry in entries]
        return Page(items, str(number + 1) if has_more and size else "", size - len(items))

    def get(self, external_id: str) -> Raw:
        return self._object("quote", external_id)

    def get_record(self, key: RecordKey) -> Raw:
        """Return a record; the order that a quote became is found by the quote's id, with two requests."""
        if key.kind != "order":
            return self._object(key.kind, key.external_id)
        relations = self._page("quote_relations", {"type": "order", "quoteid": key.external_id, "per_page": PER_PAGE})
        orders = [text(relation, "otherid") for relation in children(relations, "items")]
        if not any(orders):
            raise Missing
        return self._object("order", next(filter(None, orders)))

    def list_statuses(self) -> dict[str, str]:
        """Return the statuses by id, each as its name with its kind in brackets."""
        page = self._page("quote_statuses", {"page": 1, "per_page": PER_PAGE})
        statuses = [status for status in children(page, "items") if text(status, "id")]
        return {text(status, "id"): f"{text(status, 'name')} ({text(status, 'metatype')})" for status in statuses}

    def _path(self, operation: str, external_id: str = "") -> str:
        paths = PATHS | dict(self.options.get("paths") or {})
        return "/" + paths[operation].lstrip("/").replace("{id}", quote(external_id, safe=""))

    def _page(self, operation: str, params: dict[str, str | int]) -> Raw:
        """Return the page object. It comes bare or, as documented, in a list; a bare list of items counts as a page."""
        data = self.http.get(self._path(operation), params).data
        if isinstance(data, list) and len(data) == 1 and isinstance(data[0], dict) and "items" in data[0]:
            data = data[0]
        if isinstance(data, list):
            data = {"items": data, "pages": 1}
        if not isinstance(data, dict) or not isinstance(data.get("items"), list):
            raise Malformed
        return data

    def _object(self, operation: str, external_id: str) -> Raw:
        data = self.http.get(self._path(operation, external_id)).data
        if isinstance(data, list) and len(data) == 1:
            data = data[0]
        if not isinstance(data, dict):
            raise Malformed
        return data
