"""Bulk actions on companies, except merging."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contacts.actions.fields import SetContactFields
from contacts.actions.moves import Arrivals, IncompleteError
from contacts.models import Company, Person
from offorte_portal.api.drafts import CompanyDraft
from offorte_portal.compose.recipients import people_of
from offorte_portal.jobs.action import Action, Choice, Options, Rule, Skip, Step, Write
from offorte_portal.jobs.deletions import deletion
from offorte_portal.jobs.fields import choose, described, other_account
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.jobs.selection import AT_ONCE, batches
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

WITH_PEOPLE = ("delete", "skip", "move")


class SetCompanyFields(SetContactFields[Company]):
    """Gives companies the same values."""

    name = "companies.set_fields"
    permission = "contacts.change_company"
    model = Company
    target = "companies"
    kind = CompanyDraft
    columns = tuple(sorted(CompanyDraft.__annotations__))


class DeleteCompanies(Action[Company]):
    """Deletes companies: with their people, only those without people, or after moving them to another company."""

    name = "companies.delete"
    label = _("Delete")
    permission = "contacts.delete_company"
    model = Company
    target = "companies"
    columns = ("name",)
    verb = Operation.Verb.DELETE
    is_undoable = False
    is_computed = True

    def clean(self, options: Mapping[str, Any]) -> Options:
        """Return what happens to the people, and the company they move to. Raises ValidationError by option."""
        people = options.get("people") or "skip"
        if people not in WITH_PEOPLE:
            raise ValidationError({"people": _("Choose what should happen to the people.")})
        if people != "move":
            return {"people": people}
        company = choose(Company, options.get("company"), "company")
        return {"people": people, "company": company.pk} | described(company)

    def describe(self, options: Options) -> str:
        texts = {
            "delete": _("Delete with their people"),
            "skip": _("Delete companies without people"),
            "move": _("Delete, and move people to %(name)s"),
        }
        return str(texts[options["people"]]) % {"name": options.get("name", "")}

    def narrow(self, selection: list[int], options: Options) -> list[int]:
        """Leave out the company that the people move to."""
        return [key for key in selection if key != options.get("company")]

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Leave out companies with people if those stay, and companies of other accounts if people move."""
        if choice.options["people"] == "skip":
            people = Person.objects.filter(company=OuterRef("pk"), removed_at__isnull=True)
            yield Rule(Exists(people), JobReason.HAS_PEOPLE())
        if choice.options["people"] == "move":
            yield other_account(choice.options)

    def warnings(self, selection: list[int], choice: Choice) -> Iterable[str]:
        """Warn of people that are deleted too, and of proposals that lose their company."""
        people = proposals = 0
        for keys in batches(selection, AT_ONCE):
            people += Person.objects.filter(company__in=keys).present().count()
            proposals += Proposal.objects.filter(company__in=keys).present().count()
        if people and choice.options["people"] == "delete":
            text = ngettext("%(number)d person will be deleted too.", "%(number)d people will be deleted too.", people)
            yield text % {"number": people}
        if proposals:
            text = ngettext(
                "%(number)d proposal will be left without a company.",
                "%(number)d proposals will be left without a company.",
                proposals,
            )
            yield text % {"number": proposals}

    def plan(self, rows: Sequence[Company], choice: Choice) -> Iterator[Step | Skip]:
        """Yield one deletion per company, after the moves of its people."""
        if choice.options["people"] != "move":
            yield from (Step([deletion(self.target, row)]) for row in rows)
            return
        arrivals = Arrivals.at(Company.objects.filter(pk=choice.options["company"]).present().first())
        people = people_of(choice.options["connection"], {row.remote_id for row in rows}) if rows else {}
        for row in rows:
            yield emptied(row, people.get(row.remote_id, []), arrivals)


def emptied(row: Company, people: Sequence[Person], arrivals: Arrivals | None) -> Step | Skip:
    """Return the step that moves a company's people and then deletes it, or why it is skipped."""
    if arrivals is None:
        return Skip(JobReason.TARGET_GONE())
    try:
        writes: list[Write] = arrivals.take_in(people)
    except IncompleteError:
        return Skip(JobReason.PEOPLE_INCOMPLETE())
    arrivals.go(writes, [deletion("people", person) for person in people])
    arrivals.go(writes, [deletion("companies", row)])
    return Step(writes)
