"""Reads and writes the JSON of other systems: numbers stay exact, and every database can store the result."""

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypeAlias

import orjson

Raw: TypeAlias = dict[str, Any]

REMOVED = "[removed]"
# Names of values that are never stored: secrets, bank accounts, personal numbers.
_SECRET_NAME = re.compile(
    r"password|passwd|secret|token|api_?key|authorization|credential|bank_?(?:nr|name|account)|iban|^idnumber$|"
    r"personal_?(?:nr|number|identity)|completiondata|^hash$",
    re.IGNORECASE,
)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_LARGEST = 2**63 - 1
# The most commas in an answer; a page of the largest size has some hundred thousand.
MOST_VALUES = 1_000_000
# The most characters of a number, and its largest power of ten.
LONGEST_NUMBER = 60


def parse(body: bytes | str) -> object:
    """Return the parsed JSON, with fractions as Decimal.

    Raises ValueError where it is invalid (NaN and Infinity are invalid), is nested too deeply, or would take far more
    memory than its bytes: numbers of unlikely length or size, more values than any page has.
    """
    text = body.decode() if isinstance(body, bytes) else body
    if text.count(",") > MOST_VALUES:
        raise ValueError("too many values")
    try:
        return json.loads(text, parse_float=_number_of, parse_int=_integer, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _number_of(text: str) -> Decimal:
    if len(text) > LONGEST_NUMBER:
        raise ValueError("too long a number")
    try:
        number = Decimal(text)
    except ArithmeticError:
        raise ValueError("no number") from None
    if abs(number.adjusted()) > LONGEST_NUMBER:
        raise ValueError("too large a number")
    return number


def _integer(text: str) -> int | Decimal:
    number = _number_of(text)
    return int(number) if abs(number) <= _LARGEST else number


def _refuse(name: str) -> object:
    raise ValueError(name)


def write(data: object) -> str:
    """Return the JSON that is stored: keys are sorted, numbers stay as they came."""
    return orjson.dumps(data, default=_number, option=orjson.OPT_SORT_KEYS).decode()


def _number(value: object) -> orjson.Fragment:
    if not isinstance(value, Decimal):
        raise TypeError(type(value).__name__)
    return orjson.Fragment(str(value).encode())


def fingerprint(data: object) -> str:
    """Return a hash of 32 characters, which differs where the data does."""
    return sha256(write(data).encode()).hexdigest()[:32]


def redact(data: Any, secrets: tuple[str, ...] = (), names: frozenset[str] = frozenset()) -> Any:
    """Return the data without secrets, found by name or by value, and with text that every database can store.

    `names` are names of further secrets. Values in `secrets` of less than six characters are not searched for.
    """
    long = tuple(secret for secret in secrets if len(secret) >= 6)
    return _walk(data, lambda name: name in names or bool(_SECRET_NAME.search(name)), lambda text: _clean(text, long))


def _clean(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        text = text.replace(secret, REMOVED)
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _walk(data: Any, is_secret: Callable[[str], bool], clean: Callable[[str], str]) -> Any:
    if isinstance(data, dict):
        return {
            clean(name): REMOVED if is_secret(name) and _tells(value) else _walk(value, is_secret, clean)
            for name, value in data.items()
        }
    if isinstance(data, list):
        return [_walk(value, is_secret, clean) for value in data]
    return clean(data) if isinstance(data, str) else data


def _tells(value: object) -> bool:
    return value not in (None, "", [], {})


def anonymise(data: Any) -> Any:
    """Return the shape of an answer for people to look at: which fields are filled, and with what kind of value.

    Letters become x and digits 0; lists keep their first three entries, and text its first 80 characters.
    """
    if isinstance(data, dict):
        return {name: anonymise(value) for name, value in data.items()}
    if isinstance(data, list):
        return [anonymise(value) for value in data[:3]]
    if isinstance(data, str):
        return "".join(_blank(data))
    if isinstance(data, bool) or data is None:
        return data
    return Decimal(re.sub(r"\d", "0", f"{data:f}")) if isinstance(data, Decimal) else 0


def _blank(text: str) -> Iterator[str]:
    for character in text[:80]:
        if character.isdigit():
            yield "0"
        else:
            yield "x" if character.isalpha() else character
