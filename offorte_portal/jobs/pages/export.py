"""The items and the operations of a job, as rows for a spreadsheet."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from offorte_portal.adminkit import operations as operation_words
from offorte_portal.adminkit.words import starter
from offorte_portal.jobs.results import Item
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.writes.models import Operation

Rows = tuple[Sequence[object], Iterator[Sequence[object]]]


def item_rows(items: Iterable[Item]) -> Rows:
    """Return the header and a row for each change that a job would make, or for each item that is left out."""
    header = [_("Name"), _("Account"), _("Field"), _("Current value"), _("New value"), _("Left out because")]
    return header, (row for item in items for row in _item_rows(item))


def _item_rows(item: Item) -> Iterator[Sequence[object]]:
    if item.skip_reason:
        yield [item.label, item.account, "", "", "", put_into_words(item.skip_reason)]
    for change in item.changes:
        yield [item.label, item.account, change.label, change.old, change.new, ""]
    for effect in item.effects:
        yield [item.label, item.account, effect, "", "", ""]


def operation_rows(operations: Iterable[Operation]) -> Rows:
    """Return the header and a row for each write, for the change log and for the results of a job."""
    header = [
        _("Number"), _("Requested"), _("Requested by"), _("Account"), _("Bulk job"), _("Action"), _("Type"), _("Name"),
        _("Offorte ID"), _("State"), _("Reason"), _("Before"), _("Change"), _("Sent"), _("Finished"), _("Attempts"),
    ]  # fmt: skip
    return header, map(_operation_row, operations)


def _operation_row(operation: Operation) -> Sequence[object]:
    return [
        operation.pk,
        operation.created_at,
        starter(operation),
        operation.connection,
        operation.job_id,
        operation.get_verb_display(),
        operation_words.target_name(operation.target),
        operation.label,
        operation.remote_id,
        operation.get_state_display(),
        operation_words.describe_reason(operation),
        operation_words.write_values(operation, operation.before),
        operation_words.write_values(operation, operation.draft),
        operation.sent_at,
        operation.finished_at,
        operation.attempts,
    ]
