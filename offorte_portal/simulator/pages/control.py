"""JSON endpoints that let another process control the simulator: `/_control/`."""

import dataclasses
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from offorte_portal.simulator.account import Account
from offorte_portal.simulator.faults import Fault
from offorte_portal.simulator.records import Record

if TYPE_CHECKING:
    from offorte_portal.simulator.simulator import Simulator

ACTIONS = frozenset({
    "create_company", "update_company", "delete_company", "create_person", "update_person", "delete_person",
    "create_directory", "update_directory", "delete_directory", "create_product", "update_product",
    "delete_product", "create_proposal", "update_proposal", "send_proposal", "delete_proposal",
    "view_proposal", "comment", "answer", "accept", "create_webhook", "update_webhook", "delete_webhook",
    "add_log_entry", "hide", "unhide", "issue_token", "revoke_tokens",
})  # fmt: skip
HELP = {
    "GET time": "the simulated time; POST {advance: seconds}",
    "GET faults": "faults that have not happened yet; POST {kind, method, path, ...}; DELETE",
    "GET requests": "the log of requests; DELETE",
    "GET state": "number of items of each kind; GET state/ACCOUNT/KIND for all items as the API shows them",
    "GET mails": "sent proposal mails",
    "GET switches": "behaviours; POST {name: value}",
    "GET webhooks": "pending and attempted deliveries; POST {action: pause, resume or flush}",
    "POST mutate": f"{{account, action, arguments}}; actions: {', '.join(sorted(ACTIONS))}",
    "POST reset": "restore everything as at the start",
}


def create_control(simulator: "Simulator") -> Blueprint:
    """Return the endpoints; every POST takes a JSON object."""
    pages = Blueprint("control", __name__, url_prefix="/_control")
    routes: dict[str, dict[str, Callable[[], Any]]] = {
        "/": {"GET": lambda: HELP},
        "/time/": {"GET": simulator.clock.time, "POST": lambda: _advance(simulator)},
        "/faults/": {
            "GET": lambda: simulator.faults.waiting,
            "POST": lambda: simulator.faults.add(Fault(**request.get_json())),
            "DELETE": simulator.faults.clear,
        },
        "/requests/": {"GET": lambda: simulator.requests, "DELETE": simulator.log.clear},
        "/state/": {"GET": lambda: {name: _counts(account) for name, account in simulator.accounts.items()}},
        "/mails/": {"GET": lambda: simulator.sent_mails},
        "/switches/": {"GET": lambda: simulator.switches, "POST": lambda: _switch(simulator)},
        "/webhooks/": {"GET": lambda: _webhooks(simulator), "POST": lambda: _work_webhooks(simulator)},
        "/mutate/": {"POST": lambda: _mutate(simulator)},
        "/reset/": {"POST": simulator.reset},
    }
    for path, methods in routes.items():
        pages.add_url_rule(path, path.strip("/") or "help", _endpoint(methods), methods=list(methods))

    @pages.before_request
    def check_body() -> None:
        # Anything but JSON is refused, so that no form on another site can reach these endpoints.
        if request.method == "POST":
            request.get_json()

    @pages.get("/state/<account>/<kind>/")
    def list_items(account: str, kind: str) -> Response:
        return _json(_items(simulator.account(account), kind))

    @pages.errorhandler(KeyError)
    @pages.errorhandler(TypeError)
    @pages.errorhandler(ValueError)
    def refuse(error: Exception) -> tuple[Response, int]:
        return _json({"error": f"{type(error).__name__}: {error}"}), 400

    return pages


def _endpoint(methods: dict[str, Callable[[], Any]]) -> Callable[[], Response]:
    return lambda: _json(methods["GET" if request.method == "HEAD" else request.method]())


def _json(data: Any) -> Response:
    return Response(json.dumps(data, default=_plain), mimetype="application/json")


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return str(value)


def _advance(simulator: "Simulator") -> float:
    simulator.clock.advance(float(request.get_json()["advance"]))
    return simulator.clock.time()


def _switch(simulator: "Simulator") -> object:
    for name, value in request.get_json().items():
        if not hasattr(simulator.switches, name):
            raise ValueError(name)
        setattr(simulator.switches, name, value)
    return simulator.switches


def _webhooks(simulator: "Simulator") -> Record:
    pending = [
        {
            "account": d.account,
            "webhook_id": d.webhook_id,
            "due_at": d.due_at,
            "attempts": d.attempts,
            "payload": d.payload,
        }
        for d in simulator.webhooks.pending
    ]
    return {"pending": pending, "attempts": simulator.webhooks.attempts}


def _work_webhooks(simulator: "Simulator") -> Any:
    action = request.get_json()["action"]
    if action not in {"pause", "resume", "flush"}:
        raise ValueError(action)
    return getattr(simulator.webhooks, action)()


def _mutate(simulator: "Simulator") -> Any:
    body = request.get_json()
    if body["action"] not in ACTIONS:
        raise ValueError(body["action"])
    return getattr(simulator.account(body["account"]), body["action"])(**body.get("arguments", {}))


def _counts(account: Account) -> dict[str, int]:
    return {
        "companies": len(account.companies),
        "people": len(account.people),
        "directories": len(account.directories),
        "products": len(account.products),
        "proposals": len(account.proposals),
        "webhooks": len(account.webhooks),
    }


def _items(account: Account, kind: str) -> list[Record]:
    """Return all items of a kind as the API shows them, hidden ones included."""
    with account.lock:
        shown: dict[str, tuple[dict[int, Record], Callable[[int], Record]]] = {
            "companies": (account.companies, account.render_company),
            "people": (account.people, account.render_person),
            "directories": (account.directories, account.render_directory),
            "products": (account.products, account.render_product),
            "proposals": (account.proposals, account.render_proposal_item),
            "details": (account.proposals, account.render_proposal_details),
            "webhooks": (account.webhooks, account.render_webhook),
        }
        items, render = shown[kind]
        return [render(id) for id in items]
