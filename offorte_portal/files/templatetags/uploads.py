"""Rows of a file in a few words."""

from collections.abc import Iterator
from decimal import Decimal

from django import template
from django_stubs_ext import StrOrPromise

from offorte_portal.files.imports.kinds import KINDS
from offorte_portal.files.models import UploadRow
from offorte_portal.jobs.parameters import Names, label

register = template.Library()
NAMES = {"name", "fullname"}


@register.filter
def summary(row: UploadRow) -> str:
    """What a new record holds beside its name."""
    texts = (value for name, value in row.draft.items() if name not in NAMES and isinstance(value, str))
    return " · ".join(text[:60] for text in texts)


@register.filter
def changes(row: UploadRow) -> Iterator[tuple[StrOrPromise, str | None, str]]:
    """What a row changes: each field with its old value, None where that is not known, and its new one."""
    target, names = KINDS[row.upload.kind].target, Names()
    for name, old, new in row.changes:
        shown = None if old is None else names.show(name, old, row.connection_id)
        yield label(target, name), shown, names.show(name, new, row.connection_id)


@register.filter
def row_name(row: UploadRow) -> str:
    """What the proposal of a row is called, or else what is in the row's cells."""
    return row.label or " · ".join(filter(None, row.cells))


@register.filter
def row_worth(row: UploadRow) -> Decimal:
    """What the rows of a proposal come to, without VAT."""
    return Decimal(row.draft.get("value", 0))
