"""Proposals: lists by status, search, details, create, update, send, delete."""

from flask import Blueprint, Response, request

from offorte_portal.simulator import validation
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.records import Receiver, Record
from offorte_portal.simulator.refusals import RefusedError
from offorte_portal.simulator.routes.answers import answer, current, find, no_content, page_of, read_json
from offorte_portal.simulator.routes.drafts import read_changes, read_new

proposals = Blueprint("proposals", __name__, url_prefix="/<account>")


@proposals.get("/proposals/<any(edit,open,won,lost,closed):status>/")
def list_proposals(status: str) -> Response:
    """Proposals of a status, newest first; with `query` those of any status that it is found in."""
    account = current()
    query = request.args.get("query", "").casefold()
    ids = [
        id
        for id, proposal in reversed(account.proposals.items())
        if (_is_found(account, proposal, query) if query else proposal["status"] == status)
    ]
    return page_of(account.visible("proposal", ids), account.render_proposal_item, parameters=("page", "query"))


def _is_found(account: Account, proposal: Record, query: str) -> bool:
    texts = (proposal["name"], proposal["proposal_nr"], account.company_of(proposal)["name"])
    return any(query in text.casefold() for text in texts)


@proposals.post("/proposals/")
def create_proposal() -> Response:
    """Write a proposal; answers the ids of it and of its version."""
    draft = read_new(current(), read_json())
    proposal = current().create_proposal(by_application=True, **draft)
    return answer({"proposal_id": proposal["id"], "proposal_version_id": proposal["version_id"]}, 201)


@proposals.delete("/proposals/<int:id>/")
def delete_proposal(id: int) -> Response:
    """Delete a proposal."""
    find("proposal", id)
    current().delete_proposal(id)
    return no_content()


@proposals.get("/proposals/<int:id>/details/")
def get_details(id: int) -> Response:
    """All details of a proposal."""
    find("proposal", id)
    return answer(current().render_proposal_details(id))


@proposals.patch("/proposals/<int:id>/details/")
def update_details(id: int) -> Response:
    """Change the given details; answers them all."""
    proposal = find("proposal", id)
    current().update_proposal(id, by_application=True, **read_changes(current(), read_json(), proposal))
    return answer(current().render_proposal_details(id))


@proposals.post("/proposals/<int:id>/send/")
def send_proposal(id: int) -> Response:
    """Send a proposal of status edit or open; answers its receivers with their links."""
    proposal = find("proposal", id)
    account = current()
    body = _read_send(account)
    if proposal["status"] not in {"edit", "open"}:
        raise RefusedError(400, f"A proposal that is {proposal['status']} can't be sent.")
    if not any(account.people.get(person, {}).get("email") for person in proposal["contacts"]):
        raise RefusedError(400, "The proposal has no contacts with an e-mail address.")
    receivers = account.send_proposal(
        id,
        message=body.get("send_message") or account.email_templates[body["send_message_id"]]["name"],
        by_offorte=body.get("send_method", "offorte") == "offorte",
        resets_passwords=body.get("password_reset", False),
        by_application=True,
    )
    return answer({"receivers": [_link(account, id, receiver) for receiver in receivers]})


def _read_send(account: Account) -> Record:
    fields = {
        "password_reset": validation.boolean,
        "send_method": validation.one_of("offorte", "self"),
        "send_message": validation.string,
        "send_message_id": validation.id_in(account.email_templates),
    }
    body = validation.read_fields(read_json(), fields)
    if not body.get("send_message") and "send_message_id" not in body:
        errors = {"send_message": ["is required when there is no send_message_id"]}
        raise RefusedError(400, "Your request is invalid.", errors)
    return body


def _link(account: Account, id: int, receiver: Receiver) -> Record:
    return {
        "id": receiver.id,
        "fullname": receiver.fullname,
        "email": receiver.email,
        "proposal_link": account.proposal_link(id, receiver),
        "signature_required": 0,
        "signature_allowed": 1,
    }
