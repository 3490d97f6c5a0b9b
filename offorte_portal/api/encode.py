"""JSON as it is sent to Offorte."""

import json
from collections.abc import Mapping
from decimal import Decimal

from offorte_portal.api.codes import Code
from offorte_portal.api.errors import Rejected


def encode_json(data: Mapping[str, object]) -> bytes:
    """Write JSON in UTF-8, with Decimals as exact numbers. Raises Rejected for one that can't be exact."""
    text = json.dumps(data, default=_encode_decimal, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode()


def _encode_decimal(value: object) -> int | float:
    if not isinstance(value, Decimal):
        raise TypeError(f"can't send a {type(value).__name__}")
    if value.is_finite():
        if value == value.to_integral_value():
            return int(value)
        # A float is written with the fewest digits that give the same float: all of them up to 15.
        if Decimal(repr(float(value))) == value:
            return float(value)
    raise Rejected(Code.TOO_MANY_DIGITS)
