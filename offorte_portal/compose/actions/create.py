"""Creating a proposal for each of many companies."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts.models import Company, Person
from offorte_portal.compose.document import load_tables
from offorte_portal.compose.many.duplicates import find_duplicates, identify
from offorte_portal.compose.many.new_proposals import NewProposal
from offorte_portal.compose.many.recipe import OWNER, Recipe, clean_recipe, name_owner, settle_owner
from offorte_portal.compose.recipients import people_of
from offorte_portal.jobs.action import Action, Choice, Options, Rule, Skip, Step, Write
from offorte_portal.jobs.fields import choose
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.jobs.selection import batches
from offorte_portal.staff.access import REASSIGN, find_owner
from offorte_portal.writes.models import Operation
from proposals.models import AccountUser, AutomationSet, DesignTemplate, Proposal, ProposalTemplate, TextTemplate

WHO = ("everyone", "only", "nobody")
CHOICES: dict[str, Any] = {
    OWNER: AccountUser,
    "proposal_template_id": ProposalTemplate,
    "design_template_id": DesignTemplate,
    "text_template_id": TextTemplate,
    "automations_set_id": AutomationSet,
    "source": Proposal,
}
AT_ONCE = 10_000
MOST_NOTES = 20


class CreateProposals(Action[Company]):
    """Creates a proposal in edit for each company; a second one of the same name only if asked for."""

    name = "companies.create_proposals"
    label = gettext_lazy("Create proposals")
    permission = "proposals.add_proposal"
    model = Company
    target = "companies"
    creates = "proposals"
    columns = ("name", "city")
    verb = Operation.Verb.CREATE
    is_computed = True

    def clean(self, options: Mapping[str, Any]) -> Options:
        """Return the recipe, the receivers, and whether a company may get two of the same name."""
        who = options.get("who") or "everyone"
        if who not in WHO:
            raise ValidationError({"who": _("Choose who will receive the proposals.")})
        things = {name: choose(model, options[name], name) for name, model in CHOICES.items() if options.get(name)}
        recipe = clean_recipe(things, options.get("pattern"), list(options.get("tables") or ()))
        notes = [str(note) for note in options.get("notes") or ()][:MOST_NOTES]
        return recipe.dump() | {"who": who, "again": bool(options.get("again")), "notes": notes}

    def describe(self, options: Options) -> str:
        recipe = Recipe.load(options)
        template = recipe.names.get("template")
        return f"{self.label}: {recipe.pattern}" + (f" ({template})" if template else "")

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Leave out companies of other accounts than the templates."""
        if (account := Recipe.load(choice.options).connection_id) is not None:
            yield Rule(~Q(connection=account), JobReason.OTHER_ACCOUNT())

    def warnings(self, selection: list[int], choice: Choice) -> Iterable[str]:
        """Yield what could not be copied, and how many companies have nobody who can receive it."""
        yield from choice.options["notes"]
        if not choice.by.has_perm(REASSIGN) and selection:
            account = Company.objects.filter(pk=selection[0]).values_list("connection_id", flat=True).first()
            if account is not None and find_owner(account, choice.by) is None:
                yield _(
                    "You aren’t a user of this Offorte account. The proposals won’t be yours, and a colleague "
                    "has to send them."
                )
        if choice.options["who"] == "nobody":
            return
        able = Person.objects.present().filter(company=OuterRef("pk")).exclude(email="")
        silent = sum(
            Company.objects.present().filter(~Exists(able), pk__in=keys).count() for keys in batches(selection, AT_ONCE)
        )
        if silent:
            yield ngettext(
                "%(count)d company has no contact with an e-mail address. Its proposal is created without recipients.",
                "%(count)d companies have no contact with an e-mail address. Their proposals are created without "
                "recipients.",
                silent,
            ) % {"count": silent}

    def plan(self, rows: Sequence[Company], choice: Choice) -> Iterator[Step | Skip]:
        recipe = Recipe.load(choice.options)
        if not recipe.is_whole():
            yield from (Skip(JobReason.CHOICE_GONE()) for _row in rows)
            return
        maker = ProposalMaker(recipe, rows, choice)
        for row in rows:
            yield maker.make(row)


class ProposalMaker:
    """Composes the writes for the companies of one batch, and reads what they share once for all of them."""

    def __init__(self, recipe: Recipe, companies: Sequence[Company], choice: Choice) -> None:
        self.recipe, self.choice, self.tables = recipe, choice, load_tables(recipe.tables)
        self.people: dict[int, dict[int, list[Person]]] = {}
        if choice.options["who"] != "nobody":
            ids: dict[int, list[int]] = defaultdict(list)
            for company in companies:
                ids[company.connection_id].append(company.remote_id)
            self.people = {account: people_of(account, theirs) for account, theirs in ids.items()}
        self.persons: dict[int, Any] = {}
        self.owners: dict[tuple[int, int], str] = {}
        self.names = {company.pk: recipe.name_for(company, self.owner_of(company)[1]) for company in companies}
        is_strict = not choice.options["again"]
        self.duplicates = find_duplicates(companies, set(self.names.values())) if is_strict else set()

    def owner_of(self, company: Company) -> tuple[int | None, str]:
        """Return the owner of the company's proposal: Offorte's id, None for Offorte's default, and the name."""
        account = company.connection_id
        remote_id = settle_owner(self.recipe, account, self.choice.by, self.persons)
        return remote_id, name_owner(account, remote_id, self.owners) if remote_id is not None else ""

    def make(self, company: Company) -> Step | Skip:
        """Return the creation of the company's proposal, or the reason why there is none."""
        name = self.names[company.pk]
        if not name:
            return Skip(JobReason.HOLE_IN_NAME())
        if identify(company.connection_id, company.remote_id, name) in self.duplicates:
            return Skip(JobReason.DUPLICATE())
        chosen = {key: value for key, value in self.recipe.chosen.items() if key != OWNER}
        owner, _owner_name = self.owner_of(company)
        people = self.people.get(company.connection_id, {}).get(company.remote_id, [])
        able = [person for person in people if person.email]
        receivers = [] if self.choice.options["who"] == "only" and len(able) > 1 else able
        proposal = NewProposal(
            name=name,
            company=company.remote_id,
            contacts=[person.remote_id for person in receivers],
            chosen=chosen if owner is None else chosen | {OWNER: owner},
            tables=self.tables,
        )
        return Step([proposal_creation(proposal.draft(), company.connection_id, note=", ".join(map(str, receivers)))])


def proposal_creation(draft: Options, connection_id: int, *, note: str = "", after: Write | None = None) -> Write:
    """Return the write that creates a proposal; `note` names its receivers."""
    return Write(
        connection_id=connection_id,
        target="proposals",
        remote_id=None,
        label=str(draft["name"]),
        verb=Operation.Verb.CREATE,
        draft=draft,
        after=after,
        note=_("to %s") % note if note else _("no recipients yet"),
    )
