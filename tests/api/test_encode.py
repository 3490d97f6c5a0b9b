import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offorte_portal.api.encode import encode_json
from offorte_portal.api.errors import Rejected


@given(amount=st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_amounts_are_sent_as_exact_numbers(amount: Decimal) -> None:
    sent = encode_json({"price": amount}).decode()

    assert json.loads(sent, parse_float=Decimal, parse_int=Decimal) == {"price": amount}
    assert isinstance(json.loads(sent)["price"], int | float)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("19.99"), b"19.99"),
        (Decimal("1000.00"), b"1000"),
        (Decimal("0.1") + Decimal("0.2"), b"0.3"),
        (True, b"true"),
        (3, b"3"),
        ("Café 🎉", '"Café 🎉"'.encode()),
        ([1, 2], b"[1,2]"),
    ],
)
def test_values_are_written_plainly(value: object, expected: bytes) -> None:
    assert encode_json({"v": value}) == b'{"v":' + expected + b"}"


@pytest.mark.parametrize("value", [Decimal("123456789012345678.123"), Decimal("NaN"), Decimal("Infinity")])
def test_a_number_that_can_not_be_exact_is_refused(value: Decimal) -> None:
    with pytest.raises(Rejected, match="too_many_digits"):
        encode_json({"price": value})


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError, match="can't send a set"):
        encode_json({"v": set()})
    with pytest.raises(ValueError, match="Out of range"):
        encode_json({"v": float("nan")})
