"""What rows and records are recognised by, from what is sure to what is likely."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# By kind of key; a key that is not told is left out.
Keys = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """A record of Offorte (`remote_id`), or an earlier row of the file (`number`)."""

    label: str
    keys: Keys
    remote_id: int | None = None
    number: int | None = None


class Match(NamedTuple):
    """What was found, and by which kind of key."""

    kind: str
    known: list[Known]


@dataclass
class Index:
    """Finds records by their keys. `order` goes from sure to likely.

    Two things that differ in a kind of `strict` are not the same, whatever less sure they have in common. Kinds of
    `doubtful` only suggest it.
    """

    order: Sequence[str]
    strict: Sequence[str]
    doubtful: Sequence[str]
    _places: dict[tuple[str, str], list[Known]] = field(default_factory=lambda: defaultdict(list))

    def add(self, known: Known) -> None:
        """Make a record known."""
        for kind, value in known.keys.items():
            self._places[kind, value].append(known)

    def find(self, keys: Keys) -> Match | None:
        """The records with the same key of the surest kind that any has."""
        for kind in self.order:
            found = [one for one in self._at(kind, keys) if not self._differs(one, keys)]
            if found:
                return Match(kind, found)
        return None

    def suggest(self, keys: Keys) -> Match | None:
        """The records that have anything in common with these keys."""
        for kind in (*self.order, *self.doubtful):
            if found := list(self._at(kind, keys)):
                return Match(kind, found)
        return None

    def _at(self, kind: str, keys: Keys) -> Iterator[Known]:
        value = keys.get(kind)
        yield from self._places.get((kind, value), ()) if value else ()

    def _differs(self, known: Known, keys: Keys) -> bool:
        told = (kind for kind in self.strict if kind in keys and kind in known.keys)
        return any(keys[kind] != known.keys[kind] for kind in told)


def told(**keys: str) -> Keys:
    """Keys without those that are empty."""
    return {kind: value for kind, value in keys.items() if value}
