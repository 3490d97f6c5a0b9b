"""Rows of a file in a few words."""

from decimal import Decimal

from django import template

from offorte_portal.models import UploadRow

register = template.Library()
NAMES = {"name", "fullname"}


@register.filter
def summary(row: UploadRow) -> str:
    """What a new record holds beside its name."""
    texts = (value for name, value in row.draft.items() if name not in NAMES and isinstance(value, str))
    return " · ".join(text[:60] for text in texts)


@register.filter
def row_name(row: UploadRow) -> str:
    """What the proposal of a row is called, or else what is in the row's cells."""
    return row.label or " · ".join(filter(None, row.cells))


@register.filter
def row_worth(row: UploadRow) -> Decimal:
    """What the rows of a proposal come to, without VAT."""
    return Decimal(row.draft.get("value", 0))
