"""The dry run of a file of proposals: stores each row's outcome with it. Reads only the mirror."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User

from contacts.models import Company
from offorte_portal.compose import placeholders
from offorte_portal.compose.many.choices import Choices
from offorte_portal.compose.many.companies import Companies
from offorte_portal.compose.many.duplicates import find_duplicates, identify
from offorte_portal.compose.many.entries import Entry, FileRow, read_entries, tell_others
from offorte_portal.compose.many.new_proposals import NewProposal
from offorte_portal.compose.many.people import NewPerson, People
from offorte_portal.compose.many.prices import price
from offorte_portal.compose.many.recipe import NAME_CHARACTERS, NAMES
from offorte_portal.compose.many.terms import Terms
from offorte_portal.compose.reasons import ManyReason
from offorte_portal.files.imports.examining import MARKED
from offorte_portal.files.models import Upload, UploadRow
from offorte_portal.jobs.selection import batches
from offorte_portal.runs.reasons import join
from offorte_portal.text.reason import Reason
from offorte_portal.writes.asking import fold
from proposals.languages import usual_language, write_date

Json = dict[str, Any]
Outcome = UploadRow.Outcome
AT_ONCE = 500
FOUND = ("outcome", "label", "problem", "hint", "draft")


def examine(upload: Upload, by: User, report: Callable[[int], None] = lambda done: None) -> None:
    """Determine the outcome of every row and store it; a row that stands for a proposal holds its draft.

    `report` is called with the number of rows stored so far, and stops the work by raising.
    """
    terms = Terms.load(upload.options)
    rows = list(upload.rows.order_by("number"))
    entries = find_entries(upload, (row for row in rows if row.is_ticked), terms, by)
    for entry in entries:
        _note(entry)
    for row in rows:
        if not row.is_ticked:
            row.outcome, row.label, row.draft, row.problem = Outcome.LEFT_OUT, "", {}, None
            row.hint = MARKED[UploadRow.Mark(row.mark)]() if row.mark else None
    done = 0
    for batch in batches(rows, AT_ONCE):
        report(done)
        UploadRow.objects.bulk_create(
            batch,
            batch_size=AT_ONCE,
            update_conflicts=True,
            unique_fields=["upload", "number"],
            update_fields=FOUND,
        )
        done += len(batch)


def find_entries(upload: Upload, rows: Iterable[UploadRow], terms: Terms, by: User) -> list[Entry]:
    """Return the proposals of the file, each with its problems and values."""
    entries = read_entries(upload, rows)
    readable = [entry for entry in entries if entry.values]
    for settler in (Companies(upload.connection, readable, terms), Choices(upload.connection, by, terms)):
        for entry in readable:
            settler.settle(entry)
    people = People(upload.connection, readable, terms)
    language = usual_language(upload.connection_id)
    for entry in readable:
        people.settle(entry)
        _name(entry, terms, language)
        price(entry, terms)
    for entry in entries:
        if not entry.values and entry.is_sound:
            entry.fail(ManyReason.COMPANY_UNTOLD())
        tell_others(entry)
    _mark_duplicates([entry for entry in entries if entry.is_sound], terms)
    return entries


def _name(entry: Entry, terms: Terms, language: str) -> None:
    """Set the proposal's name, from its own pattern or the common one; dates in the account's language."""
    pattern = str(entry.values.get("name") or terms.recipe.pattern)
    if entry.company is None:
        return
    if isinstance(entry.company, Company):
        values = {"company": entry.company.name, "city": entry.company.city}
    else:
        values = {"company": str(entry.company["name"]), "city": str(entry.company.get("city", ""))}
    if "date" in entry.values:
        values["date"] = write_date(entry.values["date"], language)
    entry.name = terms.recipe.fill(pattern, values | entry.names)
    if unknown := placeholders.find_unknown(pattern, dict.fromkeys(NAMES, "")):
        entry.fail(ManyReason.NAME_UNKNOWN(name=unknown[0]))
    elif not entry.name:
        entry.fail(ManyReason.NAME_HOLE(pattern=pattern))
    elif len(entry.name) > NAME_CHARACTERS:
        entry.fail(ManyReason.NAME_TOO_LONG(most=NAME_CHARACTERS))


def _mark_duplicates(entries: Sequence[Entry], terms: Terms) -> None:
    """Mark the proposals that exist at Offorte, are about to be created, or appear earlier in the file."""
    known = [entry.company for entry in entries if isinstance(entry.company, Company)]
    duplicates = find_duplicates(known, {entry.name for entry in entries}) if known else set()
    earlier: dict[Any, int] = {}
    for entry in entries:
        found: Reason | None = None
        if isinstance(entry.company, Company):
            key: Any = identify(entry.company.connection_id, entry.company.remote_id, entry.name)
            if key in duplicates:
                found = ManyReason.DUPLICATE()
        else:
            key = (id(entry.company), fold(entry.name))
        if key in earlier:
            found = ManyReason.DUPLICATE_ROW(number=earlier[key])
        earlier.setdefault(key, entry.first.number)
        if found and terms.again:
            entry.first.hints.append(found)
        elif found:
            entry.duplicate = found


def _note(entry: Entry) -> None:
    """Write the outcome into each row."""
    if not entry.is_sound or entry.duplicate:
        for line in entry.lines:
            _keep(line, Outcome.PROBLEM if line.problems else Outcome.SAME, entry.name)
            line.row.hint = join([*([entry.duplicate] if entry.duplicate else []), *line.hints], in_lines=True)
        return
    for line in entry.lines:
        _keep(line, Outcome.NEW, entry.name)
    for line in entry.lines[1:]:
        line.row.hint = join([*line.hints, ManyReason.BELONGS_TO(number=entry.first.number)], in_lines=True)
    entry.first.row.draft = _draft(entry)


def _keep(line: FileRow, outcome: str, label: str) -> None:
    row = line.row
    row.outcome, row.label, row.draft = outcome, label, {}
    row.problem, row.hint = join(line.problems, in_lines=True), join(line.hints, in_lines=True)


def _draft(entry: Entry) -> Json:
    """Return what a job needs to create the proposal: its request, and the company and people to create first."""
    is_there = isinstance(entry.company, Company)
    known = [person for person in entry.people if not isinstance(person, NewPerson)]
    new = [person for person in entry.people if isinstance(person, NewPerson)]
    proposal = NewProposal(
        name=entry.name,
        company=entry.company.remote_id if is_there else None,
        contacts=[person.remote_id for person in known],
        chosen=entry.chosen,
        tables=entry.tables,
    )
    return {
        "request": {name: value for name, value in proposal.draft().items() if value is not None},
        "company": {} if is_there else dict(entry.company),
        "people": [dict(person) for person in new],
        "receivers": ", ".join([*map(str, known), *(str(person["fullname"]) for person in new)]),
        "value": str(proposal.value),
    }
