"""The prospect's viewer: see a proposal, ask a question, choose options, accept. Every look is logged."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import nh3
from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from offorte_portal.simulator.account import Account
from offorte_portal.simulator.changes.prospects import Choices
from offorte_portal.simulator.pricing import PriceRow, PriceTable, Totals, add_up
from offorte_portal.simulator.records import Receiver, Record
from offorte_portal.simulator.rendering.numbers import AMSTERDAM, display, to_number

# Pictures would be fetched from other hosts.
TAGS = nh3.ALLOWED_TAGS - {"img"}
DONE = {
    "comment": "Uw vraag is verstuurd.",
    "choose": "Uw keuze is opgeslagen.",
    "accept": "U bent akkoord gegaan. Hartelijk dank!",
}
MOST_QUANTITY = Decimal(100_000)


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A price row as the page shows it, with the names of its form fields."""

    row: PriceRow
    content: Markup
    subtotal: str
    price: str
    quantity: int | float
    field: str


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A price table as the page shows it."""

    rows: list[ShownRow]
    totals: Totals


def create_viewer(accounts: Mapping[str, Account]) -> Blueprint:
    """The pages below `/ACCOUNT/viewer`."""
    pages = Blueprint("viewer", __name__)

    @pages.get("/<account>/login/<int:id>/")
    def log_in(account: str, id: int) -> Response:
        key = request.args.get("pass", "")
        return redirect(url_for("viewer.view", account=account, id=id, proposalpass=key))

    @pages.route("/<account>/viewer/<int:id>/", methods=["GET", "POST"])
    def view(account: str, id: int) -> Response:
        found = accounts.get(account) or abort(404)
        proposal = found.proposals.get(id) or abort(404)
        receiver = _receiver(proposal)
        if request.method == "POST":
            return _act(found, proposal, receiver)
        if "done" not in request.args:
            found.view_proposal(id, receiver.fullname)
        return _show(found, proposal, receiver)

    return pages


def _receiver(proposal: Record) -> Receiver:
    """Return the receiver that the key in the address belongs to."""
    receivers: list[Receiver] = proposal["receivers"]
    key = request.args.get("proposalpass", "")
    return next((receiver for receiver in receivers if receiver.key == key), None) or abort(403)


def _act(account: Account, proposal: Record, receiver: Receiver) -> Response:
    action = request.form.get("action", "")
    if action == "comment" and request.form.get("text", "").strip():
        account.comment(proposal["id"], receiver.fullname, request.form["text"].strip())
    elif action == "choose" and proposal["status"] == "open":
        account.choose(proposal["id"], receiver.fullname, _choices(proposal))
    elif action == "accept" and proposal["status"] == "open" and request.form.get("agreed"):
        account.accept(proposal["id"], receiver.fullname)
    else:
        action = ""
    here = url_for("viewer.view", account=account.name, id=proposal["id"], proposalpass=receiver.key, done=action)
    return redirect(here, 303)


def _choices(proposal: Record) -> Choices:
    """Return the form's choices for each row that has any."""
    choices: Choices = {}
    for table_number, table in enumerate(proposal["pricetables"]):
        for number, row in enumerate(table.rows):
            if row.is_optional or row.has_user_quantity:
                field = f"{table_number}-{number}"
                quantity = _quantity(request.form.get(f"quantity-{field}", ""), row.quantity)
                choices[(table_number, number)] = (f"chosen-{field}" in request.form, quantity)
    return choices


def _quantity(text: str, otherwise: Decimal) -> Decimal:
    try:
        quantity = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return otherwise
    return quantity if quantity.is_finite() and 0 <= quantity <= MOST_QUANTITY else otherwise


def _show(account: Account, proposal: Record, receiver: Receiver) -> Response:
    with account.lock:
        page = render_template(
            "viewer.html",
            account=account,
            proposal=proposal,
            company=account.company_of(proposal),
            user=account.user(proposal["account_user_id"]),
            receiver=receiver,
            tables=[_table(number, table) for number, table in enumerate(proposal["pricetables"])],
            done=DONE.get(request.args.get("done", ""), ""),
            money=lambda amount: display(amount, currency="EUR", form=0),
            number=to_number,
            local=lambda at: at.astimezone(AMSTERDAM).strftime("%d-%m-%Y %H:%M"),
        )
    return make_response(page)


def _table(table_number: int, table: PriceTable) -> ShownTable:
    totals = add_up(table)
    rows = [
        ShownRow(
            row,
            Markup(nh3.clean(row.content, tags=TAGS)),  # noqa: S704 - cleaned just here
            "" if subtotal is None else display(subtotal, currency="EUR", form=0),
            display(row.price, currency="EUR", form=0),
            to_number(row.quantity),
            f"{table_number}-{number}",
        )
        for number, (row, subtotal) in enumerate(zip(table.rows, totals.rows, strict=True))
    ]
    return ShownTable(rows, totals)
