"""The prospect's viewer: views are logged, questions asked, options chosen, and the proposal accepted."""

from decimal import Decimal

import pytest
import requests

from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.pricing import PriceRow, PriceTable

NASTY = "<p onclick='x'>Basis</p><script>alert(1)</script><img src='https://x.example'>"


@pytest.fixture
def proposal(account: Account) -> int:
    """A sent proposal with an optional row and a nasty one."""
    person = account.create_person(1001, fullname="Chuck Norris", firstname="Chuck", email="chuck@example.com")
    rows = [
        PriceRow("price", NASTY, price=Decimal(100)),
        PriceRow("price", "<p>Extra</p>", price=Decimal(20), is_optional=True, has_user_quantity=True),
    ]
    tables = [PriceTable("pricetable1", rows)]
    id: int = account.create_proposal(1001, name="<i>P</i>", contacts=[person["id"]], pricetables=tables)["id"]
    account.send_proposal(id, message="x")
    return id


@pytest.fixture
def link(account: Account, proposal: int) -> str:
    return account.proposal_link(proposal, account.proposals[proposal]["receivers"][0])


def submit(link: str, **form: str) -> requests.Response:
    return requests.post(link, data=form, timeout=10)


def test_a_view_is_logged(account: Account, proposal: int, link: str) -> None:
    page = requests.get(link, timeout=10)
    assert page.status_code == 200
    history = account.render_proposal_details(proposal)["logs"]["history"]
    assert (history[0]["person"], history[0]["action"]) == ("Chuck Norris", "proposal: viewed")


def test_nothing_foreign_gets_into_the_page(link: str) -> None:
    page = requests.get(link, timeout=10)
    assert "<p>Basis</p>" in page.text
    assert "&lt;i&gt;P" in page.text
    for text in ("<script", "onclick", "x.example", "<i>"):
        assert text not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("key", ["", "?proposalpass=x", "?proposalpass="])
def test_the_key_is_needed(sim: Simulator, account: Account, proposal: int, key: str) -> None:
    url = f"{sim.url}/bouw/viewer/{proposal}/{key}"
    assert requests.get(url, timeout=10).status_code == 403
    assert requests.post(url, data={"action": "accept", "agreed": "yes"}, timeout=10).status_code == 403
    assert account.proposals[proposal]["status"] == "open"


def test_unknown_proposals(sim: Simulator) -> None:
    assert requests.get(f"{sim.url}/bouw/viewer/9/", timeout=10).status_code == 404
    assert requests.get(f"{sim.url}/x/viewer/1001/", timeout=10).status_code == 404


def test_question(account: Account, proposal: int, link: str) -> None:
    page = submit(link, action="comment", text="Wat kost <b>dat</b>?")
    assert "Uw vraag is verstuurd" in page.text
    assert "&lt;b&gt;dat" in page.text
    (comment,) = account.render_proposal_details(proposal)["comments"]
    assert (comment["comment"], comment["type"], comment["firstname"]) == ("Wat kost <b>dat</b>?", "client", "Chuck")
    account.answer(proposal, "Niets.")
    assert account.render_proposal_details(proposal)["comments"][1]["type"] == "user"


def test_an_act_is_not_a_view(account: Account, proposal: int, link: str) -> None:
    submit(link, action="comment", text="?")
    assert account.render_proposal_details(proposal)["logs"]["summary"]["views"] == 0


def test_choice(account: Account, proposal: int, link: str) -> None:
    submit(link, **{"action": "choose", "chosen-0-1": "on", "quantity-0-1": "2,5"})
    assert account.render_proposal_item(proposal)["price_total"] == 150
    submit(link, **{"action": "choose", "chosen-0-1": "on", "quantity-0-1": "veel"})
    assert account.render_proposal_item(proposal)["price_total"] == 150
    submit(link, action="choose")
    assert account.render_proposal_item(proposal)["price_total"] == 100


def test_acceptance_needs_agreement_and_happens_once(account: Account, proposal: int, link: str) -> None:
    submit(link, action="accept")
    assert account.proposals[proposal]["status"] == "open"
    page = submit(link, action="accept", agreed="yes")
    assert "akkoord gegaan" in page.text
    assert account.proposals[proposal]["status"] == "won"
    submit(link, **{"action": "choose", "chosen-0-1": "on"})
    assert account.render_proposal_item(proposal)["price_total"] == 100
    with pytest.raises(ValueError, match="won"):
        account.accept(proposal, "Chuck Norris")


def test_index_lists_what_is_needed_to_begin(sim: Simulator, account: Account, link: str) -> None:
    page = requests.get(sim.url, timeout=10).text
    for text in (account.client_id, account.client_secret, account.user_email, link.replace("&", "&amp;")):
        assert text in page
