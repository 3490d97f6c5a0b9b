"""The fields of each kind of file, and which columns hold them, guessed from the names of the columns."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from itertools import pairwise
from operator import itemgetter

from offorte_portal.files.imports.company_fields import COMPANIES
from offorte_portal.files.imports.fields import IN_ADDRESS, Field
from offorte_portal.files.imports.headings import (
    Heading,
    behind_street,
    meanings_of_program,
    plain,
    read_heading,
)
from offorte_portal.files.imports.people_fields import PEOPLE
from offorte_portal.files.imports.product_fields import PRODUCTS
from offorte_portal.files.imports.proposal_fields import PROPOSALS
from offorte_portal.files.imports.status_fields import STATUSES
from offorte_portal.files.models import Upload

# {field: name of the column}. Further columns of a field are those of "phone.2", "phone.3" and so on, in the order in
# which they are used; "street.2" and "city.2" are of one address.
Columns = dict[str, str]
FIELDS: dict[str, Sequence[Field]] = {
    Upload.Kind.COMPANIES: COMPANIES,
    Upload.Kind.PEOPLE: PEOPLE,
    Upload.Kind.PRODUCTS: PRODUCTS,
    Upload.Kind.PROPOSALS: PROPOSALS,
    Upload.Kind.STATUSES: STATUSES,
}


def field_of(key: str) -> str:
    """Return the field of a key of `Columns`: "phone" for "phone.2"."""
    return key.partition(".")[0]


def fields_of(kind: str) -> dict[str, Field]:
    """Return the fields of this kind by name."""
    return {definition.name: definition for definition in FIELDS[kind]}


def is_heading(kind: str) -> Callable[[str], bool]:
    """Return a function that says whether a text is a known name of a column of a file of this kind."""
    words = _words(kind)
    return lambda text: any(reading in words for reading in _read(text, kind).readings)


def _words(kind: str) -> dict[str, list[tuple[int, int, Field]]]:
    """Return the plain names that columns may have, each with its place among those of a field, and the fields."""
    found: dict[str, list[tuple[int, int, Field]]] = defaultdict(list)
    for order, definition in enumerate(FIELDS[kind]):
        for place, word in enumerate(_words_of(definition)):
            found[word].append((place, order, definition))
    return found


def _words_of(definition: Field) -> list[str]:
    names = (definition.name, str(definition.label), *definition.words, *definition.spare)
    return list(dict.fromkeys(map(plain, names)))


def _read(column: str, kind: str) -> Heading:
    return read_heading(column, kind, _qualified(kind))


@cache
def _qualified(kind: str) -> frozenset[str]:
    """Return the plain names of columns that a file may have several of."""
    fields = [definition for definition in FIELDS[kind] if definition.is_repeatable]
    return frozenset(plain(word) for field in fields for word in (*field.words, *field.spare))


def guess(kind: str, header: Sequence[str], empty: Collection[str] = ()) -> Columns:
    """Guess the columns of each field from the names of the columns; use no column twice.

    `empty` are the columns without a value, which are only used where no other holds the field.
    """
    words = _words(kind)
    headings = {column: _read(column, kind) for column in header}
    meant = meanings_of_program({plain(column) for column in header})
    candidates = []
    for index, column in enumerate(header):
        for depth, reading in enumerate(headings[column].readings):
            named = meant.get(reading)
            for place, order, definition in words.get(reading, ()):
                if (named or definition.name) == definition.name and (definition.name != "id" or not depth):
                    candidates.append((depth, place, order, column in empty, index, column, definition))
            if named:
                candidates.append((-1, 0, 0, False, index, column, fields_of(kind)[named]))
    chosen: dict[str, str] = {}
    for *_rank, column, definition in sorted(candidates, key=itemgetter(slice(5))):
        if column not in chosen and (definition.is_repeatable or definition.name not in chosen.values()):
            chosen[column] = definition.name
    for before, column in pairwise(header):
        number = behind_street(headings[column])
        if number in fields_of(kind) and chosen.get(before) in {"street", "house_number", "addition"}:
            chosen.setdefault(column, number)
    return arrange(kind, header, chosen)


def arrange(kind: str, header: Sequence[str], chosen: Mapping[str, str]) -> Columns:
    """Return the columns of each field for the field of each column, the columns of one field in order."""
    definitions = fields_of(kind)
    # By field the columns, each with the rank and number of its qualifier, whether it is spare, and its place.
    found: dict[str, list[tuple[int, int, bool, int, str]]] = defaultdict(list)
    for index, column in enumerate(header):
        if definition := definitions.get(chosen.get(column, "")):
            heading = _read(column, kind)
            reading = next((reading for reading in heading.readings if reading in _words_of(definition)), "")
            is_spare = reading in set(map(plain, definition.spare))
            # In "Address line 2", the number is not that of the address.
            number = 0 if any(letter.isdecimal() for letter in reading) else heading.number
            found[definition.name].append((heading.rank, number, is_spare, index, column))
    addresses = sorted({place[:2] for field in IN_ADDRESS for place in found.get(field, ())})
    columns: Columns = {}
    for definition in FIELDS[kind]:
        is_address, last = definition.name in IN_ADDRESS, 0
        for place in sorted(found.get(definition.name, ()), key=None if is_address else itemgetter(2, 0, 1, 3)):
            last = max(last + 1, addresses.index(place[:2]) + 1 if is_address else 0)
            columns[definition.name if last == 1 else f"{definition.name}.{last}"] = place[-1]
    return columns
