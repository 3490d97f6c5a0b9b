"""Validation of writes: only documented parameters, with their documented types."""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from offorte_portal.simulator.records import Record
from offorte_portal.simulator.refusals import RefusedError

Reader = Callable[[Any], Any]
"""Takes a JSON value and returns the value to keep; raises ValueError with the problem."""
Errors = dict[str, list[str]]
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def string(value: Any) -> str:
    """A JSON string."""
    if not isinstance(value, str):
        raise ValueError("must be a string")
    return value


def email(value: Any) -> str:
    """A mail address, or an empty string."""
    text = string(value)
    if text and not EMAIL.fullmatch(text):
        raise ValueError("must be an e-mail address")
    return text


def filled(value: Any) -> str:
    """A string that isn't empty."""
    text = string(value)
    if not text.strip():
        raise ValueError("is required")
    return text


def filled_email(value: Any) -> str:
    """A mail address that isn't empty."""
    return email(filled(value))


def integer(value: Any) -> int:
    """A whole number, quoted or not."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        return int(value)
    raise ValueError("must be an integer")


def number(value: Any) -> Decimal:
    """A number, quoted or not."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("must be a number")
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise ValueError("must be a number") from None
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 12:
        raise ValueError("must be a number")
    return amount


def boolean(value: Any) -> bool:
    """true or false, quoted or not."""
    if isinstance(value, bool):
        return value
    if value in {"true", "false"}:
        return bool(value == "true")
    raise ValueError("must be a boolean")


def one_of(*choices: str) -> Reader:
    """One of some strings."""

    def read(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return str(value)

    return read


def array_of(reader: Reader) -> Reader:
    """A list whose items are all of one type."""

    def read(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError("must be an array")
        return [reader(item) for item in value]

    return read


def id_in(store: Mapping[int, object]) -> Reader:
    """The id of an item that exists."""

    def read(value: Any) -> int:
        id = integer(value)
        if id not in store:
            raise ValueError("does not exist")
        return id

    return read


def read_fields(body: Any, fields: Mapping[str, Reader], *, required: Iterable[str] = ()) -> Record:
    """The documented fields of a JSON body; raises RefusedError (400) that names every fault."""
    if not isinstance(body, dict):
        raise RefusedError(400, "The body must be a JSON object.")
    errors: Errors = {}
    record = collect(body, fields, errors, required=required)
    if errors:
        raise RefusedError(400, "Your request is invalid.", errors)
    return record


def collect(
    body: Record, fields: Mapping[str, Reader], errors: Errors, *, required: Iterable[str] = (), at: str = ""
) -> Record:
    """Read an object's fields, noting every fault under its dotted path below `at`."""
    record: Record = {}
    for name, value in body.items():
        if name not in fields:
            errors[at + name] = ["is not a documented parameter"]
            continue
        try:
            record[name] = fields[name](value)
        except ValueError as error:
            errors[at + name] = [str(error)]
    for name in required:
        if body.get(name) is None:
            errors[at + name] = ["is required"]
    return record
