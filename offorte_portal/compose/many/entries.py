"""From rows of a file to proposals: rows with the same group are one proposal, mostly described by its first row."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from offorte_portal.compose.reasons import ManyReason
from offorte_portal.files.imports import mapping
from offorte_portal.files.imports.proposal_fields import PROPOSALS
from offorte_portal.files.models import Upload, UploadRow
from offorte_portal.text.keys import match_key
from offorte_portal.text.reason import Reason

Json = dict[str, Any]
Key = tuple[str, str]
# The fields that must be the same in all rows of a proposal that fill them in.
OF_ALL = (
    "company", "company_id", "vat_number", "coc_number", "city", "name", "owner", "proposal_template",
    "design_template", "text_template", "date",
)  # fmt: skip
# The fields that make a row of the file a row of a price table.
OF_ROWS = ("content", "quantity", "price", "discount", "vat")
LABELS = {column.name: mapping.label_of(Upload.Kind.PROPOSALS, column.name) for column in PROPOSALS}


@dataclass(slots=True)
class FileRow:
    """One row of the file: the values of its cells, its problems, and hints for the person."""

    row: UploadRow
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Reason] = field(default_factory=list)
    hints: list[Reason] = field(default_factory=list)

    @property
    def number(self) -> int:
        """The row's number in the spreadsheet."""
        return self.row.number


@dataclass(slots=True)
class Entry:
    """One proposal: its rows, and their values for the whole. The rest is filled in in steps."""

    lines: list[FileRow]
    values: dict[str, Any] = field(default_factory=dict)
    # The portal's company, or the draft of a new one; the same for its people.
    company: Any = None
    people: list[Any] = field(default_factory=list)
    chosen: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    name: str = ""
    tables: list[Any] = field(default_factory=list)
    # Why it is not created although nothing is wrong with it: it exists already, at Offorte or in the file.
    duplicate: Reason | None = None

    @property
    def first(self) -> FileRow:
        """The row that stands for the whole proposal."""
        return self.lines[0]

    @property
    def is_sound(self) -> bool:
        """Whether none of its rows has a problem."""
        return not any(line.problems for line in self.lines)

    def fail(self, reason: Reason) -> None:
        """Record a problem of the whole proposal, with its first row."""
        self.first.problems.append(reason)


def read_entries(upload: Upload, rows: Iterable[UploadRow]) -> list[Entry]:
    """Return the proposals of a file by the chosen columns, in the order of their first rows."""
    entries: dict[Any, Entry] = {}
    for row in rows:
        if row.unreadable:
            line = FileRow(row, problems=[row.unreadable])
        else:
            parsed = mapping.parse_row(upload.kind, upload.header, upload.mapping, row.cells)
            line = FileRow(row, parsed.values, list(parsed.problems), list(parsed.hints))
        name = match_key(str(line.values.get("group", "")))
        entries.setdefault(name or line.number, Entry([])).lines.append(line)
    for entry in entries.values():
        _unite(entry)
    return list(entries.values())


def _unite(entry: Entry) -> None:
    """Set the values of the whole proposal; a row with another value for one of them has a problem."""
    first_lines: dict[str, FileRow] = {}
    for line in entry.lines:
        for name in OF_ALL:
            if name not in line.values:
                continue
            earlier = first_lines.setdefault(name, line)
            if _key(line.values[name]) != _key(earlier.values[name]):
                text = ManyReason.GROUP_DIFFERS(field=LABELS[name], number=earlier.number)
                line.problems.append(text)
    entry.values = {name: line.values[name] for name, line in first_lines.items()}


def _key(value: Any) -> Any:
    return match_key(value) if isinstance(value, str) else value


def tell_others(entry: Entry) -> None:
    """Record a problem with all rows of a proposal if one of them has one, as none can then be used."""
    bad = next((line.number for line in entry.lines if line.problems), None)
    if bad is None:
        return
    text = ManyReason.OTHER_ROW_BAD(number=bad)
    for line in entry.lines:
        if not line.problems:
            line.problems.append(text)


def contacts_of(entry: Entry) -> list[tuple[FileRow, Json]]:
    """Return the receivers that the rows name, each once, with the row that names them."""
    found: dict[Key, tuple[FileRow, Json]] = {}
    for line in entry.lines:
        contact = {name: line.values[name] for name in ("contact", "firstname", "email") if line.values.get(name)}
        if "contact" in contact or "email" in contact:
            key = (match_key(contact.get("contact", "")), contact.get("email", "").lower())
            found.setdefault(key, (line, contact))
    return list(found.values())
