"""Filters that describe the rows of an upload."""

from collections.abc import Iterator
from decimal import Decimal

from django import template
from django_stubs_ext import StrOrPromise

from offorte_portal.files.imports.kinds import KINDS
from offorte_portal.files.models import UploadRow
from offorte_portal.jobs.parameters import Names, label
from offorte_portal.tracking.losses import describe_why, from_options

register = template.Library()
NAMES = {"name", "fullname"}


@register.filter
def summary(row: UploadRow) -> str:
    """Return the texts of a new record beside its name, each cut to 60 characters."""
    texts = (value for name, value in row.draft.items() if name not in NAMES and isinstance(value, str))
    return " · ".join(text[:60] for text in texts)


@register.filter
def changes(row: UploadRow) -> Iterator[tuple[StrOrPromise, str | None, str]]:
    """Yield the label of each field that a row changes, its old value (None if unknown) and its new one."""
    target, names = KINDS[row.upload.kind].target, Names()
    for name, old, new in row.changes:
        shown = None if old is None else names.show(name, old, row.connection_id)
        yield label(target, name), shown, names.show(name, new, row.connection_id)


@register.filter
def lost_because(row: UploadRow) -> str:
    """Return why the row's proposal is lost."""
    return describe_why(from_options(row.loss))


@register.filter
def row_name(row: UploadRow) -> str:
    """Return the name of the row's proposal, or the row's cells where it has none."""
    return row.label or " · ".join(filter(None, row.cells))


@register.filter
def row_worth(row: UploadRow) -> Decimal:
    """Return the total of a proposal's rows, without VAT."""
    return Decimal(row.draft.get("value", 0))
