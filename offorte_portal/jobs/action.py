"""What a bulk action is: which rows it leaves out, and what it writes to Offorte for each of the others."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, NamedTuple, TypeAlias, TypeVar

from django.contrib.auth.models import User
from django.db.models import Q
from django.db.models.expressions import Combinable
from django_stubs_ext import StrOrPromise

from offorte_portal.mirror.models import Mirrored
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation

M = TypeVar("M", bound=Mirrored)
Options: TypeAlias = dict[str, Any]


@dataclass(eq=False, kw_only=True, slots=True)
class Write:
    """An operation to be made, for one object of one account.

    `before` holds what the mirror knows of the fields in `draft`. A `NewId` in `draft` stands for the id that another
    write of the same step creates. It goes out once `after` is done, and only while Offorte still holds `expected`.
    `note` is what a preview tells of it beside its name.
    """

    connection_id: int
    target: str
    remote_id: int | None
    label: str
    verb: Operation.Verb = Operation.Verb.CHANGE
    draft: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    parent_remote_id: int | None = None
    expected: dict[str, Any] = field(default_factory=dict)
    after: "Write | None" = None
    undoes_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewId:
    """The id that a creation in the same step will be given."""

    write: Write


class Step(NamedTuple):
    """What has to be written for one row, in this order."""

    writes: list[Write]


class Skip(NamedTuple):
    """Why a row is left out."""

    reason: Reason


class Rule(NamedTuple):
    """Rows that are left out by what the mirror holds of them, and why; the first rule that fits a row gives it."""

    condition: Q | Combinable
    reason: Reason


class Choice(NamedTuple):
    """What a person wants done with a selection: checked options, and who it is."""

    options: Options
    by: User


class Action(ABC, Generic[M]):
    """A bulk action on rows of one model.

    `columns` are the columns that `plan` reads, `value` the one whose sum is the selection's worth. With `is_computed`
    only `plan` knows which rows are left out; with `is_chained` one row takes several writes; with `is_read` nothing is
    written; with `is_exclusive` the rows are locked from the moment it decides of them until its writes are stored.
    `creates` names what is made for each row, where the row itself stays as it is; without `is_mirrored` the rows are
    the portal's own, so that nothing that Offorte did to them leaves them out. `fields` names the parameters of
    Offorte that are written: rows with a pending write of one of them are left out.
    """

    name: ClassVar[str]
    label: ClassVar[StrOrPromise]
    permission: ClassVar[str]
    model: type[M]
    target: ClassVar[str]
    columns: ClassVar[tuple[str, ...]] = ()
    value: ClassVar[str] = ""
    verb: ClassVar[Operation.Verb] = Operation.Verb.CHANGE
    is_undoable: ClassVar[bool] = True
    is_computed: ClassVar[bool] = False
    is_chained: ClassVar[bool] = False
    is_read: ClassVar[bool] = False
    is_exclusive: ClassVar[bool] = False
    creates: ClassVar[str] = ""
    is_mirrored: ClassVar[bool] = True

    def clean(self, options: Mapping[str, Any]) -> Options:
        """The options, checked, complete and fit for JSON. Raises ValidationError by option."""
        return {}

    def describe(self, options: Options) -> str:
        """What the action does with these options, in words."""
        return str(self.label)

    def narrow(self, selection: list[int], options: Options) -> list[int]:
        """The selected keys without those that the options make no item."""
        return selection

    def fields(self, options: Options) -> tuple[str, ...]:
        """Offorte's parameters that are written, empty for all."""
        return ()

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Which rows are left out, beside those that every action leaves out."""
        return ()

    def warnings(self, selection: list[int], choice: Choice) -> Iterable[str]:
        """What else a person should know before they confirm."""
        return ()

    def keep(self, made: Sequence[tuple[M, Operation]]) -> None:
        """Note with each row the last of its operations, in the transaction that stores them; nothing by default."""

    @abstractmethod
    def plan(self, rows: Sequence[M], choice: Choice) -> Iterator[Step | Skip]:
        """For each of these rows, in their order, what is written or why nothing is."""
