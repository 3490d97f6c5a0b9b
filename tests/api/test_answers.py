import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offorte_portal.api.answers import decode_answer, parse_json, read_retry_after
from offorte_portal.api.errors import (
    AuthenticationFailed,
    Gone,
    Hidden,
    MalformedAnswer,
    NotFound,
    OfforteError,
    RateLimited,
    Rejected,
    Unavailable,
)
from offorte_portal.text.reason import Reason

HTML = b"<html><body>Secret inner workings</body></html>"
DATE = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Rejected),
        (401, AuthenticationFailed),
        (402, Rejected),
        (403, Hidden),
        (404, NotFound),
        (405, Rejected),
        (408, Unavailable),
        (409, Rejected),
        (410, Gone),
        (418, Rejected),
        (422, Rejected),
        (425, Unavailable),
        (429, RateLimited),
        (500, Unavailable),
        (502, Unavailable),
        (503, Unavailable),
        (504, Unavailable),
        (599, Unavailable),
        (302, MalformedAnswer),
        (304, MalformedAnswer),
        (100, MalformedAnswer),
        (600, MalformedAnswer),
        (0, MalformedAnswer),
    ],
)
@pytest.mark.parametrize("body", [b"", HTML, b'{"message": "Secret inner workings"}', b"[]", b"null"])
def test_a_status_is_its_error_whatever_the_body(status: int, kind: type[OfforteError], body: bytes) -> None:
    with pytest.raises(OfforteError) as caught:
        decode_answer(status, {}, body)

    assert type(caught.value) is kind
    assert "Secret" not in str(caught.value)


@given(status=st.integers(min_value=-1, max_value=2000), body=st.binary())
def test_every_answer_is_json_or_an_error_of_the_tree(status: int, body: bytes) -> None:
    try:
        decode_answer(status, {}, body)
    except OfforteError:
        pass
    else:
        assert 200 <= status < 300


@pytest.mark.parametrize("status", [200, 201, 204])
@pytest.mark.parametrize("body", [b"", b" \n", b"null"])
def test_an_empty_answer_is_none(status: int, body: bytes) -> None:
    assert decode_answer(status, {}, body) is None


def test_json_is_parsed() -> None:
    assert decode_answer(200, {}, '[{"id": 1, "name": "Café 🎉"}]'.encode()) == [{"id": 1, "name": "Café 🎉"}]


@pytest.mark.parametrize("body", [HTML, b'[{"id": 1', b"\xff\xfe\xfa", b"[" * 100_000])
def test_what_is_no_json_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedAnswer) as caught:
        decode_answer(200, {}, body)

    assert caught.value.reason == Reason(MalformedAnswer.code)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(("status", "is_undone"), [(500, False), (502, False), (503, True), (504, False), (408, False)])
def test_only_maintenance_says_that_nothing_was_done(status: int, is_undone: bool) -> None:
    with pytest.raises(Unavailable) as caught:
        decode_answer(status, {}, HTML)

    assert (caught.value.status, caught.value.is_undone) == (status, is_undone)


def test_a_rejection_carries_the_reasons() -> None:
    with pytest.raises(Rejected) as caught:
        decode_answer(422, {}, b'{"message": "No.", "errors": {"name": ["is empty"]}}')

    assert caught.value.detail == "No."
    assert caught.value.field_errors == {"name": ["is empty"]}
    assert caught.value.reason == Reason(Rejected.code)


def test_the_wait_after_too_many_requests_is_told() -> None:
    with pytest.raises(RateLimited) as caught:
        decode_answer(429, {"retry-after": "7"}, HTML)

    assert caught.value.retry_after == 7


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", 0.0),
        (" 30 ", 30.0),
        ("1.5", 1.5),
        ("999999999", 86400.0),
        ("", None),
        ("-1", None),
        ("soon", None),
        ("nan", None),
        ("9" * 400, None),
        (format_datetime(DATE + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(DATE - timedelta(seconds=90), usegmt=True), 0.0),
        (format_datetime(DATE + timedelta(days=90), usegmt=True), 86400.0),
        ("Wed, 01 May 2024 12:00:10 -0000", 10.0),
        ("Wed, 01 May 99999 12:00:10 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str, expected: float | None) -> None:
    headers = {"retry-after": value, "date": format_datetime(DATE, usegmt=True)}

    assert read_retry_after(headers) == expected


def test_retry_after_may_be_missing() -> None:
    assert read_retry_after({}) is None


def test_a_date_counts_from_now_where_the_server_has_no_clock() -> None:
    until = datetime.now(UTC) + timedelta(hours=1)

    seconds = read_retry_after({"retry-after": format_datetime(until, usegmt=True)})

    assert seconds is not None
    assert 3590 < seconds <= 3600


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (rb'{"a": "x\u0000y"}', {"a": "x\N{REPLACEMENT CHARACTER}y"}),
        (rb'["\ud83c", "\ud83c\udf89"]', ["\N{REPLACEMENT CHARACTER}", "🎉"]),
        (rb'{"\u0000": [1, true, null]}', {"\N{REPLACEMENT CHARACTER}": [1, True, None]}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b"[NaN, Infinity, 1e400, 1.5]", [None, None, None, 1.5]),
        (rb'["\\u0000"]', [r"\u0000"]),
    ],
)
def test_json_is_made_fit_for_the_databases(body: bytes, expected: object) -> None:
    assert parse_json(body) == expected


@given(data=st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_what_json_can_say_is_storable(data: object) -> None:
    parsed = parse_json(json.dumps(data).encode())

    text = json.dumps(parsed, ensure_ascii=False, allow_nan=False)
    assert "\0" not in text
    assert "\\u0000" not in text.replace("\\\\", "")
    text.encode()
