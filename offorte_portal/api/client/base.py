"""The base of all endpoints: reading pages and items, and writing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from offorte_portal import ports
from offorte_portal.api.codes import Code
from offorte_portal.api.drafts import complete_draft
from offorte_portal.api.errors import MalformedAnswer, NotFound
from offorte_portal.api.lists import LISTS, Json, List, Page, read_id, read_page
from offorte_portal.api.transport import Answer, Transport


@dataclass(frozen=True, slots=True)
class Fetched:
    """One item as Offorte sent it, and when it was requested."""

    data: Json
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class Created:
    """The result of a creation; `remote_id` is None where Offorte gave no id, `answer` where it sent no object."""

    remote_id: int | None
    answer: Json | None
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """The result of a change, deletion or sending; `answer` is None where Offorte sent no object."""

    answer: Json | None
    requested_at: datetime


class BaseClient:
    """Pages, items and writes, on which the endpoints are built. Any method may raise any OfforteError."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def fetch_page(
        self,
        source: List | str,
        number: int = 1,
        *,
        bucket: str | int | None = None,
        query: str | None = None,
        previous: frozenset[int] | None = None,
    ) -> Page:
        """Return one page of a list, given by itself or by its name, with one request.

        `previous` are the ids of the page before it (`Page.ids`), by which a repeated last page is noticed. A page
        past the first that is not found (404) is an empty last page.
        """
        listing = LISTS[source] if isinstance(source, str) else source
        params: dict[str, str | int] = {}
        if query is not None:
            params["query"] = query
        if number > 1:
            params["page"] = number
        try:
            answer = self.transport.request("GET", listing.path_of(bucket), params=params)
        except NotFound as error:
            if number == 1:
                raise
            return Page(number, [], error.requested_at or ports.now(), is_last=True)
        return read_page(answer.data, number=number, requested_at=answer.requested_at, previous=previous)

    def iterate_pages(
        self, source: List | str, *, bucket: str | int | None = None, query: str | None = None, start_page: int = 1
    ) -> Iterator[Page]:
        """Yield the pages of a list, up to and including the last, with one request each."""
        number, previous = start_page, None
        while True:
            page = self.fetch_page(source, number, bucket=bucket, query=query, previous=previous)
            yield page
            if page.is_last:
                return
            number, previous = number + 1, page.ids

    def _get(self, path: str) -> Fetched:
        answer = self.transport.request("GET", path)
        if not isinstance(answer.data, dict):
            raise MalformedAnswer(Code.NOT_AN_ITEM)
        return Fetched(answer.data, answer.requested_at)

    def _create(
        self, path: str, kind: type[object], draft: Mapping[str, object], *id_names: str, is_answered: bool = False
    ) -> Created:
        """Create an item; with `is_answered` the reference shows a body, which then has to be readable."""
        body = complete_draft(kind, draft)
        answer = self.transport.request("POST", path, json=body, needs_body=is_answered)
        item = _object(answer)
        return Created(read_id(item or {}, ("id", *id_names)), item, answer.requested_at)

    def _update(self, path: str, kind: type[object], draft: Mapping[str, object]) -> Written:
        answer = self.transport.request("PATCH", path, json=complete_draft(kind, draft), needs_body=False)
        return Written(_object(answer), answer.requested_at)

    def _send(self, path: str, kind: type[object], draft: Mapping[str, object]) -> Written:
        answer = self.transport.request("POST", path, json=complete_draft(kind, draft))
        return Written(_object(answer), answer.requested_at)

    def _delete(self, path: str) -> Written:
        answer = self.transport.request("DELETE", path, needs_body=False)
        return Written(_object(answer), answer.requested_at)


def _object(answer: Answer) -> Json | None:
    return answer.data if isinstance(answer.data, dict) else None
