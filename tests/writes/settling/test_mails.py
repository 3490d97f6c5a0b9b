"""A colleague's mail is not taken for ours, and ours is found in whatever form Offorte tells it."""

from typing import Any

import pytest
from django.utils import timezone

from offorte_portal.simulator import Fault
from offorte_portal.text.reason import Reason
from offorte_portal.writes import draining, settling
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from tests.writes.conftest import Desk
from tests.writes.settling.letters import MESSAGE, Letters, write_letters
from tests.writes.settling.losses import age

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


@pytest.fixture
def letters(desk: Desk) -> Letters:
    return write_letters(desk)


def settle(operation: Operation) -> tuple[str, Reason | None]:
    settled = settling.settle(operation)
    return settled.state, settled.reason


@pytest.mark.parametrize("minutes", [-4, -1, 0, 1])
def test_a_mail_of_a_colleague_to_others_is_not_taken_for_ours(letters: Letters, minutes: float) -> None:
    operation = letters.send("drop_before", minutes=0)
    letters.mail(minutes)
    age(operation)
    assert settle(operation) == (State.UNKNOWN, WriteReason.UNLIKE_MAIL())
    assert operation.retry_at is None
    (mail,) = settling.look(operation).candidates
    assert not mail.is_exact
    draining.drain(letters.desk.connection.pk)
    assert letters.mails == 0


@pytest.mark.parametrize(
    "options",
    [
        {"message": "Iets anders", "contacts": None},
        {"message": MESSAGE},
        {"message": MESSAGE, "contacts": None},
    ],
    ids=["other words", "other people", "another sender"],
)
def test_a_mail_that_fits_only_in_part_is_left_to_a_person(letters: Letters, options: dict[str, Any]) -> None:
    operation = letters.send("drop_before")
    letters.mail(**options)
    assert settle(operation) == (State.UNKNOWN, WriteReason.UNLIKE_MAIL())


@pytest.mark.parametrize("dates", ["printed", "stamped", "iso"])
@pytest.mark.parametrize("form", ["placeholders", "filled", "html", "escaped"])
def test_ours_is_found_in_whatever_form_offorte_tells_it(letters: Letters, form: Any, dates: Any) -> None:
    switches = letters.desk.simulator.switches
    switches.mail_messages, switches.mail_dates = form, dates
    letters.mail(-3)
    letters.desk.do("change", "proposals", {"company_contacts": [letters.person, letters.other]}, remote_id=letters.id)
    operation = letters.send("drop_after", minutes=0.5)
    assert settle(operation) == (State.DONE, None)
    assert letters.mails == 1
    assert operation.evidence["email"] == letters.desk.account.proposals[letters.id]["emails"][-1].id


def test_who_had_received_it_before_receives_it_again(letters: Letters) -> None:
    """The mirror has not heard of the colleague's mail."""
    letters.mail(-90)
    operation = letters.send("drop_after")
    assert operation.evidence["earlier_receivers"] == []
    assert settle(operation) == (State.DONE, None)


def test_addresses_are_compared_in_any_case(letters: Letters) -> None:
    letters.desk.account.update_person(letters.person, email="ANNA@bouw.EXAMPLE")
    assert settle(letters.send("drop_after")) == (State.DONE, None)


def test_each_of_our_own_sends_has_its_own_mail(letters: Letters) -> None:
    """The mail of the first is not known to the mirror, for its details could not be read after it."""
    letters.desk.simulator.faults.add(Fault("error_500", method="GET", path=r"/proposals/\d+/details/?", times=None))
    first = letters.send()
    letters.desk.simulator.faults.clear()
    age(first)
    second = letters.send("drop_before")
    assert second.known_ids == []
    assert settle(second) == (State.FAILED, WriteReason.NOT_SENT())
    third = letters.send("drop_after")
    assert settle(third) == (State.DONE, None)
    emails = letters.desk.account.proposals[letters.id]["emails"]
    assert third.evidence["email"] == emails[1].id
    fourth = letters.send("drop_after")
    assert settle(fourth) == (State.DONE, None)
    assert (fourth.evidence["email"], letters.mails) == (letters.desk.account.proposals[letters.id]["emails"][2].id, 3)


def test_two_mails_that_fit_are_left_to_a_person(letters: Letters) -> None:
    operation = letters.send("drop_after")
    letters.desk.account.send_proposal(letters.id, message=MESSAGE)
    assert settle(operation) == (State.UNKNOWN, WriteReason.UNLIKE_MAIL())
    assert [mail.is_exact for mail in settling.look(operation).candidates] == [True, True]


@pytest.mark.parametrize("fault", ["missing_field", "null_field"])
def test_mails_that_offorte_does_not_tell_are_not_none(letters: Letters, fault: Any) -> None:
    operation = letters.send("drop_before")
    letters.desk.simulator.faults.add(Fault(fault, method="GET", name="emails", times=None))
    assert settle(operation) == (State.UNKNOWN, WriteReason.UNTOLD_MAILS())
    assert operation.retry_at is not None
    operation = age(operation, minutes=15)
    assert settle(operation) == (State.UNKNOWN, WriteReason.UNTOLD_MAILS())
    assert operation.retry_at is None
    letters.desk.simulator.faults.clear()
    assert settle(operation) == (State.FAILED, WriteReason.NOT_SENT())


@pytest.mark.parametrize(
    "fault",
    [
        Fault("missing_field", method="GET", name="emails.id", times=None),
        Fault("unknown_field", method="GET", name="emails.id", value=0, times=None),
        Fault("unknown_field", method="GET", name="emails.id", value=7, times=None),
        Fault("unknown_field", method="GET", name="emails", value=[None], times=None),
        Fault("unknown_field", method="GET", name="emails", value=[], times=None),
    ],
    ids=["without ids", "with ids of nothing", "with one id for all", "as null", "without one that was known"],
)
def test_mails_that_offorte_tells_in_part_are_not_all(letters: Letters, fault: Fault) -> None:
    letters.send()
    operation = letters.send("drop_after")
    letters.desk.simulator.faults.add(fault)
    assert settle(operation) == (State.UNKNOWN, WriteReason.UNTOLD_MAILS())
    operation.refresh_from_db()
    assert operation.retry_at is not None
    assert settling.look(operation).is_told is False
    letters.desk.simulator.faults.clear()
    assert settle(operation) == (State.DONE, None)
    assert letters.mails == 2


def test_a_changed_status_without_a_mail_is_left_to_a_person(letters: Letters) -> None:
    operation = letters.send("drop_before")
    letters.move("open")
    assert settle(operation) == (State.UNKNOWN, WriteReason.NOT_SHOWN())


def test_before_it_is_certain_it_is_looked_for_once_more(letters: Letters) -> None:
    operation = letters.send("drop_before", minutes=0.6)
    assert settle(operation) == (State.UNKNOWN, WriteReason.MAIL_NOT_FOUND_YET())
    letters.mail()
    assert settle(operation) == (State.UNKNOWN, WriteReason.UNLIKE_MAIL())
    assert operation.retry_at is not None
    # Only now does Offorte come to it.
    letters.desk.account.send_proposal(letters.id, message=MESSAGE, contacts=[letters.person])
    Operation.objects.filter(pk=operation.pk).update(retry_at=timezone.now())
    draining.drain(letters.desk.connection.pk)
    operation.refresh_from_db()
    assert operation.state == State.DONE


def test_mails_of_another_day_are_no_evidence(letters: Letters) -> None:
    operation = letters.send("drop_before", minutes=0)
    letters.mail(-60 * 24)
    letters.mail(60 * 24)
    age(operation)
    assert settle(operation) == (State.FAILED, WriteReason.NOT_SENT())


def test_a_template_is_recognised_where_nothing_else_is_new(letters: Letters) -> None:
    template = min(letters.desk.account.email_templates)
    draft: dict[str, Any] = {"send_message": "", "send_message_id": template}
    # The mirror has not heard of this mail, so that Offorte is looked at before ours leaves.
    letters.mail()
    operation = letters.send("drop_before", **draft)
    assert operation.evidence["is_looked"]
    assert settle(operation) == (State.FAILED, WriteReason.NOT_SENT())
    letters.desk.do("change", "proposals", {"company_contacts": [letters.person, letters.other]}, remote_id=letters.id)
    assert settle(letters.send("drop_after", **draft)) == (State.DONE, None)


def test_a_template_is_not_recognised_from_partial_mails(letters: Letters) -> None:
    letters.desk.account.send_proposal(letters.id, message="Dag", contacts=[letters.person])
    letters.desk.simulator.faults.add(Fault("unknown_field", method="GET", name="emails", value=[None], times=None))
    template = min(letters.desk.account.email_templates)
    operation = letters.send("drop_before", send_message="", send_message_id=template)
    assert settle(operation) == (State.UNKNOWN, WriteReason.UNLIKE_MAIL())


def test_a_template_among_other_new_mails_is_left_to_a_person(letters: Letters) -> None:
    template = min(letters.desk.account.email_templates)
    operation = letters.send("drop_before", send_message="", send_message_id=template)
    letters.mail()
    assert settle(operation) == (State.UNKNOWN, WriteReason.UNLIKE_MAIL())
    letters.desk.account.send_proposal(letters.id, message="Dag", contacts=[letters.person])
    assert settle(operation) == (State.UNKNOWN, WriteReason.UNLIKE_MAIL())
