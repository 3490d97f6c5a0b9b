"""Which of our changes explains what Offorte tells: one each, by meaning, moment and name."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from offorte_portal.mirror.history import Code
from offorte_portal.writes.attribution import Deed, Told, explain, read_deeds
from offorte_portal.writes.models import Operation

NOON = datetime(2026, 6, 15, 12, 0, 20, tzinfo=UTC)
State, Verb = Operation.State, Operation.Verb


def operation(pk: int = 1, minutes: float = 0, **columns: Any) -> Operation:
    at = NOON + timedelta(minutes=minutes)
    defaults = {"verb": Verb.CHANGE, "state": State.DONE, "sent_at": at, "requested_by_name": f"P{pk}"}
    return Operation(pk=pk, target="proposals", **(defaults | columns))


def told(code: Code, minutes: float = 0, person: str = "", *, is_client: bool = False) -> Told:
    at = (NOON + timedelta(minutes=minutes)).replace(second=0)
    return Told(code, at, person, is_client)


def who(entries: list[Told], *operations: Operation) -> list[str]:
    """Who did each of these, "" for nobody of ours."""
    found = explain(entries, read_deeds(operations))
    return [found[position].person if position in found else "" for position in range(len(entries))]


LOST: dict[str, Any] = {"draft": {"status": "lost"}}


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        (Code.WON, {"draft": {"status": "won"}}),
        (Code.LOST, LOST),
        (Code.CLOSED, {"draft": {"status": "closed"}}),
        (Code.REOPENED, {"draft": {"status": "open"}, "before": {"status": "lost"}}),
        (Code.SENT, {"draft": {"status": "open"}, "before": {"status": "edit"}}),
        (Code.BACK_IN_EDIT, {"draft": {"status": "edit"}, "before": {"status": "open"}}),
        (Code.OWNER_CHANGED, {"draft": {"account_user_id": 3}}),
        (Code.PRICE_CHANGED, {"draft": {"price_total": "12.50"}}),
        (Code.MODIFIED, {"draft": {"name": "Dak"}}),
        (Code.SENT, {"verb": Verb.SEND}),
        (Code.SENT_BY_ONESELF, {"verb": Verb.SEND}),
        (Code.CREATED, {"verb": Verb.CREATE, "draft": {"name": "Dak"}}),
        # In other words, but at that moment.
        (Code.MODIFIED, LOST),
        (Code.MODIFIED, {"draft": {"account_user_id": 3}}),
    ],
)
def test_a_change_explains_what_it_may_be_called(code: Code, columns: dict[str, Any]) -> None:
    assert who([told(code)], operation(**columns)) == ["P1"]


@pytest.mark.parametrize(
    ("entry", "columns"),
    [
        (told(Code.WON), LOST),
        (told(Code.LOST, is_client=True), LOST),
        (told(Code.LOST, -3), LOST),
        (told(Code.LOST, 75), LOST),
        (told(Code.MODIFIED, 10), LOST),
        (told(Code.MODIFIED), {"verb": Verb.SEND}),
        (told(Code.UNKNOWN), LOST),
        (told(Code.LOST), LOST | {"state": State.FAILED}),
        (told(Code.LOST), LOST | {"state": State.REJECTED}),
        (told(Code.LOST), LOST | {"sent_at": None, "state": State.WAITING}),
        (Told(Code.LOST, None), LOST),
    ],
)
def test_what_is_something_else_stays_unexplained(entry: Told, columns: dict[str, Any]) -> None:
    assert who([entry], operation(**columns)) == [""]


@pytest.mark.parametrize("minutes", [-1, 0, 30, 60])
def test_clocks_differ_and_the_log_may_be_an_hour_late(minutes: float) -> None:
    assert who([told(Code.LOST, minutes)], operation(**LOST)) == ["P1"]


@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN, State.UNDONE])
def test_what_may_have_been_done_explains_what_is_told(state: str) -> None:
    assert who([told(Code.LOST)], operation(**LOST, state=state)) == ["P1"]


def test_each_change_explains_one_entry_the_nearest() -> None:
    entries = [told(Code.LOST, 20, "Els"), told(Code.LOST, 0, "Anna")]
    assert who(entries, operation(**LOST)) == ["", "P1"]


def test_two_changes_explain_two_entries() -> None:
    entries = [told(Code.LOST, 0), told(Code.REOPENED, 5), told(Code.LOST, 10)]
    changes = [
        operation(1, 0, **LOST),
        operation(2, 5, draft={"status": "open"}, before={"status": "lost"}),
        operation(3, 10, **LOST),
    ]
    assert who(entries, *changes) == ["P1", "P2", "P3"]


def test_of_two_in_one_minute_ours_is_the_one_without_a_name() -> None:
    assert who([told(Code.SENT, 0, "Els"), told(Code.SENT)], operation(verb=Verb.SEND)) == ["", "P1"]


def test_of_two_in_one_minute_ours_has_the_name_of_whoever_connected_the_account() -> None:
    deed = Deed(1, Code.LOST, frozenset({Code.LOST}), NOON, "P1", connected_as="Anna")
    entries = [told(Code.LOST, 0, "Els"), told(Code.LOST, 0, "Anna")]
    assert list(explain(entries, [deed])) == [1]


def test_a_change_of_status_and_owner_is_two_deeds() -> None:
    both = operation(draft={"status": "lost", "account_user_id": 3, "name": "Dak"})
    assert [deed.code for deed in read_deeds([both])] == [Code.LOST, Code.OWNER_CHANGED, Code.MODIFIED]
    assert who([told(Code.OWNER_CHANGED), told(Code.LOST)], both) == ["P1", "P1"]
