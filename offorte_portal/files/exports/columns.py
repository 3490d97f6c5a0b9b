"""Columns that many tables have."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from offorte_portal.files.exports.cells import yes_or_no
from offorte_portal.files.exports.sheets import Column, ColumnKind, Value

KINDS: tuple[tuple[type[models.Field[Any, Any]], ColumnKind], ...] = (
    (models.DateTimeField, ColumnKind.MOMENT),
    (models.DateField, ColumnKind.DAY),
    (models.IntegerField, ColumnKind.NUMBER),
    (models.DecimalField, ColumnKind.NUMBER),
)


def told(
    model: type[models.Model], name: str, *, cell: str = "", kind: ColumnKind | None = None, label: str | Promise = ""
) -> Column:
    """A column of the model as it is, by the name that the model gives it."""
    field: Any = model._meta.get_field(name)
    if kind is None:
        kind = next((kind for kinds, kind in KINDS if isinstance(field, kinds)), ColumnKind.TEXT)
    return Column(name, label or field.verbose_name, _reader(field), kind, (name,), cell)


def _reader(field: Any) -> Callable[[Any], Value]:
    name = field.name
    if field.choices:
        return lambda row: str(getattr(row, f"get_{name}_display")())
    if isinstance(field, models.BooleanField):
        return lambda row: yes_or_no(getattr(row, name))
    return lambda row: getattr(row, name)


def linked(name: str, label: str | Promise, *reads: str, cell: str = "", otherwise: str = "") -> Column:
    """What a row is linked to, by its name; the text of `otherwise` where it is linked to nothing."""

    def value(row: Any) -> Value:
        found = getattr(row, name)
        if found is not None:
            return str(found)
        return getattr(row, otherwise) if otherwise else None

    wanted = (f"{name}__{column}" for column in reads)
    return Column(name, label, value, ColumnKind.TEXT, (*wanted, *([otherwise] if otherwise else [])), cell)


def account(cell: str = "") -> Column:
    """The Offorte account of the row."""
    return linked("connection", _("Account"), "account", "label", cell=cell)


def mirrored(model: type[models.Model]) -> tuple[Column, ...]:
    """What every mirrored thing ends with."""
    removed = Column(
        "removed_at", _("Removed at Offorte"), lambda row: row.removed_at, ColumnKind.MOMENT, ("removed_at",)
    )
    as_of = Column("as_of", _("As of"), lambda row: row.as_of, ColumnKind.MOMENT, ("as_of",))
    return (told(model, "remote_id"), as_of, removed)
