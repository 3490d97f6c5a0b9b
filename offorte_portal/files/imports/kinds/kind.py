"""The base of all kinds of records that can be imported."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple

from django.contrib.auth.models import User
from django.db.models import Count

from offorte_portal.connections.models import Connection
from offorte_portal.files.imports.keys import Index, Keys, Known
from offorte_portal.mirror.models import Mirrored
from offorte_portal.text.countries import country_code
from offorte_portal.text.keys import match_key
from offorte_portal.text.reason import Reason

Values = dict[str, Any]
ADDRESS_TEXTS = frozenset(
    ("street", "zipcode", "city", "state", "phone", "internet", "linkedin", "facebook", "twitter")
)


class Correction(NamedTuple):
    """What a row changes of what only the portal keeps: as a verdict's changes, and what it was and becomes as JSON."""

    changes: list[list[Any]]
    before: dict[str, Any]
    after: dict[str, Any]


class Kind(ABC):
    """How rows of one kind are recognised and written, in one account.

    `order`, `strict` and `doubtful` are those of `Index`; `columns` are the fields of a record that its keys and its
    name are made of; `key_fields` is the field behind each kind of key; `texts` are the fields of which a part is worth
    less than the whole. With `is_once` a second row about a record is a problem, however it names it.
    """

    model: ClassVar[type[Mirrored]]
    target: ClassVar[str]
    order: ClassVar[tuple[str, ...]]
    strict: ClassVar[tuple[str, ...]] = ()
    doubtful: ClassVar[tuple[str, ...]] = ()
    columns: ClassVar[tuple[str, ...]]
    key_fields: ClassVar[Mapping[str, str]]
    texts: ClassVar[frozenset[str]]
    is_once: ClassVar[bool] = False

    def __init__(self, connection: Connection, options: Mapping[str, Any], by: User) -> None:
        """Take the account and the options of the upload, and the person who made it."""
        self.connection = connection
        self.options = options
        self.by = by
        self._countries: dict[str, str] | None = None

    def index(self) -> Index:
        """Return an index of the account's records by their keys, read with one query."""
        index = Index(self.order, self.strict, self.doubtful)
        for row in self.present().values("remote_id", *self.columns).iterator():
            known = Known(self.name_of(row), self.recognise(row), remote_id=row["remote_id"])
            index.add(known)
        return index

    def present(self) -> Any:
        """Return the account's records that are neither removed nor hidden at Offorte."""
        return self.model._default_manager.filter(connection=self.connection, removed_at__isnull=True, is_hidden=False)

    def prepare(self, values: Values, hints: list[Reason]) -> Iterator[Reason]:
        """Replace names by ids in the values of a row; yield its problems, and add what a person should check."""
        return iter(())

    def findings(self) -> dict[str, Any]:
        """Return what was found about the whole file once its rows are prepared, to be stored with its options."""
        return {}

    def settle_country(self, values: Values) -> None:
        """Write a country as most records of the account do, where it is known which one it is."""
        if code := country_code(values.get("country", "")):
            if self._countries is None:
                self._countries = self._find_countries()
            values["country"] = self._countries.get(code, values["country"])

    def _find_countries(self) -> dict[str, str]:
        """Return how the account writes each country: as most of its records do."""
        counted = self.present().exclude(country="").order_by().values_list("country").annotate(n=Count("pk"))
        spellings = sorted(counted, key=itemgetter(1))
        return {code: country for country, _number in spellings if (code := country_code(country))}

    @abstractmethod
    def recognise(self, values: Values) -> Keys:
        """Return the keys by which a row or a record with these values is recognised."""

    @abstractmethod
    def name_of(self, values: Values) -> str:
        """Return the name of a row or a record with these values."""

    def draft(self, values: Values) -> Values:
        """Return what is sent to Offorte to change a record."""
        return {name: value for name, value in values.items() if name not in {"id", "parent"}}

    def company_to_create(self, values: Values) -> Values | None:
        """Return the draft of the company to create before this row's record; None for none."""
        return None

    def creation(self, values: Values) -> Values:
        """Return what is sent to Offorte to create a record."""
        return self.draft(values)

    def parent(self, values: Values) -> int | None:
        """Return Offorte's id of the parent of a new record; None where it has none."""
        return None

    def refuse_creation(self, values: Values) -> Reason | None:
        """Return why the row can't become a new record; None where it can."""
        return None

    def loss(self, values: Values) -> dict[str, Any]:
        """Return why the row's proposal is lost, as `losses.to_options` writes it; {} where it isn't."""
        return {}

    def look_up(self, records: Iterable[Any]) -> None:  # noqa: B027  # most kinds need nothing else
        """Read what else has to be known of the records that the next rows are about; nothing by default."""

    def correct(self, values: Values, row: Any) -> Correction | None:
        """Return what the row changes of what only the portal keeps about this record; None for nothing."""
        return None

    def refuse_change(self, values: Values, row: Any) -> Reason | None:
        """Return why the row can't change this record; None where it can."""
        return None


class Named:
    """Finds the records of an account that have a name or an id."""

    def __init__(self, rows: Iterable[tuple[int, str]]) -> None:
        self._ids: set[int] = set()
        self._names: dict[str, list[int]] = defaultdict(list)
        for remote_id, name in rows:
            self._ids.add(remote_id)
            self._names[match_key(name)].append(remote_id)

    def find(self, text: str, *, is_id: bool = True) -> list[int]:
        """Return the ids of the records with this name, or else, with `is_id`, of the record with this id."""
        named = self._names.get(match_key(text), [])
        if named or not (is_id and text.isascii() and text.isdecimal() and int(text) in self._ids):
            return named
        return [int(text)]


def text(values: Values, name: str) -> str:
    """Return a value as text; "" for none."""
    return str(values.get(name) or "")


def known_id(values: Values) -> str:
    """Return Offorte's ID from the values of a row or of a record; "" for none."""
    return text(values, "id") or text(values, "remote_id")
