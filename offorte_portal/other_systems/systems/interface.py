"""What every system has to offer: the portal's only view of it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, NamedTuple, TypeAlias

from offorte_portal.other_systems.systems.answers import Raw
from offorte_portal.other_systems.systems.http import Access, Credentials, File, Http
from offorte_portal.other_systems.systems.quote import Quote

Options: TypeAlias = Mapping[str, Any]


class RecordKey(NamedTuple):
    """A thing beside the quotes: ("account", "310")."""

    kind: str
    external_id: str


Records: TypeAlias = Mapping[RecordKey, Raw]


@dataclass(frozen=True, slots=True)
class Item:
    """A quote as a list shows it. Without `raw` it has to be got by itself, where `mark` is not the one known already.

    An empty mark says nothing.
    """

    external_id: str
    raw: Raw | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list; `next` asks for the part after it, "" after the last. `unreadable` items have no id."""

    items: list[Item]
    next: str = ""
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """A thing that a quote's mapping needs. It is read anew when `mark` changes; with an empty one in every import."""

    key: RecordKey
    mark: str = ""


class Reader(ABC):
    """Asks one system. Every method makes as few requests as it can, mostly one, and raises SourceError."""

    # Whether `read_page` can leave out what has not changed since.
    is_incremental: ClassVar[bool] = False

    def __init__(self, http: Http, options: Options) -> None:
        self.http = http
        self.options = options

    @abstractmethod
    def read_page(self, cursor: str, since: datetime | None = None) -> Page:
        """A part of the list, from `cursor` on ("" is the beginning); only what changed after `since`, if it can."""

    @abstractmethod
    def get(self, external_id: str) -> Raw:
        """One quote; raises Missing where there is none."""

    def get_record(self, key: RecordKey) -> Raw:
        """One of the things that the mapper's `references` names; raises Missing where there is none."""
        raise NotImplementedError

    def list_statuses(self) -> dict[str, str]:
        """The system's own statuses by key, where it can be asked for them: for the table of statuses."""
        return {}

    def list_layouts(self) -> list[str]:
        """What the system's layouts for quotes are called, where it has any and can be asked for them."""
        return []

    def download(self, key: str) -> File:
        """A document of a quote, by its key."""
        raise NotImplementedError


class Mapper(ABC):
    """Says what a system's answers mean; asks nothing, so that it can be done again when a setting changes."""

    def __init__(self, options: Options) -> None:
        self.options = options

    def references(self, raw: Raw) -> list[Reference]:
        """What else has to be read for this quote."""
        return []

    @abstractmethod
    def map(self, raw: Raw, records: Records) -> Quote:
        """The quote. Never raises for what the answer lacks: that becomes a note."""


@dataclass(frozen=True, slots=True)
class Option:
    """A setting of a connection. `choices` are (value, label); `default` is what an empty one means.

    One of the kind "calibration" is not typed in but worked out (`other_systems/calibration.py`).
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
    """Something that no reference says, and how to settle it."""

    what: str
    how: str


@dataclass(frozen=True, slots=True)
class System:
    """One of the systems, as pages and the engine know it."""

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
    options: tuple[Option, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    warning: str = ""
    is_beta: bool = False
    requests_per_second: float = 5
    # Raised when the mapper changes, so that what is stored is mapped anew.
    version: int = 1
    # Fields whose values are not kept, beside those that are secrets anywhere.
    secret_names: frozenset[str] = frozenset()

    @property
    def is_calibrated(self) -> bool:
        """Whether amounts mean something only once a person has said what one of them is."""
        return any(option.kind == "calibration" for option in self.options)

    def complete(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """All options, with defaults for those that are empty."""
        return {
            option.name: option.default if given.get(option.name) in (None, "", {}) else given[option.name]
            for option in self.options
        }
