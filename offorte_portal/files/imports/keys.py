"""The keys by which rows and records are recognised, from certain to likely."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# The values by kind of key; empty ones are left out.
Keys = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """A record of Offorte (`remote_id`), or an earlier row of the file (`number`)."""

    label: str
    keys: Keys
    remote_id: int | None = None
    number: int | None = None


class Match(NamedTuple):
    """The records and rows that were found, and by which kind of key."""

    kind: str
    known: list[Known]


@dataclass
class Index:
    """Finds records by their keys; `order` lists the kinds of keys from certain to likely.

    Two records with different keys of a `strict` kind are not the same, whatever else they have in common. Keys of a
    `doubtful` kind only suggest that they are.
    """

    order: Sequence[str]
    strict: Sequence[str]
    doubtful: Sequence[str]
    _places: dict[tuple[str, str], list[Known]] = field(default_factory=lambda: defaultdict(list))

    def add(self, known: Known) -> None:
        """Add a record, so that it can be found by its keys."""
        for kind, value in known.keys.items():
            self._places[kind, value].append(known)

    def find(self, keys: Keys) -> Match | None:
        """Return the records with the same key, of the most certain kind that has any; None where there are none."""
        for kind in self.order:
            found = [known for known in self._at(kind, keys) if not self._differs(known, keys)]
            if found:
                return Match(kind, found)
        return None

    def suggest(self, keys: Keys) -> Match | None:
        """Return the records with the same key, also of a doubtful kind or with other strict keys; None for none."""
        for kind in (*self.order, *self.doubtful):
            if found := list(self._at(kind, keys)):
                return Match(kind, found)
        return None

    def _at(self, kind: str, keys: Keys) -> Iterator[Known]:
        value = keys.get(kind)
        yield from self._places.get((kind, value), ()) if value else ()

    def _differs(self, known: Known, keys: Keys) -> bool:
        shared = (kind for kind in self.strict if kind in keys and kind in known.keys)
        return any(keys[kind] != known.keys[kind] for kind in shared)


def told(**keys: str) -> Keys:
    """Return the keys that are not empty."""
    return {kind: value for kind, value in keys.items() if value}
