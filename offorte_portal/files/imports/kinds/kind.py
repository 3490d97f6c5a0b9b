"""How rows of a file are recognised and written, whatever they are."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from offorte_portal.connections.models import Connection
from offorte_portal.files.imports.keys import Index, Keys, Known
from offorte_portal.mirror.models import Mirrored
from offorte_portal.text.reason import Reason
from offorte_portal.writes.asking import fold

Values = dict[str, Any]


class Kind(ABC):
    """How rows of one kind are recognised and written, in one account.

    `order`, `strict` and `doubtful` are those of `Index`; `columns` what `recognise` reads of a record; `key_fields`
    the field behind each kind of key.
    """

    model: ClassVar[type[Mirrored]]
    target: ClassVar[str]
    order: ClassVar[tuple[str, ...]]
    strict: ClassVar[tuple[str, ...]] = ()
    doubtful: ClassVar[tuple[str, ...]] = ()
    columns: ClassVar[tuple[str, ...]]
    key_fields: ClassVar[Mapping[str, str]]

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def index(self) -> Index:
        """Every record of the account, by its keys; one query."""
        index = Index(self.order, self.strict, self.doubtful)
        for row in self.present().values("remote_id", *self.columns).iterator():
            known = Known(self.name_of(row), self.recognise(row), remote_id=row["remote_id"])
            index.add(known)
        return index

    def present(self) -> Any:
        """The records that Offorte still has."""
        return self.model._default_manager.filter(connection=self.connection, removed_at__isnull=True, is_hidden=False)

    def prepare(self, values: Values) -> Iterator[Reason]:
        """Put ids in the place of names in the values of a row; answer what is wrong with it."""
        return iter(())

    @abstractmethod
    def recognise(self, values: Values) -> Keys:
        """What a row or a record is recognised by, from its values."""

    @abstractmethod
    def name_of(self, values: Values) -> str:
        """What it is called."""

    def draft(self, values: Values) -> Values:
        """What Offorte is sent of a record that is there."""
        return {name: value for name, value in values.items() if name not in {"id", "parent"}}

    def creation(self, values: Values) -> Values:
        """What Offorte is sent of a new one."""
        return self.draft(values)

    def parent(self, values: Values) -> int | None:
        """Offorte's id of what a new one lies in."""
        return None

    def refuse_change(self, values: Values, row: Any) -> Reason | None:
        """Why the row can't change this record; None where it can."""
        return None


class Named:
    """Finds the one thing of an account that is called so."""

    def __init__(self, rows: Iterable[tuple[int, str]]) -> None:
        self._ids: set[int] = set()
        self._names: dict[str, list[int]] = defaultdict(list)
        for remote_id, name in rows:
            self._ids.add(remote_id)
            self._names[fold(name)].append(remote_id)

    def find(self, text: str, *, is_id: bool = True) -> list[int]:
        """The ids of what has this name, else this id."""
        named = self._names.get(fold(text), [])
        if named or not (is_id and text.isascii() and text.isdecimal() and int(text) in self._ids):
            return named
        return [int(text)]


def text(values: Values, name: str) -> str:
    """A value as text; "" for none."""
    return str(values.get(name) or "")


def known_id(values: Values) -> str:
    """Offorte's ID, as a row tells it or as a record has it."""
    return text(values, "id") or text(values, "remote_id")
