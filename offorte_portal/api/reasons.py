"""Reads why Offorte refused a request from the body of its response.

The reference documents no body for errors; the notes mention `errors` beside the status. All common shapes are read.
"""

from collections.abc import Iterator

from offorte_portal.api.errors import Rejected

_MESSAGE_KEYS = ("message", "msg", "detail", "error_description", "description", "error", "reason")
_FIELD_KEYS = ("field", "name", "param", "parameter", "property")
_LONGEST = 500
_MOST = 50


def read_rejection(data: object) -> Rejected:
    """Make the error of a refused request from its parsed body; without reasons for None and unknown shapes."""
    if not isinstance(data, dict):
        return Rejected(detail=_text(data))
    field_errors: dict[str, list[str]] = {}
    general: list[str] = []
    for field, message in _pairs(data.get("errors")):
        if field:
            field_errors.setdefault(field, []).append(message)
        else:
            general.append(message)
    detail = _message(data) or " ".join(general)[:_LONGEST]
    return Rejected(field_errors=field_errors, detail=detail)


def _pairs(errors: object) -> Iterator[tuple[str, str]]:
    """Yield the field and the message of each error; the field is "" where the error names none."""
    if isinstance(errors, dict):
        entries = [(str(field), message) for field, value in errors.items() for message in _as_list(value)]
    else:
        entries = [(_field(entry), entry) for entry in _as_list(errors)]
    for field, entry in entries[:_MOST]:
        message = _message(entry) if isinstance(entry, dict) else _text(entry)
        if message:
            yield ("" if field.isdecimal() else field), message


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _field(entry: object) -> str:
    if isinstance(entry, dict):
        return next((entry[key] for key in _FIELD_KEYS if isinstance(entry.get(key), str)), "")
    return ""


def _message(data: dict[str, object]) -> str:
    for key in _MESSAGE_KEYS:
        value = data.get(key)
        text = _message(value) if isinstance(value, dict) else _text(value)
        if text:
            return text
    return ""


def _text(value: object) -> str:
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""
