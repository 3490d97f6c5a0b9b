"""The message that a seller sent last is offered again, in the language of the proposal."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from offorte_portal.compose.last_message import LastMessage, find_last_message
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.support.factories import make_proposal, make_staff

pytestmark = pytest.mark.django_db
State, Verb = Operation.State, Operation.Verb


def send(proposal: Proposal, by: User, message: str, **fields: Any) -> Operation:
    return Operation.objects.create(
        **{
            "connection": proposal.connection,
            "target": "proposals",
            "verb": Verb.SEND,
            "state": State.DONE,
            "remote_id": proposal.remote_id,
            "requested_by": by,
            "draft": {"send_message": message, "send_method": "offorte"},
        }
        | fields
    )


def text(user: User, *options: str) -> str:
    last = find_last_message(user, *options)
    return last.text if last else ""


def test_the_last_one_in_the_language_is_offered_for_the_new_proposal() -> None:
    sanne = make_staff("sanne")
    dutch, english = make_proposal(name="Dak (2)", language="nl"), make_proposal(name="Roof", language="en-GB")
    send(dutch, sanne, "Oud")
    send(dutch, sanne, "Hoi {company_people_firstname}, hier is “Dak (2)”. Dakwerk volgt.")
    send(english, sanne, "Hi, here is Roof for {proposal_name}.")
    assert text(sanne, "nl", "Goot") == "Hoi {company_people_firstname}, hier is “Goot”. Dakwerk volgt."
    assert text(sanne, "en", r"A\1B") == r"Hi, here is A\1B for A\1B."
    assert text(sanne, "en") == "Hi, here is {proposal_name} for {proposal_name}."


def test_it_is_labelled_until_another_one_is_typed() -> None:
    sent_at = datetime(2026, 11, 3, 12, tzinfo=UTC)
    last = LastMessage("Hoi,\nhier is hij.", sent_at)
    assert last.label() == last.label("Hoi,\r\nhier is hij.") == "Your last message, sent on 3 Nov 2026."
    assert last.label("Hallo") == ""
    assert LastMessage("Hoi", None).label() == "Your last message."


def test_what_was_not_sent_by_them_with_words_is_not_offered() -> None:
    sanne, other = make_staff("sanne"), make_staff("other")
    proposal = make_proposal(language="nl")
    send(proposal, other, "Van een ander")
    send(proposal, sanne, "Niet verzonden", state=State.REJECTED)
    send(proposal, sanne, "Met geheim …", sealed="x")
    send(proposal, sanne, "")
    send(proposal, sanne, "Sjabloon", draft={"send_message_id": 3})
    send(proposal, sanne, "Weg", remote_id=999_999)
    assert find_last_message(sanne, "nl") is None
