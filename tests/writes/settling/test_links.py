"""A send by oneself mails nobody: only what the history and the status say is evidence, and for the rest we ask."""

from typing import Any

import pytest

from offorte_portal.simulator import Fault
from offorte_portal.text.reason import Reason
from offorte_portal.writes import settling
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from tests.writes.conftest import Desk
from tests.writes.settling.letters import Letters, write_letters
from tests.writes.settling.losses import age

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


@pytest.fixture
def letters(desk: Desk) -> Letters:
    return write_letters(desk)


def send(letters: Letters, fault: str, minutes: float = 3) -> Operation:
    return letters.send(fault, minutes=minutes, send_method="self")


def settle(operation: Operation) -> tuple[str, Reason | None]:
    settled = settling.settle(operation)
    return settled.state, settled.reason


@pytest.mark.parametrize("words", ["plain", "capitals", "dutch"])
def test_what_the_history_says_was_carried_out_is_done(letters: Letters, words: Any) -> None:
    letters.desk.simulator.switches.log_words = words
    assert settle(send(letters, "drop_after")) == (State.DONE, None)
    # Open already, the second time: the history alone tells.
    assert settle(send(letters, "drop_after")) == (State.DONE, None)
    assert letters.desk.simulator.sent_mails == []


def test_a_draft_that_nobody_has_touched_was_not_sent(letters: Letters) -> None:
    operation = send(letters, "drop_before", minutes=0.6)
    assert settle(operation) == (State.UNKNOWN, WriteReason.MAIL_NOT_FOUND_YET())
    age(operation)
    assert settle(operation) == (State.FAILED, WriteReason.NOT_SENT())


def test_a_status_that_left_edit_tells_where_the_history_cant(letters: Letters) -> None:
    operation = send(letters, "drop_after")
    letters.desk.account.proposals[letters.id]["history"].pop()
    assert settle(operation) == (State.DONE, None)


def test_a_status_that_left_edit_tells_nothing_without_mails(letters: Letters) -> None:
    operation = send(letters, "drop_after")
    letters.desk.account.proposals[letters.id]["history"].pop()
    letters.desk.simulator.faults.add(Fault("unknown_field", method="GET", name="emails", value=[None], times=None))
    assert settle(operation) == (State.UNKNOWN, WriteReason.NOT_SHOWN())


def test_one_that_was_open_already_is_never_said_not_to_be_sent(letters: Letters) -> None:
    letters.desk.account.send_proposal(letters.id, message="Dag", by_offorte=False)
    assert settle(send(letters, "drop_before")) == (State.UNKNOWN, WriteReason.NOT_SHOWN())


@pytest.mark.parametrize("name", ["logs", "logs.history"])
@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_history_that_is_not_told_says_nothing(letters: Letters, fault: str, name: str) -> None:
    operation = send(letters, fault)
    letters.desk.simulator.faults.add(Fault("null_field", method="GET", name=name, times=None))
    assert settle(operation) == (State.UNKNOWN, WriteReason.NOT_SHOWN())


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_what_a_colleague_does_is_not_taken_for_ours(letters: Letters, fault: str) -> None:
    done = State.DONE if fault == "drop_after" else State.UNKNOWN
    operation = send(letters, fault)
    letters.mail(by_offorte=False)
    assert settle(operation)[0] == done


@pytest.mark.parametrize("status", ["open", "won", "lost", "edit"])
def test_a_status_that_a_colleague_changed_is_no_evidence(letters: Letters, status: str) -> None:
    operation = send(letters, "drop_before")
    letters.move("open")
    if status != "open":
        letters.move(status)
    assert settle(operation) == (State.UNKNOWN, WriteReason.NOT_SHOWN())


def test_an_unknown_word_is_no_evidence_either_way(letters: Letters) -> None:
    operation = send(letters, "drop_before")
    letters.desk.account.add_log_entry(letters.id, "proposal: danced")
    assert settle(operation) == (State.UNKNOWN, WriteReason.NOT_SHOWN())


def test_a_mail_in_the_owner_s_name_is_no_send_by_oneself(letters: Letters) -> None:
    operation = send(letters, "drop_before")
    letters.desk.account.send_proposal(letters.id, message="Dag")
    assert settle(operation) == (State.UNKNOWN, WriteReason.NOT_SHOWN())
