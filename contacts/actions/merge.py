"""Merging duplicate companies: the company that stays takes over what the others have, and these are deleted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.actions.moves import Arrivals, IncompleteError
from contacts.models import Company, Person
from offorte_portal.compose.recipients import contacts_change, people_of, recipients_of
from offorte_portal.jobs.action import Action, Choice, Options, Rule, Skip, Step
from offorte_portal.jobs.deletions import deletion
from offorte_portal.jobs.fields import choose, described, other_account
from offorte_portal.jobs.reasons import JobReason
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
        """Return the company that stays. Raises ValidationError where none is chosen."""
        survivor = choose(Company, options.get("survivor"), "survivor")
        return {"survivor": survivor.pk} | described(survivor)

    def describe(self, options: Options) -> str:
        return str(_("Merge into %(name)s") % {"name": options["name"]})

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
        for row in rows:
            yield absorb(row, people.get(row.remote_id, []), arrivals)


def absorb(row: Company, people: Sequence[Person], arrivals: Arrivals) -> Step | Skip:
    """Return the step that moves one company's people and proposals to the company that stays, or why it is skipped."""
    try:
        writes = arrivals.take_in(people)
    except IncompleteError:
        return Skip(JobReason.PEOPLE_INCOMPLETE())
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
