"""Columns that many sheets have."""

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
    """Return a column for a field of the model, under the field's own label unless another is given.

    Without a `cell` it belongs to the one that `adminkit.additions.field_column` makes of the field.
    """
    field: Any = model._meta.get_field(name)
    if kind is None:
        kind = next((kind for kinds, kind in KINDS if isinstance(field, kinds)), ColumnKind.TEXT)
    return Column(name, label or field.verbose_name, _reader(field), kind, (name,), cell or f"{name}_text")


def _reader(field: Any) -> Callable[[Any], Value]:
    name = field.name
    if field.choices:
        return lambda row: str(getattr(row, f"get_{name}_display")())
    if isinstance(field, models.BooleanField):
        return lambda row: yes_or_no(getattr(row, name))
    return lambda row: getattr(row, name)


def of_linked(name: str, column: str, label: str | Promise) -> Column:
    """Return a column for the text in a column of a related object, in the list's cell for it."""

    def value(row: Any) -> Value:
        return getattr(getattr(row, name), column, None)

    return Column(f"{name}_{column}", label, value, ColumnKind.TEXT, (f"{name}__{column}",), f"{column}_text")


def linked(name: str, label: str | Promise, *reads: str, cell: str = "", otherwise: str = "") -> Column:
    """Return a column for a related object, as text; for the field `otherwise` where there is none."""

    def value(row: Any) -> Value:
        found = getattr(row, name)
        if found is not None:
            return str(found)
        return getattr(row, otherwise) if otherwise else None

    paths = (f"{name}__{column}" for column in reads)
    return Column(name, label, value, ColumnKind.TEXT, (*paths, *([otherwise] if otherwise else [])), cell)


def account(cell: str = "") -> Column:
    """Return a column for the Offorte account of a row."""
    return linked("connection", _("Account"), "account", "label", cell=cell)


def mirrored(model: type[models.Model]) -> tuple[Column, ...]:
    """Return the columns that every sheet of a mirrored model ends with."""
    removed = Column(
        "removed_at", _("Deleted in Offorte"), lambda row: row.removed_at, ColumnKind.MOMENT, ("removed_at",)
    )
    as_of = Column("as_of", _("As of"), lambda row: row.as_of, ColumnKind.MOMENT, ("as_of",))
    return (told(model, "remote_id", cell="offorte_id"), as_of, removed)
