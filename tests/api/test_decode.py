from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offorte_portal.api.decode import (
    UnreadableError,
    decode_bool,
    decode_datetime,
    decode_decimal,
    decode_int,
    decode_list,
    decode_text,
)
from offorte_portal.runs.reasons import put_into_words

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EVERY = [decode_bool, decode_datetime, decode_decimal, decode_int, decode_list, decode_text]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(value=anything)
def test_any_value_is_either_read_or_refused_in_words(value: object) -> None:
    for decode in EVERY:
        try:
            decode(value)
        except UnreadableError as error:
            words = put_into_words(error.reason.with_values(field="price"))
            assert words.startswith("price: can’t read ")
            assert len(words) < 200


@pytest.mark.parametrize("decode", [decode_datetime, decode_decimal, decode_int, decode_list])
@pytest.mark.parametrize("value", [None, "", "  ", False])
def test_nothing_is_none(decode: Callable[[object], object], value: object) -> None:
    assert decode(value) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2020-06-15 18:05:59", datetime(2020, 6, 15, 16, 5, 59, tzinfo=UTC)),
        ("2020-12-15 18:05", datetime(2020, 12, 15, 17, 5, tzinfo=UTC)),
        ("2020-06-15", datetime(2020, 6, 14, 22, tzinfo=UTC)),
        ("2020-06-15T18:05:59", datetime(2020, 6, 15, 16, 5, 59, tzinfo=UTC)),
        ("2024-03-05T10:11:12.123456Z", datetime(2024, 3, 5, 10, 11, 12, 123456, tzinfo=UTC)),
        ("2024-03-05T10:11:12+02:00", datetime(2024, 3, 5, 8, 11, 12, tzinfo=UTC)),
        ("15 jun 2018 (06:49)", datetime(2018, 6, 15, 4, 49, tzinfo=UTC)),
        (" 5 MRT. 2018 (06:49) ", datetime(2018, 3, 5, 5, 49, tzinfo=UTC)),
        ("5 maart 2018 06:49:30", datetime(2018, 3, 5, 5, 49, 30, tzinfo=UTC)),
        ("1 okt 2024", datetime(2024, 9, 30, 22, tzinfo=UTC)),
        # The clock shows this twice; the first time counts.
        ("2024-10-27 02:30:00", datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
        ("0000-00-00 00:00:00", None),
    ],
)
def test_dates_are_read_in_all_forms(value: str, expected: datetime | None) -> None:
    assert decode_datetime(value) == expected


@pytest.mark.parametrize(
    ("names", "month"),
    [
        ("jan januari january", 1),
        ("feb februari february", 2),
        ("mrt maart mar march", 3),
        ("apr april", 4),
        ("mei may", 5),
        ("jun juni june", 6),
        ("jul juli july", 7),
        ("aug augustus august", 8),
        ("sep sept september", 9),
        ("okt oktober oct october", 10),
        ("nov november", 11),
        ("dec december", 12),
    ],
)
def test_months_have_dutch_and_english_names(names: str, month: int) -> None:
    for name in names.split():
        for form in (name, name.title(), f"{name}."):
            moment = decode_datetime(f"15 {form} 2018 (12:00)")
            assert moment is not None
            assert moment.astimezone(AMSTERDAM).month == month


@pytest.mark.parametrize(
    "value",
    [
        "yesterday",
        "15 foo 2018",
        "31 feb 2018",
        "2024-13-01",
        "2020-06-15 18:05:59 x",
        "0001-01-01",
        20200615,
        True,
        [],
    ],
)
def test_what_is_no_date_is_refused(value: object) -> None:
    with pytest.raises(UnreadableError, match="unreadable_date"):
        decode_datetime(value)


@given(moment=st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)))  # noqa: DTZ001 - naive on purpose
def test_a_date_means_the_same_in_every_form(moment: datetime) -> None:
    local = moment.replace(second=0, microsecond=0, tzinfo=AMSTERDAM)
    if local.astimezone(UTC).astimezone(AMSTERDAM).replace(tzinfo=None) != local.replace(tzinfo=None):
        local += timedelta(hours=1)  # in the hour that the clock leaves out in spring
    expected = local.astimezone(UTC)
    month = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"][local.month - 1]

    assert decode_datetime(local.strftime("%Y-%m-%d %H:%M:%S")) == expected
    assert decode_datetime(f"{local.day} {month} {local.year} ({local:%H:%M})") == expected
    assert decode_datetime(expected.strftime("%Y-%m-%dT%H:%M:%S.%fZ")) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(15000, "15000"), (0.1, "0.1"), ("45521.00", "45521.00"), ("€ 45.521,00", "45521.00"), (Decimal("1.5"), "1.5")],
)
def test_amounts_are_exact(value: object, expected: str) -> None:
    assert str(decode_decimal(value)) == expected


@pytest.mark.parametrize("value", [True, [], {}, "€ abc", float("inf"), float("nan"), 10**15, "1e400", Decimal("NaN")])
def test_what_is_no_amount_is_refused(value: object) -> None:
    with pytest.raises(UnreadableError, match="unreadable_amount"):
        decode_decimal(value)


@pytest.mark.parametrize("value", [True, "true", "TRUE", " yes ", "1", 1, 1.0, "on", "ja"])
def test_yes_is_read(value: object) -> None:
    assert decode_bool(value) is True


@pytest.mark.parametrize("value", [False, "false", "no", "0", 0, 0.0, "off", "nee"])
def test_no_is_read(value: object) -> None:
    assert decode_bool(value) is False


@pytest.mark.parametrize("value", [None, ""])
def test_neither_yes_nor_no_is_none(value: object) -> None:
    assert decode_bool(value) is None


@pytest.mark.parametrize("value", [2, "maybe", [], {}])
def test_other_things_are_not_yes_or_no(value: object) -> None:
    with pytest.raises(UnreadableError, match="unreadable_truth"):
        decode_bool(value)


@pytest.mark.parametrize(("value", "expected"), [(12, 12), ("12", 12), (" -3 ", -3), (12.0, 12), ("12.0", 12)])
def test_whole_numbers_are_read(value: object, expected: int) -> None:
    assert decode_int(value) == expected


@pytest.mark.parametrize("value", [True, 12.5, "12.5", "x", [], 2**63, -(2**63), "9" * 39, "9" * 5000, float("inf")])
def test_what_is_no_whole_number_is_refused(value: object) -> None:
    with pytest.raises(UnreadableError, match="unreadable_number"):
        decode_int(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", ""), (" as it is ", " as it is "), (12, "12"), (1.5, "1.5"), (True, "true"), (False, None), (None, None)],
)
def test_text_is_kept_as_it_is(value: object, expected: str | None) -> None:
    assert decode_text(value) == expected


def test_text_is_never_cut() -> None:
    assert decode_text("é" * 10_000) == "é" * 10_000


@pytest.mark.parametrize("value", [[], {}])
def test_lists_and_objects_are_not_text(value: object) -> None:
    with pytest.raises(UnreadableError, match=r"unreadable_text \(value=api\.(a_list|an_object)"):
        decode_text(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(["a", 1], ["a", 1]), ("a, b,", ["a", "b"]), ({"0": "a", "2": "b"}, ["a", "b"]), ([], []), ({}, [])],
)
def test_lists_are_read(value: object, expected: list[object]) -> None:
    assert decode_list(value) == expected


def test_a_number_is_no_list() -> None:
    with pytest.raises(UnreadableError, match=r"unreadable_list \(value=5\)"):
        decode_list(5)


def test_long_values_are_shortened_in_messages() -> None:
    with pytest.raises(UnreadableError, match=f"unreadable_date.*'{'x' * 39}…'"):
        decode_datetime("x" * 1000)


def test_what_json_does_not_have_is_named_by_its_type() -> None:
    with pytest.raises(UnreadableError, match=r"unreadable_text.*a set"):
        decode_text(set())
