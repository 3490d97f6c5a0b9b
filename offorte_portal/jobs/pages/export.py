"""What becomes, or became, of each item of a job, as rows for a spreadsheet."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from offorte_portal.adminkit import operation_words
from offorte_portal.adminkit.messages import translate_message
from offorte_portal.jobs.pages import words as job_words
from offorte_portal.jobs.results import Item
from offorte_portal.models import Operation

Rows = tuple[Sequence[object], Iterator[Sequence[object]]]


def item_rows(items: Iterable[Item]) -> Rows:
    """Header and a row for each change that a job would make, or for each item that is left out."""
    header = [_("Name"), _("Account"), _("Field"), _("Now"), _("Then"), _("Left out because")]
    return header, (row for item in items for row in _item_rows(item))


def _item_rows(item: Item) -> Iterator[Sequence[object]]:
    if item.skip_reason:
        yield [item.label, item.account, "", "", "", translate_message(item.skip_reason)]
    for change in item.changes:
        yield [item.label, item.account, change.label, change.old, change.new, ""]
    for effect in item.effects:
        yield [item.label, item.account, effect, "", "", ""]


def operation_rows(operations: Iterable[Operation]) -> Rows:
    """Header and a row for each write: the audit log, and the results of a job."""
    header = [
        _("Number"), _("Asked"), _("Asked by"), _("Account"), _("Job"), _("Action"), _("What"), _("Name"),
        _("Offorte ID"), _("State"), _("Reason"), _("Before"), _("Change"), _("Sent"), _("Finished"), _("Attempts"),
    ]  # fmt: skip
    return header, map(_operation_row, operations)


def _operation_row(operation: Operation) -> Sequence[object]:
    return [
        operation.pk,
        operation.created_at,
        job_words.starter(operation),
        operation.connection,
        operation.job_id,
        operation.get_verb_display(),
        operation_words.target_name(operation.target),
        operation.label,
        operation.remote_id,
        operation.get_state_display(),
        operation_words.describe_reason(operation),
        write_values(operation, operation.before),
        write_values(operation, operation.draft),
        operation.sent_at,
        operation.finished_at,
        operation.attempts,
    ]


def write_values(operation: Operation, values: dict[str, object]) -> str:
    """Fields and their values in one cell; ids stay ids, for names would cost a query a row."""
    labelled = ((operation_words.field_label(operation.target, name), value) for name, value in values.items())
    return "; ".join(f"{label}: {operation_words.write_value(value, '', {})}" for label, value in labelled)
