"""Bulk actions on proposals."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from offorte_portal import ports
from offorte_portal.jobs.action import Action, Choice, Options, Rule, Skip, Step
from offorte_portal.jobs.amounts import clean_amount
from offorte_portal.jobs.deletions import Delete
from offorte_portal.jobs.fields import SetFields, SetReference, change
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.parameters import Names
from offorte_portal.jobs.reasons import ALREADY, JobReason
from offorte_portal.staff.access import REASSIGN
from offorte_portal.text.languages import spoken
from offorte_portal.text.reason import Reason
from offorte_portal.tracking import losses
from offorte_portal.tracking.models import LostReason
from offorte_portal.writes.models import Operation
from proposals.languages import write_date
from proposals.models import Proposal

PLACEHOLDER = re.compile(r"\{(\w*)\}")
PLACEHOLDERS = ("name", "number", "company", "date")


class _OfProposals:
    model = Proposal
    target = "proposals"
    permission: ClassVar[str] = "proposals.change_proposal"
    value = "price_total"


class SetStatus(_OfProposals, SetFields[Proposal]):
    """Changes the status of proposals."""

    columns = ("name", "status")
    is_deciding = is_fixed = True

    def __init__(self, name: str, status: Proposal.Status, label: Any) -> None:
        self.name = name  # type: ignore[misc]
        self.label = label  # type: ignore[misc]
        self.status = status

    def draft(self, options: Options) -> dict[str, Any]:
        return {"status": self.status.value}

    def already(self, options: Options) -> Reason:
        return ALREADY[self.status.value]()


class MarkLost(SetStatus):
    """Marks proposals as lost, and keeps why: Offorte has no field for it."""

    def clean(self, options: Mapping[str, Any]) -> Options:
        """Return why they were lost, if that is given. Raises ValidationError for a reason that is not in the list."""
        why = losses.from_options(options)
        if why.reason is None:
            return losses.to_options(why)
        reason = LostReason.objects.filter(pk=why.reason.pk).first()
        if reason is None:
            raise ValidationError({"reason": _("This reason is no longer in the list. Choose another one.")})
        return losses.to_options(replace(why, reason=reason))

    def describe(self, options: Options) -> str:
        why = losses.describe_why(losses.from_options(options))
        return f"{self.label}: {why}" if why else str(self.label)

    def keep(self, made: Sequence[tuple[Proposal, Operation]]) -> None:
        """Keep why each of them is lost."""
        job = made[0][1].job if made else None
        if isinstance(job, Job) and (why := losses.from_options(job.options)):
            losses.record(made, why, job.requested_by)


class SetOwner(_OfProposals, SetReference[Proposal]):
    """Changes the owner of proposals to another user of the account."""

    name = "proposals.set_owner"
    label = _("Change owner")
    permission = REASSIGN
    columns = ("name", "owner_remote_id")
    option = "owner"
    parameter = "account_user_id"


class SetDesign(_OfProposals, SetReference[Proposal]):
    """Changes the design template of proposals."""

    name = "proposals.set_design"
    label = _("Change design template")
    columns = ("name", "design_template_remote_id")
    option = "template"
    parameter = "design_template_id"


class SetText(_OfProposals, SetReference[Proposal]):
    """Changes the text template of proposals."""

    name = "proposals.set_text"
    label = _("Change text template")
    columns = ("name", "text_template_remote_id")
    option = "template"
    parameter = "text_template_id"


class SetValue(_OfProposals, SetFields[Proposal]):
    """Sets the value of proposals in the pipeline, in place of the one that Offorte calculates."""

    name = "proposals.set_value"
    label = _("Set pipeline value")
    columns = ("name", "price_total")

    def clean(self, options: Mapping[str, Any]) -> Options:
        """Return the value. Raises ValidationError where it is no amount, or negative."""
        return {"value": clean_amount(options.get("value"), "value", lowest=0)}

    def describe(self, options: Options) -> str:
        return f"{self.label}: {Names().show('price_total', options['value'], 0)}"

    def draft(self, options: Options) -> dict[str, Any]:
        return {"price_total": options["value"]}


class Rename(_OfProposals, Action[Proposal]):
    """Renames proposals by a pattern with {name}, {number}, {company} and {date}."""

    name = "proposals.rename"
    label = _("Rename")
    columns = ("name", "number", "company_name", "language")
    is_computed = True

    def clean(self, options: Mapping[str, Any]) -> Options:
        """Return the pattern, today, and the language of proposals that tell none.

        Raises ValidationError for a wrong pattern.
        """
        pattern = str(options.get("pattern") or "").strip()
        unknown = sorted(set(PLACEHOLDER.findall(pattern)) - set(PLACEHOLDERS))
        if not pattern:
            raise ValidationError({"pattern": _("Enter a name.")})
        if unknown:
            texts = ", ".join(f"{{{name}}}" for name in unknown)
            raise ValidationError({"pattern": _("The portal can’t fill in %(names)s.") % {"names": texts}})
        today = timezone.localdate(ports.now())
        return {"pattern": pattern, "date": today.isoformat(), "language": get_language() or ""}

    def describe(self, options: Options) -> str:
        return f"{self.label}: {options['pattern']}"

    def fields(self, options: Options) -> tuple[str, ...]:
        return ("name",)

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Leave out proposals without the number or the company name that the pattern asks for."""
        asked = set(PLACEHOLDER.findall(choice.options["pattern"]))
        if "number" in asked:
            yield Rule(Q(number=""), JobReason.NO_NUMBER())
        if "company" in asked:
            yield Rule(Q(company_name=""), JobReason.NO_COMPANY())

    def plan(self, rows: Sequence[Proposal], choice: Choice) -> Iterator[Step | Skip]:
        """Yield a change of the name, if the new one differs."""
        for row in rows:
            name = fill(choice.options, row)
            yield Step([change(self.target, row, {"name": name})]) if name != row.name else Skip(JobReason.ALREADY_SO())


def fill(options: Options, row: Proposal) -> str:
    """Return the pattern filled with the proposal's values."""
    values = {"name": row.name, "number": row.number, "company": row.company_name}
    values["date"] = options["date"]
    if "language" in options:  # not in jobs of earlier versions, whose date is written already
        values["date"] = write_date(date.fromisoformat(options["date"]), spoken(row.language) or options["language"])
    return PLACEHOLDER.sub(lambda match: values[match[1]], options["pattern"])


class DeleteProposals(_OfProposals, Delete[Proposal]):
    name = "proposals.delete"
    label = _("Delete")
    permission = "proposals.delete_proposal"
    columns = ("name",)


class Refresh(_OfProposals, Action[Proposal]):
    """Reads the details of proposals again: one request each, without writing anything."""

    name = "proposals.refresh"
    label = _("Refresh from Offorte")
    columns = ("name",)
    is_undoable = False
    is_read = True

    def plan(self, rows: Sequence[Proposal], choice: Choice) -> Iterator[Step | Skip]:
        """Yield an empty step per proposal: nothing is written."""
        for _row in rows:
            yield Step([])


STATUSES = (
    SetStatus("proposals.mark_won", Proposal.Status.WON, _("Mark as won")),
    MarkLost("proposals.mark_lost", Proposal.Status.LOST, _("Mark as lost")),
    SetStatus("proposals.mark_closed", Proposal.Status.CLOSED, _("Mark as closed")),
    SetStatus("proposals.mark_open", Proposal.Status.OPEN, _("Mark as open")),
    SetStatus("proposals.mark_edit", Proposal.Status.EDIT, _("Move back to edit")),
)
