"""The audit log, writes and exports, as tables."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit import operation_words
from offorte_portal.files.exports import names as export_words
from offorte_portal.files.exports.columns import account, linked, told
from offorte_portal.files.exports.sheets import Column, Kind, Sheet
from offorte_portal.jobs.pages import words as job_words
from offorte_portal.jobs.pages.export import write_values
from offorte_portal.models import Export, Operation

ASKER = ("requested_by_name", "requested_by__first_name", "requested_by__last_name", "requested_by__username")


def action(operation: Operation) -> str:
    """What is done to what."""
    return operation_words.title(operation)


def before(operation: Operation) -> str:
    """The fields as they were."""
    return write_values(operation, operation.before)


def change(operation: Operation) -> str:
    """The fields as they were asked for."""
    return write_values(operation, operation.draft)


def starter(row: Any) -> str:
    """Who asked for it."""
    return job_words.starter(row)


OPERATIONS = Sheet(
    Operation,
    (
        told(Operation, "id", label=_("Number")),
        told(Operation, "label", label=_("Name"), cell="title", kind=Kind.LONG),
        Column("action", _("Action"), action, reads=("verb", "target"), cell="title"),
        account(cell="title"),
        told(Operation, "state", cell="state_pill"),
        Column("reason", _("Reason"), operation_words.describe_reason, Kind.LONG, ("reason",), "reason_text"),
        Column("job", _("Job"), lambda operation: operation.job_id, Kind.NUMBER, ("job",), "job_link"),
        told(Operation, "created_at", cell="asked", label=_("Asked")),
        Column("asker", _("Asked by"), starter, reads=ASKER, cell="asker"),
        Column("before", _("Before"), before, Kind.LONG, ("before", "target")),
        Column("change", _("Change"), change, Kind.LONG, ("draft", "target")),
        told(Operation, "remote_id"),
        told(Operation, "sent_at"),
        told(Operation, "finished_at"),
        told(Operation, "attempts"),
    ),
)

EXPORTS = Sheet(
    Export,
    (
        told(Export, "id", label=_("Number")),
        Column("list", _("List"), export_words.list_name, reads=("sheet",), cell="title"),
        told(Export, "format", cell="title"),
        Column(
            "narrowed",
            _("Narrowed by"),
            export_words.describe_rows,
            Kind.LONG,
            cell="title",
            reads=("narrowed_by", "is_selection", "account__account", "account__label"),
        ),
        told(Export, "state", cell="state_pill"),
        told(Export, "size", cell="rows"),
        told(Export, "created_at", cell="asked"),
        Column("asker", _("Asked by"), starter, reads=ASKER, cell="asker"),
        told(Export, "is_selection"),
        linked("account", _("Account"), "account", "label"),
        told(Export, "bytes"),
        told(Export, "finished_at"),
    ),
)
