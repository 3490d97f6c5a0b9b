"""Bulk actions on people."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.actions.fields import SetContactFields
from contacts.actions.moves import PERSON_FIELDS, Arrivals, IncompleteError
from contacts.models import Company, Person
from offorte_portal.api.drafts import PersonDraft
from offorte_portal.compose.recipients import contacts_change, recipients_of
from offorte_portal.jobs.action import Action, Choice, Options, Rule, Skip, Step
from offorte_portal.jobs.deletions import Delete, deletion
from offorte_portal.jobs.fields import choose, described, other_account
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

WITH_PROPOSALS = ("move", "leave")
# Offorte's URL of a person contains the company's id.
WITHOUT_COMPANY = Rule(Q(company_remote_id__isnull=True), JobReason.NO_COMPANY())


class SetPersonFields(SetContactFields[Person]):
    """Gives people the same values."""

    name = "people.set_fields"
    permission = "contacts.change_person"
    model = Person
    target = "people"
    kind = PersonDraft
    columns = (*PERSON_FIELDS, "company_remote_id")

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Leave out people whose company is unknown, too."""
        yield WITHOUT_COMPANY
        yield from super().rules(choice)


class DeletePeople(Delete[Person]):
    """Deletes people."""

    name = "people.delete"
    label = _("Delete")
    permission = "contacts.delete_person"
    model = Person
    target = "people"
    columns = ("fullname", "firstname", "lastname", "company_remote_id")

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Leave out people whose company is unknown."""
        yield WITHOUT_COMPANY


class MovePeople(Action[Person]):
    """Moves people to another company: they are created there and deleted here.

    If the options say so, proposals that only this person receives move along; a proposal with other contacts stays.
    """

    name = "people.move"
    label = _("Move to another company")
    permission = "contacts.delete_person"
    model = Person
    target = "people"
    columns = (*PERSON_FIELDS, "company_remote_id")
    verb = Operation.Verb.DELETE
    is_undoable = False
    is_computed = True

    def clean(self, options: Mapping[str, Any]) -> Options:
        """Return the company and what happens to the proposals. Raises ValidationError by option."""
        proposals = options.get("proposals") or "move"
        if proposals not in WITH_PROPOSALS:
            raise ValidationError({"proposals": _("Choose what should happen to the proposals.")})
        company = choose(Company, options.get("company"), "company")
        return {"company": company.pk, "proposals": proposals} | described(company)

    def describe(self, options: Options) -> str:
        return str(_("Move to %(name)s") % {"name": options["name"]})

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Leave out people of other accounts, without a known company, or already at the company."""
        yield other_account(choice.options)
        yield WITHOUT_COMPANY
        yield Rule(Q(company_remote_id=choice.options["remote_id"]), JobReason.ALREADY_SO())

    def plan(self, rows: Sequence[Person], choice: Choice) -> Iterator[Step | Skip]:
        """Yield for each person a creation, the changes of proposals that move along, and a deletion."""
        company = Company.objects.filter(pk=choice.options["company"]).present().first()
        sole = sole_proposals(rows) if choice.options["proposals"] == "move" else {}
        for row in rows:
            # One chain per person, so that a failure stops no other person's move.
            arrivals = Arrivals.at(company)
            yield take_along(row, sole.get(row.remote_id, []), arrivals) if arrivals else Skip(JobReason.TARGET_GONE())


def sole_proposals(people: Sequence[Person]) -> dict[int, list[Proposal]]:
    """Return the proposals that only one person receives, by the person's id at Offorte; for people of one account."""
    companies = {person.company_remote_id for person in people}
    connections = {person.connection_id for person in people}
    rows = Proposal.objects.filter(connection__in=connections, company_remote_id__in=companies).present()
    proposals = list(rows.order_by("remote_id"))
    held = recipients_of(proposals)
    sole: dict[int, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        match held.get(proposal.pk):
            case [person_id]:
                sole[person_id].append(proposal)
    return sole


def take_along(person: Person, proposals: Sequence[Proposal], arrivals: Arrivals) -> Step | Skip:
    """Return the step that moves a person and these proposals to the company, or why the person is skipped."""
    try:
        writes = arrivals.take_in([person])
    except IncompleteError:
        return Skip(JobReason.PERSON_INCOMPLETE())
    for proposal in proposals:
        contacts = arrivals.ids([person.remote_id])
        draft = {"company_id": arrivals.company.remote_id, "company_contacts": contacts}
        arrivals.go(writes, [contacts_change(proposal, draft, [person.remote_id])])
    arrivals.go(writes, [deletion("people", person)])
    return Step(writes)
