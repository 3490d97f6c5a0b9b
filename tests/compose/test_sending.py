"""Sending: to whom, with what, and never twice without a second decision."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.utils import timezone

from contacts.models import Person
from offorte_portal.compose import sending
from offorte_portal.compose.sending import NotSentError, Order
from offorte_portal.simulator import Simulator
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.support.factories import make_person, make_staff
from tests.support.forms import writes_of

pytestmark = pytest.mark.django_db
State, Verb = Operation.State, Operation.Verb
Send = Callable[..., Operation]


@pytest.fixture
def send(proposal: Proposal, person: Person, seller: User) -> Send:
    """Has the proposal sent as somebody would who looked at it a moment ago."""

    def carry_out(**changes: Any) -> Operation:
        proposal.refresh_from_db()
        seen = changes.pop("seen", None) or sending.find_marks(proposal)
        key, by = changes.pop("key", uuid.uuid4()), changes.pop("by", seller)
        order = Order(**({"contacts": [person.remote_id], "send_message": "Dag"} | changes))
        return sending.perform(sending.order_send(proposal, order, seen=seen, key=key, by=by))

    return carry_out


def test_who_receives_it_is_written_first_and_then_it_is_sent(
    simulator: Simulator, proposal: Proposal, person: Person, send: Send
) -> None:
    assert not sending.was_sent(proposal)
    done = send(password_reset=True)
    assert done.state == State.DONE
    url = f"/proposals/{proposal.remote_id}"
    assert writes_of(simulator) == [
        ("PATCH", f"{url}/details/", {"company_contacts": [person.remote_id]}),
        ("POST", f"{url}/send/", {"password_reset": True, "send_method": "offorte", "send_message": "Dag"}),
    ]
    assert [mail.receivers for mail in simulator.sent_mails] == [(person.email,)]
    proposal.refresh_from_db()
    assert proposal.status == "open"
    assert proposal.receivers.get().viewer_link.startswith("http")
    assert sending.was_sent(proposal)
    (earlier,) = sending.find_earlier(proposal)
    assert (earlier.to, earlier.is_mailed) == ([person.fullname], True)


def test_who_is_chosen_already_is_not_written_again(simulator: Simulator, proposal: Proposal, send: Send) -> None:
    send()
    simulator.log.clear()
    send()
    assert [method for method, _, _ in writes_of(simulator)] == ["POST"]


def test_a_template_goes_out_in_place_of_a_message(simulator: Simulator, send: Send) -> None:
    template = next(iter(simulator.account("bouw").email_templates))
    send(send_message="", send_message_id=template, send_method="self")
    assert writes_of(simulator)[-1][2] == {"password_reset": False, "send_method": "self", "send_message_id": template}
    assert simulator.sent_mails == []


def test_what_was_passed_on_by_hand_counts_as_sent(proposal: Proposal, send: Send) -> None:
    send(send_method="self")
    proposal.refresh_from_db()
    (earlier,) = sending.find_earlier(proposal)
    assert (earlier.is_mailed, earlier.by) == (False, "Sanne")
    assert earlier.to


def test_the_same_form_sent_twice_mails_once(simulator: Simulator, proposal: Proposal, send: Send) -> None:
    key, seen = uuid.uuid4(), sending.find_marks(proposal)
    first = send(key=key, seen=seen)
    assert send(key=key, seen=seen) == first
    assert len(simulator.sent_mails) == 1


def test_another_form_that_was_opened_before_mails_nobody(simulator: Simulator, proposal: Proposal, send: Send) -> None:
    seen = sending.find_marks(proposal)
    send(seen=seen)
    with pytest.raises(NotSentError, match="sent_meanwhile"):
        send(seen=seen)
    assert len(simulator.sent_mails) == 1
    # Somebody who has looked again may decide so.
    send()
    assert len(simulator.sent_mails) == 2


@pytest.mark.parametrize("state", [State.WAITING, State.SENDING, State.UNKNOWN])
def test_nothing_is_sent_beside_a_send_that_has_not_ended(proposal: Proposal, send: Send, state: str) -> None:
    Operation.objects.create(
        connection=proposal.connection, verb=Verb.SEND, target="proposals", remote_id=proposal.remote_id, state=state
    )
    with pytest.raises(NotSentError, match="sent_meanwhile"):
        send()


def test_only_what_is_in_edit_or_open_is_sent(proposal: Proposal, send: Send) -> None:
    Proposal.objects.update(status="won")
    with pytest.raises(NotSentError, match="not_sendable"):
        send()
    Proposal.objects.update(status="edit", removed_at=timezone.now())
    with pytest.raises(NotSentError, match="not_sendable"):
        send()


def test_only_people_of_the_company_with_an_address_receive_it(proposal: Proposal, person: Person, send: Send) -> None:
    other = make_person(proposal.connection)
    for contacts in ([], [other.remote_id], [person.remote_id, 999_999]):
        with pytest.raises(NotSentError, match="nobody"):
            send(contacts=contacts)
    Person.objects.update(email="")
    with pytest.raises(NotSentError, match="nobody"):
        send()


def test_receivers_that_offorte_refuses_keep_it_from_being_sent(
    simulator: Simulator, proposal: Proposal, person: Person, send: Send
) -> None:
    simulator.account("bouw").people[person.remote_id]["email"] = ""
    done = send()
    assert done.state == State.CANCELLED
    assert done.after is not None
    assert done.after.field_errors == {"company_contacts": [f"{person.remote_id} has no e-mail address"]}
    assert simulator.sent_mails == []
    # It may be tried again: nothing was sent.
    assert sending.find_pending(proposal) is None
    assert not sending.was_sent(proposal)


def test_ticked_are_the_chosen_the_receivers_or_the_only_one(proposal: Proposal, person: Person, send: Send) -> None:
    def suggested() -> list[int]:
        proposal.refresh_from_db()
        return sending.suggest_contacts(proposal, sending.people_of(proposal))

    others = Person.objects.filter(company=proposal.company).exclude(pk=person.pk)
    others.delete()
    assert (sending.known_contacts(proposal), suggested()) == (None, [person.remote_id])
    company = {"company": proposal.company, "company_remote_id": proposal.company_remote_id}
    second = make_person(proposal.connection, email="tweede@example.com", **company)
    assert suggested() == []
    receiver = proposal.receivers.create(remote_id=1, position=0, email="TWEEDE@example.com")
    assert suggested() == [second.remote_id]
    receiver.delete()
    send()
    assert (sending.known_contacts(proposal), suggested()) == ([person.remote_id], [person.remote_id])
    Operation.objects.create(
        connection=proposal.connection,
        verb=Verb.CHANGE,
        target="proposals",
        remote_id=proposal.remote_id,
        draft={"company_id": 3},
        state=State.DONE,
    )
    assert sending.known_contacts(proposal) is None


def test_who_may_send_no_others_is_refused_when_it_would_go_out(simulator: Simulator, send: Send) -> None:
    from_pim = User.objects.create_user("pim", is_staff=True)
    done = send(by=from_pim)
    assert done.state == State.CANCELLED
    assert writes_of(simulator) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_at_the_same_moment_one_does(simulator: Simulator, proposal: Proposal, person: Person) -> None:
    user, seen = make_staff(), sending.find_marks(proposal)
    start = threading.Barrier(4)
    outcomes: list[str] = []

    def carry_out() -> None:
        try:
            start.wait()
            order = Order([person.remote_id], send_message="Dag")
            sending.perform(sending.order_send(proposal, order, seen=seen, key=uuid.uuid4(), by=user))
            outcomes.append("sent")
        except NotSentError:
            outcomes.append("not sent")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=carry_out) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["not sent", "not sent", "not sent", "sent"]
    assert len(simulator.sent_mails) == 1


def test_mails_without_a_date_are_told_last(proposal: Proposal) -> None:
    for number, moment in enumerate((None, timezone.now())):
        receivers = [{"email": "x@example.com"}]
        proposal.emails.create(remote_id=number, position=number, sent_at=moment, receivers=receivers)
    first, second = sending.find_earlier(proposal)
    assert (first.sent_at is None, second.sent_at is None, second.to) == (False, True, ["x@example.com"])
