"""What a body says, whatever is in it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from offorte_portal.simulator.records import EVENTS
from offorte_portal.text.reason import Reason
from offorte_portal.webhooks.effects import EFFECTS, Kind
from offorte_portal.webhooks.reading import NotUnderstoodError, parse, read, read_moments
from offorte_portal.webhooks.reasons import EventReason

NOW = datetime(2026, 3, 2, 9, 30, 0, 500, tzinfo=UTC)


def event(name: Any = "company_updated", data: Any = None, at: Any = "2026-03-02 10:29:00") -> dict[str, Any]:
    return {"type": name, "date_created": at, "data": {"id": 5} if data is None else data}


def test_every_event_of_the_reference_has_its_effect() -> None:
    assert EFFECTS.keys() == set(EVENTS)
    for name, effect in EFFECTS.items():
        assert (effect.kind == Kind.DELETED) == name.endswith("_deleted")
        assert (effect.kind == Kind.CREATED) == name.endswith("_created")
        prefix = {"people": "company_contact", "companies": "company", "directories": "product_directory"}
        singular = prefix.get(effect.resource.name, effect.resource.name.removesuffix("s"))
        assert name.startswith(f"{singular}_")


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"{", b"\xff\xfe\xfa", b"[" * 1000 + b"]" * 1000, b'{"a":' * 5000 + b"1" + b"}" * 5000],
)
def test_what_is_not_json_is_not_understood(body: bytes) -> None:
    with pytest.raises(NotUnderstoodError, match="not_json"):
        parse(body)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, EventReason.NOT_AN_EVENT()),
        ([], EventReason.NOT_AN_EVENT()),
        ("company_updated", EventReason.NOT_AN_EVENT()),
        ({"data": {"id": 1}}, EventReason.NOT_AN_EVENT()),
        (event("invoice_paid"), EventReason.UNKNOWN_EVENT()),
        (event(None), EventReason.UNKNOWN_EVENT()),
        (event(["company_updated"]), EventReason.UNKNOWN_EVENT()),
        (event("all"), EventReason.UNKNOWN_EVENT()),
        (event(data={}), EventReason.NO_ID()),
        (event(data=[1]), EventReason.NO_ID()),
        (event(data="5"), EventReason.NO_ID()),
        (event(data={"id": None, "name": "A"}), EventReason.NO_ID()),
        (event(data={"id": "five"}), EventReason.NO_ID()),
        (event(data={"id": -5}), EventReason.NO_ID()),
        (event(data={"id": 2**64}), EventReason.NO_ID()),
        (event(data={"id": {}}), EventReason.NO_ID()),
    ],
)
def test_what_is_no_event_is_told_why(content: object, reason: Reason) -> None:
    with pytest.raises(NotUnderstoodError) as caught:
        read(content, NOW)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("name", "data", "remote_id", "parent"),
    [
        ("company_updated", {"id": 5}, 5, None),
        ("company_updated", {"id": "5"}, 5, None),
        ("company_updated", {"company_id": 5}, 5, None),
        ("company_contact_updated", {"id": 5, "company_id": 7}, 5, 7),
        ("company_contact_updated", {"id": 5, "company_id": "7"}, 5, 7),
        ("company_contact_updated", {"person_id": 5, "company": {"id": 7, "name": "A"}}, 5, 7),
        ("company_contact_updated", {"id": 5, "company_id": "none", "company": "A"}, 5, None),
        ("proposal_won", {"proposal_id": 5.0, "company_id": 7}, 5, None),
        ("product_updated", {"product_id": 5}, 5, None),
        ("product_directory_updated", {"directory_id": 5}, 5, None),
    ],
)
def test_ids_are_read_in_every_form(name: str, data: dict[str, Any], remote_id: int, parent: int | None) -> None:
    told = read(event(name, data), NOW)
    assert (told.remote_id, told.parent_remote_id, told.effect) == (remote_id, parent, EFFECTS[name])


NAMES = {
    "companies": ["company_id"],
    "people": ["person_id", "people_id"],
    "proposals": ["proposal_id"],
    "products": ["product_id"],
    "directories": ["product_directory_id", "directory_id"],
}


@pytest.mark.parametrize("name", EFFECTS)
def test_a_name_that_says_whose_id_it_is_wins(name: str) -> None:
    for specific in NAMES[EFFECTS[name].resource.name]:
        told = read(event(name, {"id": 5, specific: 7}), NOW)
        assert (told.remote_id, told.is_whole) == (7, False)
        same = read(event(name, {"id": 7, specific: "7"}), NOW)
        assert (same.remote_id, same.is_whole) == (7, True)
        unknown = read(event(name, {"id": 5, specific: None}), NOW)
        assert (unknown.remote_id, unknown.is_whole) == (5, True)


@pytest.mark.parametrize("name", EFFECTS)
def test_ids_of_what_an_object_belongs_to_are_not_its_own(name: str) -> None:
    others = [one for resource, names in NAMES.items() for one in names if resource != EFFECTS[name].resource.name]
    assert read(event(name, {"id": 5} | dict.fromkeys(others, 7)), NOW).remote_id == 5


def test_the_data_of_a_comment_is_not_that_of_its_proposal() -> None:
    name, comment = "proposal_comment_received", {"id": 5, "comment": "When?", "firstname": "Kim"}
    for data in ({**comment, "proposal_id": 7}, {**comment, "proposal": {"id": "7"}}):
        told = read(event(name, data), NOW)
        assert (told.remote_id, told.is_whole) == (7, False)
    for data in (comment, {**comment, "proposal_id": None}, {**comment, "proposal": "Roof"}):
        with pytest.raises(NotUnderstoodError, match="no_id"):
            read(event(name, data), NOW)


@pytest.mark.parametrize(
    "value", [None, "", "soon", 12, ["2026"], "0000-00-00 00:00:00", "2026-03-02 10:30:01", "9999-12-31 23:59:59"]
)
def test_a_date_that_is_absent_or_cannot_be_counts_as_now(value: object) -> None:
    assert read_moments(value, NOW) == (NOW, NOW)


def test_an_event_counts_as_of_the_end_of_its_second() -> None:
    second = datetime(2026, 3, 2, 9, 29, 7, tzinfo=UTC)
    assert read_moments("2026-03-02 10:29:07", NOW) == (second, second + timedelta(microseconds=999_999))
    exact = datetime(2026, 3, 2, 9, 29, 7, 42, tzinfo=UTC)
    assert read_moments("2026-03-02T09:29:07.000042Z", NOW) == (exact, exact)
    assert read_moments("2026-03-02 10:30:00", NOW) == (NOW.replace(microsecond=0), NOW)
    assert read_moments("2 mrt 2026 (10:29)", NOW)[0] == datetime(2026, 3, 2, 9, 29, tzinfo=UTC)


def test_in_the_hour_that_comes_twice_the_later_one_counts() -> None:
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert read_moments("2026-10-25 02:30:00", first + timedelta(minutes=1))[0] == first
    assert read_moments("2026-10-25 02:30:00", second + timedelta(minutes=1))[0] == second


def test_of_two_events_of_a_second_the_deletion_is_later() -> None:
    names = ["product_deleted", "product_created", "product_updated"]
    told = sorted((read(event(name), NOW) for name in names), key=lambda each: each.order)
    assert [each.name for each in told] == ["product_created", "product_updated", "product_deleted"]
