"""The interface of every other system, and all that the portal knows of one."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, ClassVar, Literal, NamedTuple, TypeAlias

from django.utils.translation import gettext as _

from offorte_portal.other_systems.reasons import Thing
from offorte_portal.other_systems.systems.answers import Raw
from offorte_portal.other_systems.systems.http import Access, Credentials, File, Http
from offorte_portal.other_systems.systems.moved import Mover
from offorte_portal.other_systems.systems.quote import Quote
from offorte_portal.text.reason import Reason

Options: TypeAlias = Mapping[str, Any]


class RecordKey(NamedTuple):
    """The key of an item other than a quote, for example ("account", "310")."""

    kind: str
    external_id: str


# The records that were read, and why others could not be; what is in neither way there has not been read yet.
Records: TypeAlias = Mapping[RecordKey, Raw | Reason]
NO_RECORDS: Records = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Item:
    """A quote or a record in a list. Without `raw` it has to be read by itself, unless `mark` is the same as last time.

    A quote with an empty mark is always read.
    """

    external_id: str
    raw: Raw | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list. `next` is the cursor of the page after it, "" after the last.

    `unreadable` is the number of items without an id.
    """

    items: list[Item]
    next: str = ""
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """A record that a quote's mapping needs. It is read again after a week, or when it gets another `mark`."""

    key: RecordKey
    mark: str = ""


class Reader(ABC):
    """Makes the requests to one system. Every method makes as few as possible, mostly one, and raises SourceError."""

    # Whether `read_page` can leave out what has not changed after `since`.
    is_incremental: ClassVar[bool] = False
    # The kinds of records that `list_records` gives.
    listed_kinds: ClassVar[tuple[str, ...]] = ()

    def __init__(self, http: Http, options: Options) -> None:
        self.http = http
        self.options = options

    @abstractmethod
    def read_page(self, cursor: str, since: datetime | None = None) -> Page:
        """Return the page of the list at `cursor` ("" is the beginning); only changes after `since`, if it can."""

    def skip(self, cursor: str) -> str:
        """Return the cursor of the page after one that can't be read."""
        return str(int(cursor) + 1)

    @abstractmethod
    def get(self, external_id: str) -> Raw:
        """Return one quote. Raises Missing where there is none."""

    def get_record(self, key: RecordKey) -> Raw:
        """Return one of the records that the mapper's `references` names. Raises Missing where there is none."""
        raise NotImplementedError

    def list_records(self, kind: str) -> list[Item]:
        """Return all records of a kind in `listed_kinds` with one request; those without `raw` are not complete."""
        raise NotImplementedError

    def read_list(self, kind: str, cursor: str) -> Page:
        """Return a page of a list that `System.mover` names, at `cursor` ("" is the beginning), with complete items."""
        raise NotImplementedError

    def list_statuses(self) -> dict[str, str]:
        """Return the names of the system's own statuses by key, for the table of statuses; {} where it has no list."""
        return {}

    def list_layouts(self) -> list[str]:
        """Return the names of the system's layouts for quotes; [] where it has no list of them."""
        return []

    def download(self, key: str) -> File:
        """Return a document of a quote, by its key."""
        raise NotImplementedError


class Mapper(ABC):
    """Interprets a system's answers. Makes no requests, so that it can be repeated when a setting changes."""

    def __init__(self, options: Options) -> None:
        self.options = options

    def references(self, raw: Raw, records: Records = NO_RECORDS) -> list[Reference]:
        """Return the records that have to be read for this quote; a record that was read may name further ones."""
        return []

    @abstractmethod
    def map(self, raw: Raw, records: Records) -> Quote:
        """Return the quote. Never raises for what the answer lacks: that becomes a note."""


@dataclass(frozen=True, slots=True)
class Option:
    """A setting of a connection. `choices` are (value, label); `default` is used for an empty one.

    A setting of the kind "calibration" is not entered but calculated (`other_systems/calibration.py`).
    """

    name: str
    label: str
    kind: Literal["text", "url", "number", "choice", "statuses", "paths", "flag", "calibration"] = "text"
    default: Any = ""
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that no reference documents, and how to find it out."""

    what: str
    how: str


@dataclass(frozen=True, slots=True)
class Readable:
    """A kind of thing that is read: what it is called, and the right that this needs, as far as it is known."""

    thing: Thing
    right: str = ""


@dataclass(frozen=True, slots=True)
class System:
    """One of the other systems, as pages and imports know it."""

    name: str
    label: str
    thing: str
    reader: type[Reader]
    mapper: type[Mapper]
    authenticate: Callable[[Options, Credentials], Access]
    secret_label: str
    secret_help: str
    base_url: str = ""
    base_url_help: str = ""
    # By the kind of record, and "quote" for the quotes themselves.
    readables: Mapping[str, Readable] = field(default_factory=lambda: {"quote": Readable(Thing.QUOTES)})
    options: tuple[Option, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    warning: str = ""
    # The day on which its vendor ends the API, and what is said instead of `warning` from then on.
    ends_on: date | None = None
    ended: str = ""
    # Interprets whole lists of customers and products; None where the system has none that can be read.
    mover: type[Mover] | None = None
    is_beta: bool = False
    requests_per_second: float = 5
    # Increased when the mapper changes, so that stored answers are mapped again.
    version: int = 1
    # Names of fields whose values are not stored, besides those that are secrets in every system.
    secret_names: frozenset[str] = frozenset()

    @property
    def is_calibrated(self) -> bool:
        """Whether amounts have a known unit only once a person has entered one of them."""
        return any(option.kind == "calibration" for option in self.options)

    def notice(self, today: date) -> str:
        """Return what people have to know before they use this system, in their language; "" for nothing."""
        text = self.ended if self.ends_on and today >= self.ends_on else self.warning
        return _(text) if text else ""

    def complete(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return all options, with defaults for those that are empty."""
        return {
            option.name: option.default if given.get(option.name) in (None, "", {}) else given[option.name]
            for option in self.options
        }
