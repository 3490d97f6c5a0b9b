"""The columns of the change log's export."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit import operations as operation_words
from offorte_portal.adminkit.operations import write_values
from offorte_portal.adminkit.words import STARTER, starter
from offorte_portal.files.exports.columns import account, told
from offorte_portal.files.exports.sheets import Column, ColumnKind, Sheet, register
from offorte_portal.writes.models import Operation


def action(operation: Operation) -> str:
    return operation_words.title(operation)


def before(operation: Operation) -> str:
    return write_values(operation, operation.before)


def change(operation: Operation) -> str:
    return write_values(operation, operation.draft)


OPERATIONS = Sheet(
    Operation,
    (
        told(Operation, "id", label=_("Number")),
        told(Operation, "label", label=_("Name"), cell="title", kind=ColumnKind.LONG),
        Column("action", _("Action"), action, reads=("verb", "target"), cell="title"),
        account(cell="title"),
        told(Operation, "state", cell="state_pill"),
        Column("reason", _("Reason"), operation_words.describe_reason, ColumnKind.LONG, ("reason",), "reason_text"),
        Column("job", _("Bulk job"), lambda operation: operation.job_id, ColumnKind.NUMBER, ("job",), "job_link"),
        told(Operation, "created_at", cell="asked", label=_("Requested")),
        Column("asker", _("Requested by"), starter, reads=STARTER, cell="asker"),
        Column("before", _("Before"), before, ColumnKind.LONG, ("before", "target"), "changes"),
        Column("change", _("After"), change, ColumnKind.LONG, ("draft", "target"), "changes"),
        told(Operation, "remote_id", cell="record_link"),
        told(Operation, "sent_at"),
        told(Operation, "finished_at"),
        told(Operation, "attempts"),
    ),
)

register(OPERATIONS)
