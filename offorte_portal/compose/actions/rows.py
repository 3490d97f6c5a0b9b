"""Creating the proposals of an uploaded file: one for each row, or for each group of rows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import Company, Person
from offorte_portal.compose.actions.create import proposal_creation
from offorte_portal.compose.many.duplicates import find_duplicates, identify
from offorte_portal.compose.validation import CHOSEN
from offorte_portal.files.imports.firsts import Firsts
from offorte_portal.files.models import UploadRow
from offorte_portal.jobs.action import Action, Choice, NewId, Options, Skip, Step, Write
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.text.keys import match_key
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation

Json = dict[str, Any]
Outcome = UploadRow.Outcome
Verb = Operation.Verb


class CreateFromRows(Action[Any]):
    """Creates a proposal in edit for each row that stands for one; the others are left out with their reason."""

    name = "proposals.import"
    label = _("Create proposals from a file")
    permission = "proposals.add_proposal"
    model = UploadRow
    target = "proposals"
    creates = "proposals"
    verb = Verb.CREATE
    columns = ("number", "label", "outcome", "problem", "hint", "draft", "upload")
    is_mirrored = False
    is_computed = True
    is_chained = True

    def clean(self, options: Mapping[str, Any]) -> Options:
        """Raise ValidationError: these jobs start from a page of their own, which shows each row's outcome."""
        raise ValidationError({"upload": gettext("Upload a file first.")})

    def describe(self, options: Options) -> str:
        return f"{self.label}: {options.get('filename', '')}"

    def plan(self, rows: Sequence[UploadRow], choice: Choice) -> Iterator[Step | Skip]:
        """Yield what the dry run found, as far as it still holds."""
        maker = RowMaker(rows, choice)
        for row in rows:
            yield maker.make(row)

    def keep(self, made: Sequence[tuple[UploadRow, Operation]]) -> None:
        """Store with each row the operation that was made from it."""
        for row, operation in made:
            row.operation = operation
        UploadRow.objects.bulk_update([row for row, _operation in made], ["operation"], batch_size=200)


class RowMaker:
    """Composes the writes for the rows of one batch, and reads what they share once for all of them."""

    def __init__(self, rows: Sequence[UploadRow], choice: Choice) -> None:
        self.is_strict = not choice.options["again"]
        requests: list[Json] = [row.draft["request"] for row in rows if row.draft]
        self.connection_id = rows[0].connection_id if rows else 0
        ids = {request["company_id"] for request in requests if "company_id" in request}
        found = Company.objects.present().filter(connection=self.connection_id, remote_id__in=ids, is_hidden=False)
        self.companies = {company.remote_id: company for company in found.only("connection_id", "remote_id", "name")}
        # The contacts that can be receivers, each as its company's and its own id.
        ids = {contact for request in requests for contact in request.get("company_contacts", ())}
        people = Person.objects.present().filter(connection=self.connection_id, remote_id__in=ids).exclude(email="")
        self.able = set(people.values_list("company_remote_id", "remote_id"))
        # The owners and templates that Offorte no longer has, by the reference's parameter.
        self.gone: set[tuple[str, int]] = set()
        for parameter, _column, model in CHOSEN:
            asked = {request[parameter] for request in requests if parameter in request}
            chosen: Any = model._default_manager.filter(connection=self.connection_id, removed_at__isnull=True)
            there = set(chosen.filter(remote_id__in=asked).values_list("remote_id", flat=True)) if asked else set()
            self.gone |= {(parameter, remote_id) for remote_id in asked - there}
        names = {str(request["name"]) for request in requests}
        self.duplicates = find_duplicates(list(self.companies.values()), names) if self.is_strict else set()
        drafts = [row.draft for row in rows if row.draft]
        firsts = {str(draft["company"]["name"]) for draft in drafts if draft["company"]}
        firsts |= {str(person["fullname"]) for draft in drafts for person in draft["people"]}
        self.firsts = Firsts(self.connection_id, choice.options["upload"], firsts)

    def make(self, row: UploadRow) -> Step | Skip:
        """Return the writes that create the row's proposal, or the reason why there are none."""
        if not row.draft:
            return Skip(row.problem or row.hint or JobReason.CHANGED_SINCE())
        request = dict(row.draft["request"])
        if reason := self.obstacle(request):
            return Skip(reason)
        writes: list[Write] = []
        company = request.get("company_id") or self.firsts.company(row.draft["company"], writes)
        place = company if isinstance(company, int) else match_key(str(row.draft["company"]["name"]))
        people = [self.firsts.person(person, place, company, writes) for person in row.draft["people"]]
        request["company_id"] = company
        if people:
            request["company_contacts"] = [*request.get("company_contacts", ()), *people]
        after = next((new_id.write for new_id in (*reversed(people), company) if isinstance(new_id, NewId)), None)
        writes.append(proposal_creation(request, row.connection_id, note=row.draft["receivers"], after=after))
        return Step(writes)

    def obstacle(self, request: Json) -> Reason | None:
        """Return what has changed since the dry run that prevents the proposal; None if nothing has."""
        remote_id = request.get("company_id")
        company = self.companies.get(remote_id) if remote_id is not None else None
        if remote_id is not None and company is None:
            return JobReason.COMPANY_GONE()
        if any((remote_id, contact) not in self.able for contact in request.get("company_contacts", ())):
            return JobReason.CONTACTS_GONE()
        if any((name, request[name]) in self.gone for name, _column, _model in CHOSEN if name in request):
            return JobReason.CHOICE_GONE()
        if company is None:
            return None
        is_duplicate = identify(company.connection_id, company.remote_id, str(request["name"])) in self.duplicates
        return JobReason.DUPLICATE() if is_duplicate else None
