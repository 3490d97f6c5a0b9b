"""Actions that import the rows of an uploaded file: each row creates a record at Offorte or changes one.

A row is skipped where its outcome is no longer the one that the person confirmed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from offorte_portal.changes.models import Change
from offorte_portal.changes.recording import recording
from offorte_portal.files.imports.examining import Examiner, Verdict
from offorte_portal.files.imports.firsts import Firsts
from offorte_portal.files.models import Upload, UploadRow
from offorte_portal.jobs.action import Action, Choice, NewId, Options, Own, Skip, Step, Write
from offorte_portal.jobs.fields import change
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.jobs.registry import register
from offorte_portal.staff.access import may_act
from offorte_portal.text.reason import Reason
from offorte_portal.tracking import losses
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from offorte_portal.writes.targets import TARGETS
from proposals.models import Proposal

Outcome = UploadRow.Outcome


class Making(NamedTuple):
    """What the writes of one batch share."""

    examiner: Examiner
    firsts: Firsts
    choice: Choice


class Import(Action[Any]):
    """Writes the rows of an upload to Offorte; the selection consists of these rows."""

    model = UploadRow
    verb = Operation.Verb.CREATE
    columns: ClassVar[tuple[str, ...]] = (
        "upload",
        "number",
        "label",
        "cells",
        "unreadable",
        "outcome",
        "mark",
        "is_ticked",
    )
    is_mirrored = False

    def clean(self, options: Mapping[str, Any]) -> Options:
        """Raise ValidationError: an import starts on its own page, which shows the outcome of each row."""
        raise ValidationError({"upload": _("Upload a file first.")})

    def describe(self, options: Options) -> str:
        """Return the action's label with the name of the file."""
        return f"{self.label}: {options.get('filename', '')}"

    def plan(self, rows: Sequence[UploadRow], choice: Choice) -> Iterator[Step | Skip]:
        """Yield one write for each row, or the reason why the row is skipped."""
        upload = Upload.objects.select_related("connection").filter(pk=choice.options["upload"]).first()
        if upload is None or any(row.upload_id != upload.pk for row in rows):
            yield from (Skip(JobReason.MISSING()) for _row in rows)
            return
        examiner = Examiner(upload)
        verdicts = examiner.judge(rows)
        names = {str(verdict.company["name"]) for verdict in verdicts if verdict.company}
        firsts = Firsts(upload.connection_id, upload.pk, names)
        for row, verdict in zip(rows, verdicts, strict=True):
            yield self._decide(row, verdict, Making(examiner, firsts, choice))

    def _decide(self, row: UploadRow, verdict: Verdict, making: Making) -> Step | Skip:
        if verdict.outcome == Outcome.SAME:
            return Skip(JobReason.ALREADY_SO())
        if verdict.outcome != row.outcome:
            return Skip(JobReason.CHANGED_SINCE())
        if verdict.outcome == Outcome.NEW:
            return self._create(row, verdict, making)
        record = making.examiner.record(verdict)
        if record is None:
            return Skip(JobReason.CHANGED_SINCE())
        if not may_act(making.choice.by, TARGETS[self.target].permission(Operation.Verb.CHANGE), record):
            return Skip(JobReason.NOT_YOURS())
        return Step([change(self.target, record, verdict.draft)])

    def _create(self, row: UploadRow, verdict: Verdict, making: Making) -> Step | Skip:
        """Return the creation of the row's record, after that of its company where that is new."""
        writes: list[Write] = []
        draft, after = verdict.draft, None
        if verdict.company:
            if not making.choice.by.has_perm(TARGETS["companies"].permission(Operation.Verb.CREATE)):
                return Skip(JobReason.NOT_YOURS())
            company = making.firsts.company(verdict.company, writes)
            draft = draft | {"parent_remote_id": company}
            after = company.write if isinstance(company, NewId) else None
        creation = Write(
            connection_id=row.connection_id,
            target=self.target,
            remote_id=None,
            parent_remote_id=verdict.parent_remote_id,
            label=verdict.label,
            verb=Operation.Verb.CREATE,
            draft=draft,
            after=after,
        )
        return Step([*writes, creation])

    def keep(self, made: Sequence[tuple[UploadRow, Operation]]) -> None:
        """Store each row's operation, so that the pages of the import can show its result."""
        for row, operation in made:
            row.operation = operation
        UploadRow.objects.bulk_update([row for row, _operation in made], ["operation"], batch_size=250)


class ImportCompanies(Import):
    name = "companies.import"
    label = _("Import companies")
    permission = "contacts.add_company"
    target = creates = "companies"


class ImportPeople(Import):
    name = "people.import"
    label = _("Import people")
    permission = "contacts.add_person"
    target = creates = "people"
    is_chained = True


class ImportProducts(Import):
    name = "products.import"
    label = _("Import products")
    permission = "catalog.add_product"
    target = creates = "products"


class ImportStatuses(Import):
    """Changes the status of proposals, and keeps why those are lost that are."""

    name = "statuses.import"
    label = _("Import proposal statuses")
    permission = "proposals.change_proposal"
    target = "proposals"
    verb = Operation.Verb.CHANGE
    columns = (*Import.columns, "remote_id", "changes", "loss")

    def _decide(self, row: UploadRow, verdict: Verdict, making: Making) -> Step | Skip:
        record = making.examiner.record(verdict)
        if isinstance(record, Proposal) and record.status != _shown_status(row):
            return Skip(WriteReason.STATUS_CHANGED(status=record.status))
        correction = verdict.correction
        if correction is None or record is None or verdict.outcome != row.outcome:
            return super()._decide(row, verdict, making)
        if verdict.changes != row.changes:
            return Skip(JobReason.CHANGED_SINCE())
        if not may_act(making.choice.by, self.permission, record):
            return Skip(JobReason.NOT_YOURS())
        return Step([], Own(str(record), correction.before, correction.after))

    def keep(self, made: Sequence[tuple[UploadRow, Operation]]) -> None:
        """Store each row's operation, and why its proposal is lost."""
        super().keep(made)
        lost = {row.remote_id: (row, operation) for row, operation in made if row.loss and operation.is_pending}
        found = Proposal.objects.filter(remote_id__in=[key for key in lost if key]).defer("payload", "search_text")
        by_why: dict[losses.Why, list[tuple[Proposal, Operation]]] = defaultdict(list)
        for proposal in found.filter(connection__in={row.connection_id for row, _operation in lost.values()}):
            row, operation = lost[proposal.remote_id]
            by_why[losses.from_options(row.loss)].append((proposal, operation))
        for why, losing in by_why.items():
            losses.record(losing, why, losing[0][1].requested_by)
        corrected = [operation for _row, operation in made if operation.reason == JobReason.KEPT_HERE()]
        _explain(corrected, "after", corrected[0].requested_by if corrected else None)

    def refuse_restoring(self, operation: Operation) -> Reason | None:
        proposal = _proposals_of([operation]).get(operation.remote_id)
        if proposal is None or proposal.status != Proposal.Status.LOST:
            return JobReason.REASON_CHANGED()
        loss = losses.current([proposal]).get(proposal.pk)
        became = losses.standing(losses.from_options(operation.evidence["after"]))
        return None if loss and losses.why_of(loss) == became else JobReason.REASON_CHANGED()

    def restore(self, operations: Sequence[Operation], by: User | None) -> None:
        """Give proposals the reasons that they had before."""
        _explain(operations, "before", by)


def _shown_status(row: UploadRow) -> str:
    """Return the status that the preview of a row showed; what it corrects only is lost already."""
    return next((str(old) for name, old, _new in row.changes if name == "status"), Proposal.Status.LOST.value)


def _proposals_of(operations: Sequence[Operation]) -> dict[int | None, Proposal]:
    """Return the proposals of operations of one account, by Offorte's id."""
    ids = [operation.remote_id for operation in operations if operation.remote_id]
    rows = Proposal.objects.filter(connection__in={operation.connection_id for operation in operations})
    return {row.remote_id: row for row in rows.filter(remote_id__in=ids).defer("payload", "search_text")}


def _explain(operations: Sequence[Operation], which: str, by: User | None) -> None:
    """Keep why the proposals of these operations are lost, as it was before them or is after them."""
    if not operations:
        return
    found = _proposals_of(operations)
    with recording(operations[0].connection_id, Change.Source.WRITE, person_id=by.pk if by else None):
        for operation in operations:
            if proposal := found.get(operation.remote_id):
                losses.explain(proposal, losses.standing(losses.from_options(operation.evidence[which])), by=by)


IMPORTS: tuple[Action[Any], ...] = (ImportCompanies(), ImportPeople(), ImportProducts(), ImportStatuses())

register(*IMPORTS, position=100)
