"""Filters that describe the rows of an upload."""

from collections.abc import Iterator
from decimal import Decimal

from django import template
from django_stubs_ext import StrOrPromise

from offorte_portal.files.imports.kinds import KINDS
from offorte_portal.files.imports.mapping import label_of
from offorte_portal.files.models import UploadRow
from offorte_portal.jobs.parameters import Names, label
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.tracking import reasons
from offorte_portal.tracking.losses import describe_why, from_options

register = template.Library()
NAMES = {"name", "fullname"}
# What a file changes of why a proposal is lost.
LOSSES = {"lost_reason", "competitor", "lost_words"}


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
        if name in LOSSES:
            yield put_into_words(label_of(row.upload.kind, name)), _say(name, old), _say(name, new)
            continue
        shown = None if old is None else names.show(name, old, row.connection_id)
        yield label(target, name), shown, names.show(name, new, row.connection_id)


def _say(name: str, value: str | int) -> str:
    """Return a part of why a proposal is lost: the name of a reason, or the text itself."""
    if name != "lost_reason" or not value:
        return str(value)
    return next((str(reason) for reason in reasons.known() if reason.pk == value), "")


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
