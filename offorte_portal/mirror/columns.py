"""How a Python value becomes a parameter of a model's column, without building a model instance."""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

Convert = Callable[[Any], Any]


class Column:
    """A concrete column of a model: its name, its default as a parameter, and `convert`, which raises ValueError.

    The default stands for what was not told (None) too, since it is null wherever the column takes null. `is_required`
    where the column takes no null and the model names no default: then text is empty.
    """

    def __init__(self, field: "models.Field[Any, Any]", database: BaseDatabaseWrapper) -> None:
        self.name = str(field.column)
        self.convert = converter(field, database)
        default = None if field.null else field.get_default()
        self.default = self.convert(default) if default is not None else None
        self.is_required = not (field.null or field.has_default())


def converter(field: "models.Field[Any, Any]", database: BaseDatabaseWrapper) -> Convert:
    """The function that makes a parameter from a value of the field's kind, or raises ValueError if it won't fit."""
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
    """JSON text for a JSON column."""
    return orjson.dumps(value).decode()


def decimal_converter(field: "models.DecimalField[Any, Any]", database: BaseDatabaseWrapper) -> Convert:
    """Round to the column's places and refuse what has too many digits before the point."""
    digits, places = field.max_digits or 0, field.decimal_places or 0
    adapt = database.ops.adapt_decimalfield_value
    unit = Decimal(1).scaleb(-places)
    limit = Decimal(10) ** (digits - places)

    def convert(value: Decimal) -> Any:
        if not abs(value) < limit:
            raise ValueError(f"{value} is too large")
        return adapt(value.quantize(unit), digits, places)

    return convert


def text_converter(length: int) -> Convert:
    """Refuse what is longer than the column."""

    def convert(value: str) -> str:
        if len(value) > length:
            raise ValueError(f"'{value[:30]}…' is longer than {length} characters")
        return value

    return convert


def integer_converter(lowest: int | None, highest: int | None) -> Convert:
    """Refuse what the database's integers can't hold."""
    least = lowest if lowest is not None else -(2**63)
    most = highest if highest is not None else 2**63 - 1

    def convert(value: int) -> int:
        if not least <= value <= most:
            raise ValueError(f"{value} is out of range")
        return value

    return convert
