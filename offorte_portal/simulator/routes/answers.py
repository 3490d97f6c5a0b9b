"""What all endpoints share: the account of a request, lookups, pages and answers."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import orjson
from flask import Response, g, request

from offorte_portal.simulator.account import Account
from offorte_portal.simulator.records import Kind, Record
from offorte_portal.simulator.refusals import RefusedError

PER_PAGE = 50


def current() -> Account:
    """The account of this request."""
    return cast("Account", g.account)


def answer(data: Any, status: int = 200) -> Response:
    """JSON with a status."""
    return Response(orjson.dumps(data), status=status, mimetype="application/json")


def no_content() -> Response:
    """The answer to a deletion."""
    return Response(status=204)


def created(kind: str, id: int) -> Response:
    """The answer to a creation whose body the reference doesn't give: by the switch `created_body`."""
    form = current().switches.created_body
    if form == "empty":
        return Response(status=201)
    return answer({"id" if form == "id" else f"{kind}_id": id}, 201)


def read_json() -> Any:
    """The body of a write; raises RefusedError (400) when it isn't JSON."""
    try:
        return orjson.loads(request.get_data())
    except ValueError:
        raise RefusedError(400, "The body is not valid JSON.") from None


def find(kind: Kind, id: int) -> Record:
    """A living, visible item; raises RefusedError: 403 hidden, 410 (or 404) removed, 404 never there."""
    account = current()
    if (kind, id) in account.hidden:
        raise RefusedError(403, "The item requested is hidden.")
    item = account.items(kind).get(id)
    if item is not None:
        return item
    if (kind, id) in account.removed:
        raise RefusedError(account.switches.removed_status, "The item requested has been removed from our servers.")
    raise RefusedError(404, "The item could not be found.")


def check_query(*allowed: str) -> None:
    """Refuse parameters that aren't documented for this list."""
    unknown = {name: ["is not a documented parameter"] for name in request.args if name not in allowed}
    if unknown:
        raise RefusedError(400, "Your request is invalid.", unknown)


def page_of(items: Sequence[Any], render: Callable[[Any], Any], *, parameters: tuple[str, ...] = ("page",)) -> Response:
    """One page of 50 of a list; past the end as the switch says. The first page of an empty list is empty."""
    check_query(*parameters)
    text = request.args.get("page", "1")
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise RefusedError(400, "Your request is invalid.", {"page": ["must be a positive integer"]})
    page, last = int(text), max(1, -(-len(items) // PER_PAGE))
    if page > last:
        form = current().switches.past_the_end
        if form == "not_found":
            raise RefusedError(404, "The page could not be found.")
        if form == "empty":
            return answer([])
        page = last
    return answer([render(item) for item in items[(page - 1) * PER_PAGE : page * PER_PAGE]])
