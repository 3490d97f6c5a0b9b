"""Reasons: stored as codes with values, shown in the reader's language.

A room declares its codes and their words in its `reasons.py`:

    @register
    class SyncReason(ReasonCode):
        LIST_UNREADABLE = "sync.list_unreadable", _("We couldn’t read this list: %(error)s")

`SyncReason.LIST_UNREADABLE(error=reason)` makes one, a `ReasonField` stores it, `put_into_words` shows it.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.json import KeyTransform
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from offorte_portal.text.reason import Reason, Value

__all__ = [
    "Reason",
    "ReasonCode",
    "ReasonField",
    "ReasonsField",
    "RunReason",
    "codes",
    "invalid",
    "join",
    "name",
    "put_into_words",
    "reasons_of",
    "register",
]


class ReasonCode(models.TextChoices):
    """The base of a room's codes: choices whose labels are the words, with named placeholders."""

    def __call__(self, **values: Value) -> Reason:
        """Return a reason with this code."""
        return Reason(self.value, values)


_Codes = TypeVar("_Codes", bound=type[ReasonCode])
_CODES: list[ReasonCode] = []
_KNOWN: dict[str, StrOrPromise] = {}
# Values that are formatted in the reader's locale, and not put into a sentence.
_FORMATS: dict[str, Callable[[Any], str]] = {
    "runs.number": lambda number: number_format(number, use_l10n=True, force_grouping=True),
    "runs.bytes": filesizeformat,
    "runs.day": lambda day: date_format(date.fromisoformat(day), "DATE_FORMAT"),
}


def register(each: _Codes) -> _Codes:
    """Register the words of a room's codes. Raises ValueError if a code is taken."""
    for code in each:
        name(code.value, code.label)
        _CODES.append(code)
    return each


def name(code: str, label: StrOrPromise) -> Reason:
    """Register the name of a thing, such as a field, for the values of reasons. Raises ValueError if it is taken."""
    if code in _KNOWN:
        raise ValueError(f"{code} is a code already.")
    _KNOWN[code] = label
    return Reason(code)


def codes() -> list[ReasonCode]:
    """Return every code of every installed room."""
    return list(_CODES)


def put_into_words(reason: Reason | None) -> str:
    """Return a reason in the active language: "" for None, the code itself if it is unknown. Never raises."""
    if reason is None:
        return ""
    known = _KNOWN.get(reason.code)
    if known is None:
        return reason.code
    values = {
        name: put_into_words(value) if isinstance(value, Reason) else value for name, value in reason.values.items()
    }
    try:
        if reason.code in _FORMATS:
            return _FORMATS[reason.code](values["value"])
        return str(known) % values
    except (KeyError, TypeError, ValueError):
        return str(known)


def join(reasons: Sequence[Reason], *, in_lines: bool = False) -> Reason | None:
    """Return several reasons as one, in one line or in lines; None for none."""
    together = RunReason.IN_LINES if in_lines else RunReason.TOGETHER
    joined: Reason | None = None
    for each in reversed(reasons):
        joined = together(first=each, rest=joined) if joined else each
    return joined


def invalid(reason: Reason) -> ValidationError:
    """Return a ValidationError that carries the reason as its code and parameters."""
    return ValidationError(_KNOWN.get(reason.code, reason.code), code=reason.code, params=dict(reason.values) or None)


def reasons_of(error: ValidationError) -> list[Reason]:
    """Return the reasons in an error from `invalid`; messages of other errors become `RunReason.SAID`."""
    return [
        Reason(each.code, each.params or {}) if each.code in _KNOWN else RunReason.SAID(text=" ".join(each.messages))
        for each in error.error_list
    ]


if TYPE_CHECKING:
    _JSONField = models.JSONField[Reason | None, Reason | None]
    _JSONList = models.JSONField[list[Reason], list[Reason]]
else:
    _JSONField = _JSONList = models.JSONField


class ReasonField(_JSONField):
    """A reason as JSON; None is NULL in the database. Compare codes with `reason__code`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"null": True, "blank": True, "editable": False} | options)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        data = super().from_db_value(value, expression, connection)
        return data if isinstance(expression, KeyTransform) else Reason.from_json(data)

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Reason) else Reason.from_json(value)

    def get_prep_value(self, value: Any) -> Any:
        return value.to_json() if isinstance(value, Reason) else super().get_prep_value(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, models.Value) and isinstance(value.value, Reason):
            value = value.value
        return super().get_db_prep_value(self.get_prep_value(value), connection, prepared)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if isinstance(value, str):
            raise TypeError(f"{self.name} keeps a Reason, not the text {value[:40]!r}.")
        return super().get_db_prep_save(value, connection)

    def value_to_string(self, obj: models.Model) -> Any:
        value = self.value_from_object(obj)
        return value.to_json() if isinstance(value, Reason) else value


class ReasonsField(_JSONList):
    """Several reasons as JSON, in order."""

    def __init__(self, *args: Any, **options: Any) -> None:
        shown: dict[str, Any] = {"default": list, "blank": True, "editable": False}
        super().__init__(*args, **shown | options)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        data = super().from_db_value(value, expression, connection)
        return data if isinstance(expression, KeyTransform) else self.to_python(data)

    def to_python(self, value: Any) -> Any:
        read = (each if isinstance(each, Reason) else Reason.from_json(each) for each in value or ())
        return [each for each in read if each]

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, list):
            value = [each.to_json() if isinstance(each, Reason) else each for each in value]
        return super().get_db_prep_value(value, connection, prepared)

    def value_to_string(self, obj: models.Model) -> Any:
        return [each.to_json() for each in self.value_from_object(obj)]


@register
class RunReason(ReasonCode):
    """Why work in the background ended or waits, whatever it was about."""

    STOPPED = (
        "runs.stopped",
        _(
            "The worker was stopped every time it resumed here. What was read so far is saved. Start it again. If it "
            "stops here again, ask an administrator to check the worker’s log."
        ),
    )
    # The words of others, several reasons in one, and formatted values.
    SAID = "runs.said", "%(text)s"
    TOGETHER = "runs.together", "%(first)s %(rest)s"
    IN_LINES = "runs.in_lines", "%(first)s\n%(rest)s"
    NUMBER = "runs.number", "%(value)s"
    BYTES = "runs.bytes", "%(value)s"
    DAY = "runs.day", "%(value)s"
    DISK_FULL = (
        "runs.disk_full",
        _(
            "The portal’s disk is almost full, so no files can be saved right now. Ask an administrator to free up "
            "space."
        ),
    )
    DATABASE = "runs.database", _("The portal couldn’t write to its database: %(error)s")
    UNEXPECTED = "runs.unexpected", _("Unexpected error: %(error)s")


@register
class TextReason(ReasonCode):
    """The words of reasons from `text/`."""

    VAT_WITHOUT_COUNTRY = (
        "text.vat_without_country",
        _("A VAT number starts with a country code like NL."),
    )
    VAT_INVALID = "text.vat_invalid", _("“%(number)s” isn’t a valid VAT number for its country.")
