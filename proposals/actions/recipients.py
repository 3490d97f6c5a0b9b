"""A bulk action that sets who receives proposals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contacts.models import Person
from offorte_portal.compose.recipients import contacts_change, people_of, recipients_of
from offorte_portal.jobs.action import Action, Choice, Options, Rule, Skip, Step
from offorte_portal.jobs.reasons import JobReason
from proposals.models import Proposal

WHO = ("everyone", "chosen")


class SetContacts(Action[Proposal]):
    """Sets who receives proposals: everyone at the company with an e-mail address, or the people chosen."""

    name = "proposals.set_contacts"
    label = _("Change recipients")
    permission = "proposals.change_proposal"
    model = Proposal
    target = "proposals"
    value = "price_total"
    columns = ("name", "company_remote_id")
    is_computed = True

    def clean(self, options: Mapping[str, Any]) -> Options:
        """Return who receives them. Raises ValidationError unless the people chosen can be mailed."""
        who = options.get("who") or "everyone"
        if who not in WHO:
            raise ValidationError({"who": _("Choose who will receive the proposals.")})
        if who == "everyone":
            return {"who": who}
        keys = sorted({getattr(person, "pk", person) for person in options.get("people") or ()})
        people = list(Person.objects.filter(pk__in=keys).present().exclude(email=""))
        if not people or len(people) < len(keys):
            raise ValidationError({"people": _("Choose people who have an e-mail address and are still in Offorte.")})
        return {"who": who, "people": keys}

    def describe(self, options: Options) -> str:
        if options["who"] == "everyone":
            return f"{self.label}: {_('everyone at the company with an e-mail address')}"
        number = len(options["people"])
        return f"{self.label}: " + ngettext("%(number)d person", "%(number)d people", number) % {"number": number}

    def fields(self, options: Options) -> tuple[str, ...]:
        return ("company_contacts",)

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Leave out proposals whose company is unknown."""
        yield Rule(Q(company_remote_id__isnull=True), JobReason.NO_COMPANY())

    def plan(self, rows: Sequence[Proposal], choice: Choice) -> Iterator[Step | Skip]:
        """Yield a change of the contacts, which are limited to people of the proposal's own company."""
        companies: dict[int, set[int]] = {}
        for row in rows:
            companies.setdefault(row.connection_id, set()).add(row.company_remote_id or 0)
        people = {account: people_of(account, ids) for account, ids in companies.items()}
        held = recipients_of(rows)
        chosen = set(choice.options.get("people", ()))
        is_chosen = choice.options["who"] == "chosen"
        for row in rows:
            theirs = people[row.connection_id].get(row.company_remote_id or 0, [])
            ids = [person.remote_id for person in theirs if person.email and (not is_chosen or person.pk in chosen)]
            if not ids:
                yield Skip(JobReason.NOBODY_CHOSEN() if is_chosen else JobReason.NOBODY_TO_MAIL())
            elif ids == held.get(row.pk):
                yield Skip(JobReason.ALREADY_SO())
            else:
                yield Step([contacts_change(row, {"company_contacts": ids}, held.get(row.pk))])
