"""Decides for each row of a file whether it is new, a change, the same, or a problem. Writes nothing to Offorte."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from offorte_portal.files.imports.keys import Index, Keys, Known, Match
from offorte_portal.files.imports.kinds import KINDS, Values
from offorte_portal.files.imports.kinds.kind import Correction
from offorte_portal.files.imports.mapping import FIELDS, label_of, parse_row
from offorte_portal.files.imports.shortening import is_shortened
from offorte_portal.files.imports.zeros import find_lost_zeros
from offorte_portal.files.models import Upload, UploadRow
from offorte_portal.files.reasons import ImportReason
from offorte_portal.jobs import parameters
from offorte_portal.jobs.selection import batches
from offorte_portal.mirror.models import Mirrored
from offorte_portal.runs.reasons import join
from offorte_portal.text.countries import country_code
from offorte_portal.text.reason import Reason

Outcome = UploadRow.Outcome
AT_ONCE = 1000
# What to do with rows that are already in Offorte.
UPDATE, SKIP, CREATE = "update", "skip", "create"
MATCHES = (UPDATE, SKIP, CREATE)
# Options: put back leading zeros that seem lost (on unless switched off), and replace values by shorter ones.
ZEROS, SHORTER = "zeros", "shorter"
MARKED = {UploadRow.Mark.HIDDEN: ImportReason.HIDDEN_ROW, UploadRow.Mark.TOTAL: ImportReason.TOTAL_ROW}


@dataclass(slots=True)
class Verdict:
    """What the import would do with a row; `changes` are [parameter, old or None if unknown, new], names for ids."""

    values: Values = field(default_factory=dict)
    outcome: str = Outcome.PROBLEM
    label: str = ""
    problems: list[Reason] = field(default_factory=list)
    hints: list[Reason] = field(default_factory=list)
    keys: Keys = field(default_factory=dict)
    match: Match | None = None
    draft: Values = field(default_factory=dict)
    changes: list[list[Any]] = field(default_factory=list)
    loss: Values = field(default_factory=dict)
    # What it changes of what only the portal keeps.
    correction: Correction | None = None
    remote_id: int | None = None
    parent_remote_id: int | None = None
    # The draft of the company to create first.
    company: Values | None = None


def examine(upload: Upload, report: Callable[[int], None] = lambda done: None) -> None:
    """Work out and store what the import would do with each row, by the upload's columns and options.

    `report` is called with the number of rows done, and may raise to stop. Nothing is locked while rows are judged.
    """
    examiner = Examiner(upload)
    done = 0
    for batch in batches(list(upload.rows.all()), AT_ONCE):
        for row, verdict in zip(batch, examiner.judge(batch), strict=True):
            note(row, verdict)
        keep_verdicts(batch)
        done += len(batch)
        report(done)
    if found := examiner.kind.findings():
        upload.options = {**upload.options, **found}
        upload.save(update_fields=["options"])


def keep_verdicts(rows: Sequence[UploadRow]) -> None:
    """Store the verdicts of these rows in bulk, which is much faster than an update of each."""
    UploadRow.objects.bulk_create(
        rows,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["upload", "number"],
        update_fields=[
            "outcome",
            "label",
            "problem",
            "hint",
            "draft",
            "changes",
            "loss",
            "remote_id",
            "parent_remote_id",
        ],
    )


def note(row: UploadRow, verdict: Verdict) -> None:
    """Copy a verdict into the row."""
    row.outcome, row.label = verdict.outcome, verdict.label
    row.problem, row.hint = join(verdict.problems), join(verdict.hints)
    row.draft, row.changes, row.loss = verdict.draft, verdict.changes, verdict.loss
    row.remote_id, row.parent_remote_id = verdict.remote_id, verdict.parent_remote_id


class Examiner:
    """Judges the rows of an upload, in batches and in the order of the file."""

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        self.kind = KINDS[upload.kind](upload.connection, upload.options, upload.by)
        self.matches = upload.options.get("matches", UPDATE)
        self._puts_back_zeros = bool(upload.options.get(ZEROS, True))
        self._shortens = bool(upload.options.get(SHORTER))
        self._known = self.kind.index()
        self._earlier = Index(self.kind.order, self.kind.strict, self.kind.doubtful)
        self._required = [definition.name for definition in FIELDS[upload.kind] if definition.is_required]
        self._names = parameters.Names()
        self._records: dict[int, Any] = {}

    def judge(self, rows: Sequence[UploadRow]) -> list[Verdict]:
        """Return the verdicts of these rows, with one query for the records that they change, and more for names."""
        verdicts = [self._recognise(row) for row in rows]
        remote_ids = {
            verdict.remote_id for verdict in verdicts if verdict.remote_id is not None and not verdict.problems
        }
        found = self.kind.present().filter(remote_id__in=remote_ids).defer("payload")
        self._records = {row.remote_id: row for row in found}
        self.kind.look_up(self._records.values())
        for verdict in verdicts:
            if not verdict.problems and verdict.outcome != Outcome.LEFT_OUT:
                self._decide(verdict)
            if verdict.problems:
                verdict.outcome = Outcome.PROBLEM
        return verdicts

    def record(self, verdict: Verdict) -> Mirrored | None:
        """Return the record that a row changes, if the row was in the last call of `judge`."""
        return self._records.get(verdict.remote_id or 0)

    def _recognise(self, row: UploadRow) -> Verdict:
        """Read the row and find the record that it is about, in Offorte or earlier in the file."""
        verdict = Verdict()
        if row.unreadable and row.is_ticked:
            verdict.problems.append(row.unreadable)
            return verdict
        parsed = parse_row(self.upload.kind, self.upload.header, self.upload.mapping, row.cells)
        if not row.is_ticked:
            verdict.outcome, verdict.label = Outcome.LEFT_OUT, self.kind.name_of(parsed.values)
            verdict.hints = [MARKED[UploadRow.Mark(row.mark)]()] if row.mark else []
            return verdict
        verdict.values, verdict.hints, verdict.problems = parsed.values, parsed.hints, parsed.problems
        verdict.hints += self._look_for_zeros(verdict.values)
        self.kind.settle_country(verdict.values)
        given = set(parsed.values)
        verdict.problems += self.kind.prepare(parsed.values, verdict.hints)
        verdict.label = self.kind.name_of(parsed.values)
        verdict.keys = keys = self.kind.recognise(parsed.values)
        verdict.match = self._known.find(keys)
        verdict.problems += self._unsettled(verdict)
        if verdict.match is None or self._is_created(verdict):
            verdict.match = self._known.suggest(keys)
            lacking = [name for name in self._required if name not in given and name not in parsed.values]
            verdict.problems += [ImportReason.MISSING(field=label_of(self.upload.kind, name)) for name in lacking]
            if verdict.match:
                what = words_for(verdict.match.kind)
                verdict.hints.append(ImportReason.MAY_BE(name=verdict.match.known[0].label, what=what))
        else:
            verdict.remote_id = verdict.match.known[0].remote_id
            if self.kind.is_once:
                verdict.keys = {**keys, "id": str(verdict.remote_id)}
        if not verdict.problems:
            self._note_earlier(row, verdict)
        return verdict

    def _look_for_zeros(self, values: Values) -> Iterator[Reason]:
        """Yield a hint for each value that seems to have lost its leading zero, which is put back by the options."""
        for name, repaired in list(find_lost_zeros(values)):
            reason = ImportReason.ZERO_PUT_BACK if self._puts_back_zeros else ImportReason.ZERO_LOST
            yield reason(field=label_of(self.upload.kind, name), text=values[name], repaired=repaired)
            if self._puts_back_zeros:
                values[name] = repaired

    def _is_created(self, verdict: Verdict) -> bool:
        return self.matches == CREATE and "id" not in verdict.values

    def _unsettled(self, verdict: Verdict) -> Iterator[Reason]:
        """Yield the problems of an ID that Offorte does not have, and of several records that match."""
        match = verdict.match
        if "id" in verdict.values and (match is None or match.kind != "id"):
            yield ImportReason.NO_SUCH_ID(id=verdict.values["id"])
        elif match and len(match.known) > 1 and self.matches == UPDATE:
            names = ", ".join(f"{known.label} (#{known.remote_id})" for known in match.known[:3])
            yield ImportReason.SEVERAL_HAVE(what=words_for(match.kind), names=names)

    def _note_earlier(self, row: UploadRow, verdict: Verdict) -> None:
        """Remember the row; add a problem if it repeats an earlier row, or a hint if it is created nevertheless."""
        earlier = self._earlier.find(verdict.keys)
        if earlier:
            text = ImportReason.SAME_AS_ROW(number=str(earlier.known[0].number), what=words_for(earlier.kind))
            (verdict.hints if self._is_created(verdict) else verdict.problems).append(text)
        if not verdict.problems:
            self._earlier.add(Known(verdict.label, verdict.keys, number=row.number))

    def _decide(self, verdict: Verdict) -> None:
        """Decide whether the row is new, a change or the same, or add a problem."""
        if verdict.remote_id is None:
            if refused := self.kind.refuse_creation(verdict.values):
                verdict.problems.append(refused)
                return
            verdict.outcome = Outcome.NEW
            verdict.draft = self.kind.creation(verdict.values)
            verdict.parent_remote_id = self.kind.parent(verdict.values)
            verdict.company = self.kind.company_to_create(verdict.values)
            return
        record = self._records[verdict.remote_id]
        verdict.label = str(record) if self.kind.is_once else verdict.label or str(record)
        verdict.outcome = Outcome.SAME
        if self.matches == SKIP:
            verdict.hints.append(ImportReason.IS_IN_OFFORTE(name=str(record)))
            return
        if refused := self.kind.refuse_change(verdict.values, record):
            verdict.problems.append(refused)
            return
        draft = self.kind.draft(verdict.values)
        if verdict.match:
            # What the record was recognised by may be spelled otherwise.
            draft.pop(self.kind.key_fields.get(verdict.match.kind, ""), None)
        known = parameters.known(self.kind.target, record, draft)
        for name, value in draft.items():
            old = known.get(name)
            if old == value or (name == "country" and country_code(str(old)) == country_code(value) is not None):
                continue
            if not self._shortens and name in self.kind.texts and is_shortened(old, value):
                field = label_of(self.upload.kind, name)
                verdict.hints.append(ImportReason.LONGER_KEPT(field=field, old=str(old)[:80], new=value[:80]))
                continue
            verdict.draft[name] = value
            verdict.changes.append([name, self._named(name, old), self._named(name, value)])
        verdict.loss = self.kind.loss(verdict.values) if verdict.draft else {}
        verdict.correction = correction = self.kind.correct(verdict.values, record)
        if correction:
            verdict.changes += correction.changes
            verdict.loss = correction.after
        verdict.outcome = Outcome.CHANGE if verdict.draft or correction else Outcome.SAME

    def _named(self, name: str, value: Any) -> Any:
        """Return the name that an id stands for; other values unchanged, to be put into words when they are shown."""
        return self._names.show(name, value, self.upload.connection_id) if name in parameters.NAMED and value else value


def words_for(kind: str) -> Reason:
    """Return the reason that says what two records have in common."""
    return {
        "id": ImportReason.SAME_ID(),
        "vat": ImportReason.SAME_VAT(),
        "chamber": ImportReason.SAME_CHAMBER(),
        "email": ImportReason.SAME_EMAIL(),
        "anywhere": ImportReason.SAME_ELSEWHERE(),
        "sku": ImportReason.SAME_SKU(),
        "number": ImportReason.SAME_NUMBER(),
        "domain": ImportReason.SAME_DOMAIN(),
        "spelling": ImportReason.SAME_SPELLING(),
        "german": ImportReason.SAME_SPELLING(),
    }.get(kind, ImportReason.SAME_NAME())
