"""Customers and products of other systems, by the names of Offorte's fields."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeAlias

from offorte_portal.other_systems.systems.answers import Raw
from offorte_portal.text.reason import Reason

MovedKind: TypeAlias = Literal["company", "person", "directory", "product"]
# The names of what other lists refer to by id: {"unit": {"1": "piece"}}.
Names: TypeAlias = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Moved:
    """A company, person, directory or product as it would be created in Offorte.

    `values` are Offorte's parameters as text, without empty ones; `facts` what Offorte has no parameter for: number,
    vat (a percentage) and currency. `parent` is the id of a person's company or of a product's directory. `obstacle`
    says why it can't be created whatever a person chooses.
    """

    kind: MovedKind
    external_id: str
    name: str
    parent: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Reason, ...] = ()
    obstacle: Reason | None = None


class Mover(ABC):
    """Interprets the entries of a system's whole lists. Makes no requests."""

    # The lists in the order in which they are read: companies before people, directories before products. By name, the
    # kind of what an entry becomes; "" for a list that only has names for other lists.
    lists: ClassVar[Mapping[str, MovedKind | Literal[""]]] = {}

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = options

    @abstractmethod
    def map(self, kind: str, raw: Raw, names: Names) -> Moved | None:
        """Return what an entry of this list becomes, None for nothing. Never raises for what the entry lacks."""

    def name(self, kind: str, raw: Raw) -> str:
        """Return the name that other lists refer to by the entry's id."""
        name = raw.get("name")
        return name.strip() if isinstance(name, str) else ""
