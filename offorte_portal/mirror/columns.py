"""Converts Python values to parameters of a model's columns, without building a model instance."""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from offorte_portal.mirror.reasons import MirrorReason
from offorte_portal.text.reason import Reason

Convert = Callable[[Any], Any]


class UnfitError(ValueError):
    """Raised for a value that its column can't hold. `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(str(reason))


class Column:
    """A concrete column of a model: its name, its default as a parameter, and `convert`, which raises UnfitError.

    The default also stands for a missing value (None), as it is null wherever the column allows null. `is_required` is
    true if the column allows no null and the model gives no default: then text is empty.
    """

    def __init__(self, field: "models.Field[Any, Any]", database: BaseDatabaseWrapper) -> None:
        self.name = str(field.column)
        self.convert = converter(field, database)
        default = None if field.null else field.get_default()
        self.default = self.convert(default) if default is not None else None
        self.is_required = not (field.null or field.has_default())


def converter(field: "models.Field[Any, Any]", database: BaseDatabaseWrapper) -> Convert:
    """Return the function that converts a value of the field's type, or raises UnfitError if it does not fit."""
    if isinstance(field, models.DecimalField):
        return decimal_converter(field, database)
    if isinstance(field, models.DateTimeField):
        return lru_cache(maxsize=64)(database.ops.adapt_datetimefield_value)  # a page of rows shares one moment
    if isinstance(field, models.JSONField):
        return dump
    if isinstance(field, models.CharField):
        return text_converter(field.max_length or 255)
    if isinstance(field, models.BooleanField):
        return bool
    if isinstance(field, models.IntegerField):
        return integer_converter(*database.ops.integer_field_range(field.get_internal_type()))
    return lambda value: value


def dump(value: Any) -> str:
    """Return a value as JSON text."""
    return orjson.dumps(value).decode()


def decimal_converter(field: "models.DecimalField[Any, Any]", database: BaseDatabaseWrapper) -> Convert:
    """Return a function that rounds to the column's places. It raises UnfitError for too many digits."""
    digits, places = field.max_digits or 0, field.decimal_places or 0
    adapt = database.ops.adapt_decimalfield_value
    unit = Decimal(1).scaleb(-places)
    limit = Decimal(10) ** (digits - places)

    def convert(value: Decimal) -> Any:
        if not abs(value) < limit:
            raise UnfitError(MirrorReason.TOO_LARGE(value=str(value)))
        return adapt(value.quantize(unit), digits, places)

    return convert


def text_converter(length: int) -> Convert:
    """Return a function that raises UnfitError for text longer than the column."""

    def convert(value: str) -> str:
        if len(value) > length:
            raise UnfitError(MirrorReason.TOO_LONG(value=value[:30], length=length))
        return value

    return convert


def integer_converter(lowest: int | None, highest: int | None) -> Convert:
    """Return a function that raises UnfitError for integers out of the database's range."""
    least = lowest if lowest is not None else -(2**63)
    most = highest if highest is not None else 2**63 - 1

    def convert(value: int) -> int:
        if not least <= value <= most:
            raise UnfitError(MirrorReason.TOO_LARGE(value=str(value)))
        return value

    return convert
