"""Maps the columns of a file to fields: guessed from the header, remembered, or chosen by a person."""

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
    (str(kind), definition.name): name(f"files.{kind}.{definition.name}", definition.label)
    for kind, fields in FIELDS.items()
    for definition in fields
}
# Fields that may take the place of a required one: a column with any of these is enough.
MADE_OF = {
    (Upload.Kind.PEOPLE, "fullname"): ("firstname", "lastname"),
    (Upload.Kind.PROPOSALS, "company"): ("company_id", "vat_number", "coc_number"),
}


@dataclass(slots=True)
class Parsed:
    """The parsed cells of a row: values by field (empty cells have none), problems and hints."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Reason] = field(default_factory=list)
    hints: list[Reason] = field(default_factory=list)


def label_of(kind: str, field: str) -> Reason:
    """Return the label of a field of this kind, as a value of a reason."""
    return _NAMES[str(kind), field]


def known_words(kind: str) -> set[str]:
    """Return the names that columns of a file of this kind may have, folded, for `read_table`."""
    return {word for definition in FIELDS[kind] for word in words_of(definition)}


def words_of(one: Field) -> list[str]:
    """Return the names that a column with this field may have, folded."""
    return [fold(word) for word in (one.name, str(one.label), *one.words)]


def guess(kind: str, header: Sequence[str]) -> Columns:
    """Guess the column of each field from the names of the columns; use no column twice."""
    columns: Columns = {}
    free = {fold(name): name for name in reversed(header)}
    # The first word of every field is tried before the second word of any.
    most = max(len(words_of(definition)) for definition in FIELDS[kind])
    for place in range(most):
        for definition in FIELDS[kind]:
            words = words_of(definition)
            if definition.name not in columns and place < len(words) and words[place] in free:
                columns[definition.name] = free.pop(words[place])
    return columns


def recall(user: User, kind: str, header: Sequence[str]) -> Columns | None:
    """Return what the person last chose for a file with these columns; None where they never did."""
    kept = ColumnMapping.objects.filter(user=user, kind=kind, header_key=header_key(header)).first()
    return dict(kept.mapping) if kept else None


def remember(user: User, kind: str, header: Sequence[str], columns: Columns) -> None:
    """Store what the person chose, for the next file with these columns."""
    ColumnMapping.objects.update_or_create(
        user=user,
        kind=kind,
        header_key=header_key(header),
        defaults={"mapping": columns, "changed_at": ports.now()},
    )


def header_key(header: Sequence[str]) -> str:
    """Return a digest of the names of the columns that does not depend on their order."""
    return blake2b("\n".join(sorted(fold(name) for name in header)).encode(), digest_size=16).hexdigest()


def check(kind: str, header: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with a choice of columns, by field; empty where nothing is."""
    problems: dict[str, str] = {}
    taken: dict[str, Field] = {}
    for definition in FIELDS[kind]:
        column = columns.get(definition.name)
        if column is None:
            # A field may be made of others, and is not needed in a file with a column of Offorte IDs.
            enough = ("id", *MADE_OF.get((Upload.Kind(kind), definition.name), ()))
            if definition.is_required and not any(name in columns for name in enough):
                problems[definition.name] = _("Choose the column with this.")
        elif column not in header:
            problems[definition.name] = _("The file has no column “%s”.") % column
        elif column in taken:
            problems[definition.name] = _("This column is taken for “%s” already.") % taken[column].label
        else:
            taken[column] = definition
    return problems


def parse_row(kind: str, header: Sequence[str], columns: Mapping[str, str], cells: Sequence[str]) -> Parsed:
    """Parse the cells of a row by these columns. Problems name the field, so that a person finds the cell."""
    parsed = Parsed()
    places = {name: index for index, name in enumerate(header)}
    for definition in FIELDS[kind]:
        if definition.name not in columns:
            continue
        try:
            text = unguard(cells[places[columns[definition.name]]])
            if not text:
                continue
            value = definition.parse(text)
        except ValidationError as error:
            reason = join(reasons_of(error)) or RunReason.SAID(text="")
            parsed.problems.append(ImportReason.CELL(field=label_of(kind, definition.name), error=reason))
            continue
        parsed.values[definition.name] = value
        if definition.check and (warning := definition.check(value)):
            parsed.hints.append(ImportReason.CELL(field=label_of(kind, definition.name), error=warning))
    return parsed


def example_rows(kind: str) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of an example file."""
    fields = [definition for definition in FIELDS[kind] if definition.name != "id"]
    return [str(definition.label) for definition in fields], [[definition.example for definition in fields]]
