"""Merging duplicate companies: the company that stays takes over what the others have, and these are deleted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from contacts import merging
from contacts.actions.moves import Arrivals
from contacts.models import Company, Person
from offorte_portal.api.drafts import CompanyDraft, complete_draft
from offorte_portal.api.errors import Rejected
from offorte_portal.compose.recipients import contacts_change, people_of, recipients_of
from offorte_portal.jobs import parameters
from offorte_portal.jobs.action import Action, Choice, Options, Rule, Skip, Step, Write
from offorte_portal.jobs.deletions import deletion
from offorte_portal.jobs.fields import change, choose, described, other_account
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.writes.models import Operation
from proposals.models import Proposal


class Merge(Action[Company]):
    """Moves proposals and people to the company that stays, and deletes the other companies last.

    Every step before a deletion can be undone.
    """

    name = "companies.merge"
    label = _("Merge")
    permission = "contacts.merge_company"
    model = Company
    target = "companies"
    columns = ("name",)
    verb = Operation.Verb.DELETE
    is_computed = True
    is_chained = True
    is_for_one = False

    def clean(self, options: Mapping[str, Any]) -> Options:
        """Return the company that stays and the values that it gets from others. Raises ValidationError by option."""
        survivor = choose(Company, options.get("survivor"), "survivor")
        fields = {str(name): str(value).strip() for name, value in (options.get("fields") or {}).items()}
        if not set(fields) <= set(merging.FIELDS) or not all(fields.values()):
            raise ValidationError({"survivor": _("Choose one of the values shown for each field.")})
        try:
            complete_draft(CompanyDraft, fields)
        except Rejected as error:
            raise ValidationError({"survivor": put_into_words(error.reason)}) from error
        return {"survivor": survivor.pk, "fields": fields} | described(survivor)

    def describe(self, options: Options) -> str:
        text = str(_("Merge into %(name)s") % {"name": options["name"]})
        kept = [f"{parameters.label(self.target, name)} → {value}" for name, value in options.get("fields", {}).items()]
        return f"{text} ({', '.join(kept)})" if kept else text

    def narrow(self, selection: list[int], options: Options) -> list[int]:
        """Leave out the company that stays."""
        return [key for key in selection if key != options["survivor"]]

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Leave out companies of other accounts."""
        yield other_account(choice.options)

    def plan(self, rows: Sequence[Company], choice: Choice) -> Iterator[Step | Skip]:
        """Yield the steps of one chain for all companies: people, proposals, deletions."""
        arrivals = Arrivals.at(Company.objects.filter(pk=choice.options["survivor"]).present().first())
        if arrivals is None:
            yield from (Skip(JobReason.TARGET_GONE()) for _row in rows)
            return
        people = people_of(choice.options["connection"], {row.remote_id for row in rows})
        # What the company that stays gets of the others comes first: were it refused, nothing would be deleted.
        kept = _keep(arrivals.company, choice.options.get("fields", {}))
        for row in rows:
            step = absorb(row, people.get(row.remote_id, []), arrivals, kept)
            yield step
            if isinstance(step, Step):
                kept = None


def _keep(company: Company, fields: Mapping[str, str]) -> Write | None:
    """Return the change that gives the company these values; None if it has them."""
    missing = {name: value for name, value in fields.items() if getattr(company, name).strip() != value}
    return change("companies", company, missing) if missing else None


def absorb(row: Company, people: Sequence[Person], arrivals: Arrivals, kept: Write | None = None) -> Step | Skip:
    """Return the step that moves one company's people and proposals to the company that stays, or why it is skipped.

    With `kept`, that change comes first.
    """
    if not arrivals.can_take_in(people):
        return Skip(JobReason.PEOPLE_INCOMPLETE())
    writes: list[Write] = []
    if kept:
        arrivals.go(writes, [kept])
    writes += arrivals.take_in(people)
    company_id = arrivals.company.remote_id
    proposals = list(Proposal.objects.filter(company=row).present().order_by("remote_id"))
    held = recipients_of(proposals)
    for proposal in proposals:
        draft: dict[str, Any] = {"company_id": company_id}
        if proposal.pk in held:
            draft["company_contacts"] = arrivals.ids(held[proposal.pk])
        arrivals.go(writes, [contacts_change(proposal, draft, held.get(proposal.pk))])
    arrivals.go(writes, [deletion("people", person) for person in people])
    arrivals.go(writes, [deletion("companies", row)])
    return Step(writes)
