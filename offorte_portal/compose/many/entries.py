"""From rows of a file to proposals: rows with the same group are one, and its first row says most of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from offorte_portal.compose.reasons import ManyReason
from offorte_portal.files.imports import mapping
from offorte_portal.files.imports.proposal_fields import PROPOSALS
from offorte_portal.files.imports.table import fold
from offorte_portal.files.models import Upload, UploadRow
from offorte_portal.text.reason import Reason

Json = dict[str, Any]
Key = tuple[str, str]
# What all rows of a proposal say alike, or only one of them says.
OF_ALL = (
    "company", "company_id", "vat_number", "coc_number", "city", "name", "owner", "proposal_template",
    "design_template", "text_template", "date",
)  # fmt: skip
OF_ROWS = ("content", "quantity", "price", "discount", "vat", "table")
LABELS = {one.name: mapping.label_of(Upload.Kind.PROPOSALS, one.name) for one in PROPOSALS}


@dataclass(slots=True)
class Line:
    """One row of the file: what its cells say, what is wrong with it and what a person should know of it."""

    row: UploadRow
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Reason] = field(default_factory=list)
    hints: list[Reason] = field(default_factory=list)

    @property
    def number(self) -> int:
        """As a spreadsheet counts."""
        return self.row.number


@dataclass(slots=True)
class Entry:
    """One proposal: its rows, and what they say of all of it. The rest is found out in steps."""

    lines: list[Line]
    values: dict[str, Any] = field(default_factory=dict)
    # The portal's company, or what makes it; the same of its people.
    company: Any = None
    people: list[Any] = field(default_factory=list)
    chosen: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    name: str = ""
    tables: list[Any] = field(default_factory=list)
    # Why it is not made although nothing is wrong with it: there is one already, in Offorte or in the file.
    twin: Reason | None = None

    @property
    def first(self) -> Line:
        """The row that stands for all of it."""
        return self.lines[0]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with any of its rows."""
        return not any(line.problems for line in self.lines)

    def fail(self, reason: Reason) -> None:
        """Note what is wrong with all of it."""
        self.first.problems.append(reason)


def read_lines(upload: Upload, rows: Iterable[UploadRow]) -> Iterator[Line]:
    """What each row says by the columns that were chosen."""
    for row in rows:
        if row.unreadable:
            yield Line(row, problems=[row.unreadable])
            continue
        parsed = mapping.parse_row(upload.kind, upload.header, upload.mapping, row.cells)
        yield Line(row, parsed.values, list(parsed.problems), list(parsed.hints))


def group(lines: Iterable[Line]) -> list[Entry]:
    """The proposals of a file, in the order of their first rows."""
    entries: dict[Any, Entry] = {}
    for line in lines:
        name = fold(str(line.values.get("group", "")))
        entries.setdefault(name or line.number, Entry([])).lines.append(line)
    for entry in entries.values():
        _unite(entry)
    return list(entries.values())


def _unite(entry: Entry) -> None:
    """Find what the rows say of the whole; another word for the same is a problem of its row."""
    told: dict[str, Line] = {}
    for line in entry.lines:
        for name in OF_ALL:
            if name not in line.values:
                continue
            earlier = told.setdefault(name, line)
            if _key(line.values[name]) != _key(earlier.values[name]):
                text = ManyReason.GROUP_DIFFERS(field=LABELS[name], number=earlier.number)
                line.problems.append(text)
    entry.values = {name: line.values[name] for name, line in told.items()}


def _key(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value


def tell_others(entry: Entry) -> None:
    """Where one row of a proposal can't be taken, none of them is: say so in the others."""
    bad = next((line.number for line in entry.lines if line.problems), None)
    if bad is None:
        return
    text = ManyReason.OTHER_ROW_BAD(number=bad)
    for line in entry.lines:
        if not line.problems:
            line.problems.append(text)


def contacts_of(entry: Entry) -> list[tuple[Line, Json]]:
    """Whom the rows name as receivers, each once, with the row that does."""
    found: dict[Key, tuple[Line, Json]] = {}
    for line in entry.lines:
        told = {name: line.values[name] for name in ("contact", "firstname", "email") if line.values.get(name)}
        if "contact" in told or "email" in told:
            key = (fold(told.get("contact", "")), told.get("email", "").lower())
            found.setdefault(key, (line, told))
    return list(found.values())


def has_price_row(line: Line) -> bool:
    """Whether a row of the file is a row of a price table."""
    return any(name in line.values for name in OF_ROWS if name != "table")
