"""What can be done with many proposals at once."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from offorte_portal import ports
from offorte_portal.jobs.action import Action, Choice, Options, Rule, Skip, Step
from offorte_portal.jobs.amounts import clean_amount
from offorte_portal.jobs.deletions import Delete
from offorte_portal.jobs.fields import SetFields, SetThing, change
from offorte_portal.jobs.parameters import Names
from offorte_portal.jobs.reasons import ALREADY, JobReason
from offorte_portal.staff.access import REASSIGN
from offorte_portal.text.reason import Reason
from proposals.models import Proposal

PLACEHOLDER = re.compile(r"\{(\w*)\}")
PLACEHOLDERS = ("name", "number", "company", "date")


class _OfProposals:
    model = Proposal
    target = "proposals"
    permission: ClassVar[str] = "proposals.change_proposal"
    value = "price_total"


class SetStatus(_OfProposals, SetFields[Proposal]):
    """Gives proposals another status. Offorte has no field for why one was lost: the job keeps that."""

    columns = ("name", "status")

    def __init__(self, name: str, status: Proposal.Status, label: Any) -> None:
        self.name = name  # type: ignore[misc]
        self.label = label  # type: ignore[misc]
        self.status = status

    def clean(self, options: Mapping[str, Any]) -> Options:
        """The reason, where they were lost."""
        if self.status != Proposal.Status.LOST:
            return {}
        return {"reason": str(options.get("reason") or "").strip()[:500]}

    def describe(self, options: Options) -> str:
        """With the reason."""
        return f"{self.label}: {options['reason']}" if options.get("reason") else str(self.label)

    def draft(self, options: Options) -> dict[str, Any]:
        """The status."""
        return {"status": self.status.value}

    def already(self, options: Options) -> Reason:
        """Already won, already lost, …"""
        return ALREADY[self.status.value]()


class SetOwner(_OfProposals, SetThing[Proposal]):
    """Gives proposals to another user of the account."""

    name = "proposals.set_owner"
    label = _("Change owner")
    permission = REASSIGN
    columns = ("name", "owner_remote_id")
    option = "owner"
    parameter = "account_user_id"


class SetDesign(_OfProposals, SetThing[Proposal]):
    """Gives proposals another design template."""

    name = "proposals.set_design"
    label = _("Change design template")
    columns = ("name", "design_template_remote_id")
    option = "template"
    parameter = "design_template_id"


class SetText(_OfProposals, SetThing[Proposal]):
    """Gives proposals another text template."""

    name = "proposals.set_text"
    label = _("Change text template")
    columns = ("name", "text_template_remote_id")
    option = "template"
    parameter = "text_template_id"


class SetValue(_OfProposals, SetFields[Proposal]):
    """Gives proposals a value in the pipeline, in place of the one that Offorte calculates."""

    name = "proposals.set_value"
    label = _("Set pipeline value")
    columns = ("name", "price_total")

    def clean(self, options: Mapping[str, Any]) -> Options:
        """The value, not below zero."""
        return {"value": clean_amount(options.get("value"), "value", lowest=0)}

    def describe(self, options: Options) -> str:
        """With the value."""
        return f"{self.label}: {Names().show('price_total', options['value'], 0)}"

    def draft(self, options: Options) -> dict[str, Any]:
        """The value."""
        return {"price_total": options["value"]}


class Rename(_OfProposals, Action[Proposal]):
    """Names proposals by a pattern with {name}, {number}, {company} and {date}."""

    name = "proposals.rename"
    label = _("Rename")
    columns = ("name", "number", "company_name")
    is_computed = True

    def clean(self, options: Mapping[str, Any]) -> Options:
        """The pattern, and today's date as the person writes it."""
        pattern = str(options.get("pattern") or "").strip()
        unknown = sorted(set(PLACEHOLDER.findall(pattern)) - set(PLACEHOLDERS))
        if not pattern:
            raise ValidationError({"pattern": _("Enter a name.")})
        if unknown:
            texts = ", ".join(f"{{{name}}}" for name in unknown)
            raise ValidationError({"pattern": _("The portal can't fill in %(names)s.") % {"names": texts}})
        return {"pattern": pattern, "date": date_format(timezone.localdate(ports.now()), "SHORT_DATE_FORMAT")}

    def describe(self, options: Options) -> str:
        """With the pattern."""
        return f"{self.label}: {options['pattern']}"

    def fields(self, options: Options) -> tuple[str, ...]:
        """The name."""
        return ("name",)

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Rows of which something is not known that the pattern asks for."""
        asked = set(PLACEHOLDER.findall(choice.options["pattern"]))
        if "number" in asked:
            yield Rule(Q(number=""), JobReason.NO_NUMBER())
        if "company" in asked:
            yield Rule(Q(company_name=""), JobReason.NO_COMPANY())

    def plan(self, rows: Sequence[Proposal], choice: Choice) -> Iterator[Step | Skip]:
        """The new name, where it is another."""
        for row in rows:
            name = fill(choice.options, row)
            yield Step([change(self.target, row, {"name": name})]) if name != row.name else Skip(JobReason.ALREADY_SO())


def fill(options: Options, row: Proposal) -> str:
    """The pattern with what is known of the proposal."""
    values = {"name": row.name, "number": row.number, "company": row.company_name, "date": options["date"]}
    return PLACEHOLDER.sub(lambda match: values[match[1]], options["pattern"])


class DeleteProposals(_OfProposals, Delete[Proposal]):
    """Deletes proposals."""

    name = "proposals.delete"
    label = _("Delete")
    permission = "proposals.delete_proposal"
    columns = ("name",)


class Refresh(_OfProposals, Action[Proposal]):
    """Reads the details of proposals anew: a request each, and nothing is written."""

    name = "proposals.refresh"
    label = _("Refresh from Offorte")
    columns = ("name",)
    is_undoable = False
    is_read = True

    def plan(self, rows: Sequence[Proposal], choice: Choice) -> Iterator[Step | Skip]:
        """Nothing is written."""
        for _row in rows:
            yield Step([])


STATUSES = (
    SetStatus("proposals.mark_won", Proposal.Status.WON, _("Mark as won")),
    SetStatus("proposals.mark_lost", Proposal.Status.LOST, _("Mark as lost")),
    SetStatus("proposals.mark_closed", Proposal.Status.CLOSED, _("Mark as closed")),
    SetStatus("proposals.mark_open", Proposal.Status.OPEN, _("Mark as open")),
    SetStatus("proposals.mark_edit", Proposal.Status.EDIT, _("Move back to edit")),
)
