"""Reads and writes the JSON of other systems: numbers stay exact, and every database can store the result."""

import json
import re
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias

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
    return digest_of(write(data))


def digest_of(text: str) -> str:
    """Return a hash of 32 characters."""
    return sha256(text.encode()).hexdigest()[:32]


@lru_cache(maxsize=10_000)
def _is_secret(name: str) -> bool:
    return bool(_SECRET_NAME.search(name))


def redact(data: Any, secrets: tuple[str, ...] = (), names: frozenset[str] = frozenset()) -> Any:
    """Return the data without secrets, found by name or by value, and with text that every database can store.

    `names` are names of further secrets. Values in `secrets` of less than six characters are not searched for.
    """
    long = [secret for secret in secrets if len(secret) >= 6]

    def clean(text: str) -> str:
        for secret in long:
            if secret in text:
                text = text.replace(secret, REMOVED)
        return text if text.isascii() and "\0" not in text else storable(text)

    def walk_field(name: str, value: Any) -> Any:
        if (name in names or _is_secret(name)) and value not in (None, "", [], {}):
            return REMOVED
        return walk(value)

    def walk(part: Any) -> Any:
        if isinstance(part, str):
            return clean(part)
        if isinstance(part, dict):
            return {clean(name): walk_field(name, value) for name, value in part.items()}
        return [walk(value) for value in part] if isinstance(part, list) else part

    return walk(data)


def storable(text: str) -> str:
    """Return text that every database can store: without NUL and halves of surrogate pairs."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


class Clean(NamedTuple):
    """An answer as it is stored: without secrets, its JSON, and the hash of that."""

    raw: Raw
    text: str
    digest: str


def clean(raw: Raw, secrets: tuple[str, ...] = (), names: frozenset[str] = frozenset()) -> Clean:
    """Return an answer as it is stored. Raises ValueError where it is nested too deeply for that."""
    try:
        without = redact(raw, secrets, names)
        text = write(without)
    except (RecursionError, orjson.JSONEncodeError):
        raise ValueError("nested too deeply") from None
    return Clean(without, text, digest_of(text))


def anonymise(data: Any) -> Any:
    """Return the shape of an answer for people to look at: which fields are filled, and with what kind of value.

    Letters become x and digits 0; lists keep their first three entries, and text its first 80 characters.
    """
    if isinstance(data, dict):
        return {name: anonymise(value) for name, value in data.items()}
    if isinstance(data, list):
        return [anonymise(value) for value in data[:3]]
    if isinstance(data, str):
        return "".join("0" if sign.isdigit() else "x" if sign.isalpha() else sign for sign in data[:80])
    if isinstance(data, bool) or data is None:
        return data
    return Decimal(re.sub(r"\d", "0", f"{data:f}")) if isinstance(data, Decimal) else 0
