"""What is known of the columns of a file, and the values that its rows have by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.files.imports.fields import IN_ADDRESS, Field
from offorte_portal.files.imports.guessing import FIELDS, Columns, field_of, fields_of, guess
from offorte_portal.files.imports.headings import spelled
from offorte_portal.files.imports.joining import join_parts, sort_phones
from offorte_portal.files.imports.parsing import unguard
from offorte_portal.files.models import ColumnMapping, Upload
from offorte_portal.files.reasons import ImportReason
from offorte_portal.runs.reasons import RunReason, join, name, reasons_of
from offorte_portal.text.keys import match_key
from offorte_portal.text.reason import Reason

__all__ = ["FIELDS", "Columns", "Parsed", "check", "example_rows", "guess", "label_of", "parse_row", "recall"]

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


def label_of(kind: str, field: str) -> Reason:
    """Return the label of a field of this kind, as a value of a reason."""
    return _NAMES[str(kind), field]


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
    return blake2b("\n".join(sorted(match_key(name) for name in header)).encode(), digest_size=16).hexdigest()


def check(kind: str, header: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with a choice of columns, by field; empty where nothing is."""
    problems: dict[str, str] = {}
    taken: dict[str, Field] = {}
    definitions = fields_of(kind)
    for key, column in columns.items():
        definition = definitions.get(field_of(key))
        if definition is None:
            continue
        if column not in header:
            problems[definition.name] = _("The file has no column “%s”.") % column
        elif column in taken:
            problems[definition.name] = _("This column is already used for “%s”.") % taken[column].label
        else:
            taken[column] = definition
    for definition in FIELDS[kind]:
        # A field may be made of others, and is not needed in a file with a column of Offorte IDs.
        enough = (definition.name, "id", *MADE_OF.get((Upload.Kind(kind), definition.name), ()))
        if definition.is_required and not any(name in columns for name in enough):
            problems.setdefault(definition.name, _("Choose a column for this."))
    return problems


@dataclass(slots=True)
class Parsed:
    """The parsed cells of a row: values by field (empty cells have none), problems and hints."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Reason] = field(default_factory=list)
    hints: list[Reason] = field(default_factory=list)


def parse_row(kind: str, header: Sequence[str], columns: Mapping[str, str], cells: Sequence[str]) -> Parsed:
    """Parse the cells of a row by these columns. Problems name the field, so that a person finds the cell."""
    parsed = Parsed()
    places = {name: index for index, name in enumerate(header)}
    filled: dict[str, str] = {}
    for key, column in columns.items():
        try:
            if column in places and (text := unguard(cells[places[column]])):
                filled[key] = text
        except ValidationError as error:
            parsed.problems.append(_cell_problem(kind, field_of(key), error))
    sort_phones(filled)
    left = _leave_addresses(filled)
    for definition in FIELDS[kind]:
        keys = [key for key in filled if field_of(key) == definition.name]
        values = [(key, part) for key in keys for part in (definition.split or _whole)(filled[key])]
        if values:
            left += _parse_first(kind, definition, values, parsed)
    left += [(name, text) for name, text in join_parts(parsed.values)]
    if left:
        texts = (f"{columns.get(key, key)}: {text[:60]}" for key, text in left)
        parsed.hints.append(ImportReason.VALUES_LEFT_OUT(values="; ".join(texts)))
    return parsed


def _whole(text: str) -> list[str]:
    return [text]


def _parse_first(kind: str, definition: Field, values: list[tuple[str, str]], parsed: Parsed) -> list[tuple[str, str]]:
    """Parse the first of these values that is right, or note what is wrong with the first; return the others."""
    problem: Reason | None = None
    for place, (_key, text) in enumerate(values):
        try:
            value = definition.parse(text)
        except ValidationError as error:
            problem = problem or _cell_problem(kind, definition.name, error)
            continue
        parsed.values[definition.name] = value
        if definition.check and (warning := definition.check(value)):
            parsed.hints.append(ImportReason.CELL(field=label_of(kind, definition.name), error=warning))
        others = values[:place] + values[place + 1 :]
        return [(key, other) for key, other in others if not _is_same(definition, value, text, other)]
    if problem:
        parsed.problems.append(problem)
    return []


def _is_same(definition: Field, value: Any, text: str, other: str) -> bool:
    """Return whether another text says the same: spelled otherwise, or parsed to the same."""
    try:
        return spelled(other) == spelled(text) or bool(definition.parse(other) == value)
    except ValidationError:
        return False


def _leave_addresses(filled: dict[str, str]) -> list[tuple[str, str]]:
    """Remove all addresses but the first one that is more than a country, and return what they had."""
    numbers = sorted({(_number(key), field_of(key) in {"country", "state"}) for key in filled if _is_of_address(key)})
    used = next((number for number, is_vague in numbers if not is_vague), numbers[0][0] if numbers else 0)
    others = [key for key in filled if _is_of_address(key) and _number(key) != used]
    return [(key, filled.pop(key)) for key in others]


def _is_of_address(key: str) -> bool:
    return field_of(key) in IN_ADDRESS


def _number(key: str) -> int:
    return int(key.partition(".")[2] or 1)


def _cell_problem(kind: str, field: str, error: ValidationError) -> Reason:
    reason = join(reasons_of(error)) or RunReason.SAID(text="")
    return ImportReason.CELL(field=label_of(kind, field), error=reason)


def example_rows(kind: str) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of an example file."""
    fields = [definition for definition in FIELDS[kind] if not definition.is_part and definition.name != "id"]
    return [str(definition.label) for definition in fields], [[definition.example for definition in fields]]
