"""Which column of a file is which field: guessed from the header, remembered, corrected by a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.files.imports.fields import COMPANIES, PEOPLE, PRODUCTS, Field
from offorte_portal.files.imports.parsing import unguard
from offorte_portal.files.imports.proposal_fields import PROPOSALS
from offorte_portal.files.imports.table import fold
from offorte_portal.files.models import ColumnMapping, Upload
from offorte_portal.files.reasons import ImportReason
from offorte_portal.runs.reasons import RunReason, join, name, reasons_of
from offorte_portal.text.reason import Reason

# {field: name of the column}
Columns = dict[str, str]
FIELDS: dict[str, Sequence[Field]] = {
    Upload.Kind.COMPANIES: COMPANIES,
    Upload.Kind.PEOPLE: PEOPLE,
    Upload.Kind.PRODUCTS: PRODUCTS,
    Upload.Kind.PROPOSALS: PROPOSALS,
}
_NAMES = {
    (str(kind), one.name): name(f"files.{kind}.{one.name}", one.label)
    for kind, fields in FIELDS.items()
    for one in fields
}
# The ways to say a field in others: with all of these, nothing new lacks it.
MADE_OF = {
    (Upload.Kind.PEOPLE, "fullname"): ("firstname", "lastname"),
    (Upload.Kind.PROPOSALS, "company"): ("company_id", "vat_number", "coc_number"),
}


@dataclass(slots=True)
class Parsed:
    """What the cells of a row say: values by field (empty cells have none), problems and doubts."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Reason] = field(default_factory=list)
    hints: list[Reason] = field(default_factory=list)


def label_of(kind: str, field: str) -> Reason:
    """Return what a field of this kind is called, as a value of a reason."""
    return _NAMES[str(kind), field]


def known_words(kind: str) -> set[str]:
    """What columns of a file of this kind may be called, folded: for `read_table`."""
    return {word for one in FIELDS[kind] for word in words_of(one)}


def words_of(one: Field) -> list[str]:
    """What a column with this field may be called, folded."""
    return [fold(word) for word in (one.name, str(one.label), *one.words)]


def guess(kind: str, header: Sequence[str]) -> Columns:
    """The column of each field as far as the names of the columns tell; none is taken twice."""
    columns: Columns = {}
    free = {fold(name): name for name in reversed(header)}
    # The most telling word of every field goes before the second of any.
    most = max(len(words_of(one)) for one in FIELDS[kind])
    for place in range(most):
        for one in FIELDS[kind]:
            words = words_of(one)
            if one.name not in columns and place < len(words) and words[place] in free:
                columns[one.name] = free.pop(words[place])
    return columns


def recall(user: User, kind: str, header: Sequence[str]) -> Columns | None:
    """What the person chose last for a file with these columns; None where there was none."""
    kept = ColumnMapping.objects.filter(user=user, kind=kind, header_key=header_key(header)).first()
    return dict(kept.mapping) if kept else None


def remember(user: User, kind: str, header: Sequence[str], columns: Columns) -> None:
    """Keep what the person chose for the next file with these columns."""
    ColumnMapping.objects.update_or_create(
        user=user,
        kind=kind,
        header_key=header_key(header),
        defaults={"mapping": columns, "changed_at": ports.now()},
    )


def header_key(header: Sequence[str]) -> str:
    """Stands for the names of the columns, in whatever order."""
    return blake2b("\n".join(sorted(fold(name) for name in header)).encode(), digest_size=16).hexdigest()


def check(kind: str, header: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a choice of columns, by field; empty where nothing is."""
    problems: dict[str, str] = {}
    taken: dict[str, Field] = {}
    for one in FIELDS[kind]:
        column = columns.get(one.name)
        if column is None:
            if is_missing(kind, one, columns):
                problems[one.name] = _("Choose the column with this.")
        elif column not in header:
            problems[one.name] = _("The file has no column “%s”.") % column
        elif column in taken:
            problems[one.name] = _("This column is taken for “%s” already.") % taken[column].label
        else:
            taken[column] = one
    return problems


def is_missing(kind: str, one: Field, columns: Mapping[str, str]) -> bool:
    """Whether a field has to have a column: with Offorte's ID, rows can do without the others."""
    made_of = MADE_OF.get((Upload.Kind(kind), one.name), ())
    is_made = any(name in columns for name in made_of)
    return one.is_required and not is_made and "id" not in columns


def parse_row(kind: str, header: Sequence[str], columns: Mapping[str, str], cells: Sequence[str]) -> Parsed:
    """What a row says by these columns. Problems name the field, so that a person finds the cell."""
    parsed = Parsed()
    places = {name: index for index, name in enumerate(header)}
    for one in FIELDS[kind]:
        if one.name in columns:
            parse_cell(kind, one, cells[places[columns[one.name]]], parsed)
    return parsed


def parse_cell(kind: str, one: Field, cell: str, parsed: Parsed) -> None:
    """Add to a row what one of its cells says."""
    try:
        text = unguard(cell)
        if not text:
            return
        value = one.parse(text)
    except ValidationError as error:
        told = join(reasons_of(error)) or RunReason.SAID(text="")
        parsed.problems.append(ImportReason.CELL(field=label_of(kind, one.name), error=told))
        return
    parsed.values[one.name] = value
    if one.doubt and (doubt := one.doubt(value)):
        parsed.hints.append(ImportReason.CELL(field=label_of(kind, one.name), error=doubt))


def example_rows(kind: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a file that shows what may be in one."""
    fields = [one for one in FIELDS[kind] if one.name != "id"]
    return [str(one.label) for one in fields], [[one.example for one in fields]]
