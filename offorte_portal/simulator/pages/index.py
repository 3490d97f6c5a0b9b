"""The first page: the accounts, how to sign in, and links to try as a prospect."""

from collections.abc import Mapping
from itertools import islice

from flask import Blueprint, render_template

from offorte_portal.simulator.account import Account

RECENT = 10


def create_index(accounts: Mapping[str, Account]) -> Blueprint:
    """The page at `/`."""
    pages = Blueprint("index", __name__)

    @pages.get("/")
    def index() -> str:
        return render_template("index.html", accounts=accounts.values(), recent=_recent)

    return pages


def _recent(account: Account) -> list[tuple[str, str, str, str]]:
    """(name, status, receiver, link) of the newest open proposals."""
    with account.lock:
        newest = (
            proposal
            for proposal in reversed(list(account.proposals.values()))
            if proposal["status"] == "open" and proposal["receivers"]
        )
        return [
            (
                proposal["name"],
                proposal["status"],
                proposal["receivers"][0].fullname,
                account.proposal_link(proposal["id"], proposal["receivers"][0]),
            )
            for proposal in islice(newest, RECENT)
        ]
