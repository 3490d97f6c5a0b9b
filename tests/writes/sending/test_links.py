"""The links that a send is answered with: kept whatever the details tell, until a newer send replaces or voids them."""

from typing import Any

import pytest
from django.db import connection as database

from offorte_portal.mirror.children import replace_children
from offorte_portal.simulator import Fault
from offorte_portal.sync.refreshing import refresh
from proposals.mirror import PROPOSALS
from proposals.models import Proposal, Receiver
from proposals.models.timeline import is_web_address
from tests.writes.conftest import Desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(desk: Desk) -> Proposal:
    """A proposal that was sent from here."""
    person = next(iter(desk.account.people.values()))
    remote_id = desk.account.create_proposal(person["company_id"], name="Dak", contacts=[person["id"]])["id"]
    desk.sync()
    desk.do("send", "proposals", {"send_message": "Hallo"}, remote_id=remote_id)
    return Proposal.objects.get(remote_id=remote_id)


def link_of(desk: Desk, proposal: Proposal) -> str:
    receivers = desk.account.proposals[proposal.remote_id]["receivers"]
    return desk.account.proposal_link(proposal.remote_id, receivers[0])


def test_details_tell_another_link_and_leave_this_one_alone(desk: Desk, sent: Proposal) -> None:
    for _ in range(2):
        receiver = sent.receivers.get()
        assert receiver.viewer_link == receiver.sent_link == link_of(desk, sent)
        assert receiver.link != receiver.sent_link
        refresh(sent)


def test_a_newer_send_with_new_passwords_replaces_it(desk: Desk, sent: Proposal) -> None:
    before = sent.receivers.get().sent_link
    draft = {"send_message": "Nogmaals", "password_reset": True}
    desk.do("send", "proposals", draft, remote_id=sent.remote_id)
    assert sent.receivers.get().sent_link == link_of(desk, sent) != before


def test_a_send_with_an_unreadable_answer_keeps_no_dead_link(desk: Desk, sent: Proposal) -> None:
    path = f"/proposals/{sent.remote_id}/send"
    desk.simulator.faults.add(Fault("missing_field", method="POST", path=path, name="receivers.proposal_link"))
    desk.do("send", "proposals", {"send_message": "Nogmaals", "password_reset": True}, remote_id=sent.remote_id)
    receiver = sent.receivers.get()
    assert (receiver.sent_link, receiver.viewer_link) == ("", receiver.link)


@pytest.mark.parametrize("name", ["receivers.id", "receivers"])
def test_new_passwords_void_the_links_of_absent_receivers(desk: Desk, sent: Proposal, name: str) -> None:
    path = f"/proposals/{sent.remote_id}/send"
    desk.simulator.faults.add(Fault("missing_field", method="POST", path=path, name=name))
    desk.do("send", "proposals", {"send_message": "Nogmaals", "password_reset": True}, remote_id=sent.remote_id)
    assert sent.receivers.get().sent_link == ""


@pytest.mark.parametrize("name", ["receivers.proposal_link", "receivers.id", "receivers"])
def test_a_send_without_new_passwords_keeps_other_links(desk: Desk, sent: Proposal, name: str) -> None:
    path = f"/proposals/{sent.remote_id}/send"
    desk.simulator.faults.add(Fault("missing_field", method="POST", path=path, name=name))
    desk.do("send", "proposals", {"send_message": "Nogmaals"}, remote_id=sent.remote_id)
    assert sent.receivers.get().sent_link == link_of(desk, sent)


def test_a_receiver_with_another_id_is_known_by_the_address(desk: Desk, sent: Proposal) -> None:
    old = sent.receivers.get()
    raw = {"receivers": [{"id": 900_001, "email": old.email.upper()}, {"id": 900_002, "email": ""}]}
    with database.cursor() as cursor:
        replace_children(cursor, sent.pk, PROPOSALS.children, raw)
    links = dict(sent.receivers.values_list("remote_id", "sent_link"))
    assert links == {900_001: old.sent_link, 900_002: ""}


ANNA, BRAM, BOTH = ("Anna", "in@b.nl"), ("Bram", "in@b.nl"), ("", "in@b.nl")


@pytest.mark.parametrize(
    ("before", "after", "links"),
    [
        ([ANNA, BRAM], [(11, *ANNA), (12, *BRAM)], {11: "https://b.nl/1", 12: "https://b.nl/2"}),
        ([ANNA, BRAM], [(1, *ANNA), (12, *BRAM)], {1: "https://b.nl/1", 12: "https://b.nl/2"}),
        ([ANNA, BRAM], [(12, "BRAM", "IN@b.nl")], {12: "https://b.nl/2"}),
        ([ANNA, BRAM], [(1, *ANNA), (13, "Cor", "in@b.nl")], {1: "https://b.nl/1", 13: ""}),
        ([ANNA, BRAM], [(13, *BOTH)], {13: ""}),
        ([ANNA, BOTH], [(11, *BRAM), (12, *BOTH)], {11: "", 12: ""}),
        ([ANNA, ANNA], [(11, *ANNA), (12, *ANNA)], {11: "", 12: ""}),
        ([ANNA], [(11, *ANNA), (12, *ANNA)], {11: "", 12: ""}),
        ([ANNA], [(11, *ANNA), (12, *BRAM)], {11: "https://b.nl/1", 12: ""}),
        ([ANNA], [(11, "A. Bos", "in@b.nl")], {11: "https://b.nl/1"}),
        ([("Anna", "")], [(11, "Anna", "")], {11: ""}),
    ],
)
def test_of_receivers_with_one_address_each_keeps_the_own_link(
    sent: Proposal, before: list[tuple[str, str]], after: list[tuple[int, str, str]], links: dict[int, str]
) -> None:
    """Those before have the ids 1 and 2, and each a link that ends in the own id."""
    sent.receivers.all().delete()
    for remote_id, (fullname, email) in enumerate(before, start=1):
        names = {"fullname": fullname, "email": email, "sent_link": f"https://b.nl/{remote_id}"}
        Receiver.objects.create(proposal=sent, remote_id=remote_id, position=remote_id, **names)
    raw = {"receivers": [dict(zip(("id", "fullname", "email"), who, strict=True)) for who in after]}
    with database.cursor() as cursor:
        replace_children(cursor, sent.pk, PROPOSALS.children, raw)
    assert dict(sent.receivers.values_list("remote_id", "sent_link")) == links


@pytest.mark.parametrize(
    ("text", "is_offered"),
    [
        ("https://acme.offorte.com/viewer/7/?proposalpass=1", True),
        ("http://127.0.0.1:8001/bouw/viewer/7/", True),
        ("javascript:alert(1)", False),
        ("httpx://acme.offorte.com/", False),
        ("https://", False),
        ("https://who@evil.example/", False),
        ("https://acme.offorte.com\\@evil.example/", False),
        ("https://acme.offorte.com/ \nx", False),
        ("https://[oops/", False),
        ("https://acme.offorte.com/" + "x" * 2000, False),
        ("", False),
    ],
)
def test_only_web_addresses_are_offered(text: str, is_offered: Any) -> None:
    assert is_web_address(text) is is_offered
    assert Receiver(link=text).viewer_link == (text if is_offered else "")
    assert Receiver(link="https://acme.offorte.com/login", sent_link=text).viewer_link
