"""Values that may be missing, null or of another type than documented."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offorte_portal.other_systems.systems import answers, registry
from offorte_portal.other_systems.systems.quote import Quote
from offorte_portal.other_systems.systems.reading import Reading, child, children, text, to_number
from tests.other_systems.systems.conftest import sample

NAMES = ["cirrus/quote_detail_4103", "coreapi/offer_detail_ANG-1046", "administrate/opportunity_detail_25"]
JUNK: list[Any] = [
    None,
    "",
    [],
    {},
    0,
    -1,
    True,
    "x",
    ["x"],
    {"x": 1},
    Decimal("1e400"),
    Decimal(10) ** 40,
    "\0\ud800",
    [None, 3],
]


def find(name: str) -> tuple[str, Any]:
    system = {"coreapi": "fynn"}.get(name.partition("/")[0], name.partition("/")[0])
    return system, sample(name)


def paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in an answer."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, value in pairs for place in paths(value, (*path, key)))]


def put(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The answer with something else at one place."""
    if not path:
        return value
    copy: Any = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = put(copy[path[0]], path[1:], value)
    return copy


@pytest.mark.parametrize("name", [*NAMES, "workspace/quotation_detail_213"])
def test_nothing_at_any_place_of_an_answer_is_an_exception(name: str) -> None:
    system, whole = find(name)
    raw = whole["response"]["data"] if system == "workspace" else whole
    found = registry.find(system)
    mapper = found.mapper(found.complete({"money_divisor": 100, "read_articles": True, "read_orders": True}))
    for path in paths(raw):
        for junk in JUNK:
            changed = put(raw, path, junk)
            if not isinstance(changed, dict):
                continue
            clean = answers.redact(changed)
            answers.write(clean)
            assert isinstance(mapper.map(clean, {}), Quote), (path, junk)
            assert isinstance(mapper.references(clean, {}), list)


PLAIN = st.none() | st.booleans() | st.integers() | st.text()


# A busy machine makes examples slowly.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_redacting_and_writing_take_whatever_json_holds(data: Any) -> None:
    parsed = answers.parse(json.dumps(data))
    written = answers.write(answers.redact(parsed))
    assert "\0" not in written
    assert answers.parse(written) == answers.redact(parsed)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("10700000", "10700000"),
        ("-12.50", "-12.50"),
        (3, "3"),
        (Decimal("0.1"), "0.1"),
        ("12,50", None),
        ("1e5", None),
        ("NaN", None),
        (True, None),
        (Decimal("Infinity"), None),
        (10**15, None),
        ("٣", None),
        ([], None),
    ],
)
def test_numbers(value: Any, number: str | None) -> None:
    assert to_number(value) == (None if number is None else Decimal(number))


def test_what_is_there_but_cant_be_read_is_noted_once() -> None:
    reading = Reading()
    raw = {"price": "twelve", "day": "2025-13-40", "at": "yesterday", "none": "", "zero": "0000-00-00 00:00:00"}
    assert reading.number(raw, "price") is None
    assert reading.number(raw, "price") is None
    assert reading.day(raw, "day") is None
    assert reading.moment(raw, "at") is None
    assert reading.day(raw, "zero") is None
    assert reading.moment(raw, "zero") is None
    assert reading.number(raw, "none") is None
    assert [note.values["field"] for note in reading.notes] == ["price", "day", "at"]


def test_moments_and_days() -> None:
    raw = {
        "z": "2019-08-24T14:15:22Z",
        "plain": "2014-10-29 13:05:49",
        "day": "2014-10-29",
        "late": "2025-03-31T23:59:59+02:00",
    }
    reading = Reading(ZoneInfo("Europe/Amsterdam"))
    assert reading.moment(raw, "z") == datetime(2019, 8, 24, 14, 15, 22, tzinfo=UTC)
    assert reading.moment(raw, "plain") == datetime(2014, 10, 29, 12, 5, 49, tzinfo=UTC)
    assert reading.moment(raw, "day") == datetime(2014, 10, 28, 23, tzinfo=UTC)
    assert reading.day(raw, "late") == date(2025, 3, 31), "a day is that of the system's own clock"


def test_relations_in_any_form() -> None:
    assert child({"a": [{"id": 1}]}, "a") == {"id": 1}
    assert child({"a": []}, "a") == child({"a": None}, "a") == child({}, "a") == {}
    assert children({"a": {"id": 1}}, "a") == [{"id": 1}]
    assert children({"a": [1, {"id": 2}, None]}, "a") == [{"id": 2}]
    assert text({"a": " ", "b": 7}, "a", "b") == "7"
    assert text({"a": True, "b": {"c": 1}}, "a", "b") == ""


class TestAnswers:
    def test_numbers_stay_exact(self) -> None:
        written = answers.write(answers.parse(b'{"b": 0.1, "a": 1234567890123456789012345, "c": 12.50}'))
        assert written == '{"a":1234567890123456789012345,"b":0.1,"c":12.50}'

    @pytest.mark.parametrize("body", [b"NaN", b'{"a": Infinity}', b"{", b"", b"[" * 100_000, b"\xff"])
    def test_what_is_no_json(self, body: bytes) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 - any will do
            answers.parse(body)

    def test_secrets_are_taken_out_by_name_and_by_value(self) -> None:
        data = {"Password": "x", "apiKey": "y", "note": "use hunter22 now", "bank_nr": "NL1", "token": None, "url": "z"}
        clean = answers.redact(data, ("hunter22", "abc"), frozenset({"url"}))
        gone = answers.REMOVED
        assert clean == {
            "Password": gone,
            "apiKey": gone,
            "note": f"use {gone} now",
            "bank_nr": gone,
            "token": None,
            "url": gone,
        }

    def test_an_anonymised_answer_keeps_its_shape_only(self) -> None:
        raw = {"name": "Jan Kok", "price": Decimal("12.50"), "id": 53, "ok": True, "rows": [1, 2, 3, 4], "none": None}
        assert answers.anonymise(raw) == {
            "name": "xxx xxx", "price": Decimal("0.00") * 0, "id": 0, "ok": True, "rows": [0, 0, 0], "none": None,
        }  # fmt: skip


MUCH = {
    "values": "[" + "{}," * 1_100_000 + "{}]",
    "a power": "1e60000000",
    "a power beyond any": "1e9999999999999999999",
    "digits": "9" * 1_000_001,
    "a small power": "1.5e-99999",
    "depth": "[" * 10**6,
}


@pytest.mark.parametrize("kind", MUCH)
def test_a_few_bytes_that_would_become_very_much_are_refused(kind: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        answers.parse(f'{{"x": {MUCH[kind]}}}')
