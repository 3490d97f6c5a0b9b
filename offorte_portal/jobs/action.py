"""The declaration of a bulk action: which rows it leaves out, and what it writes to Offorte for each of the others."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, NamedTuple, TypeAlias, TypeVar

from django.contrib.auth.models import User
from django.db.models import Q
from django.db.models.expressions import Combinable
from django_stubs_ext import StrOrPromise

from offorte_portal.jobs.reasons import JobReason
from offorte_portal.mirror.models import Mirrored
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation

M = TypeVar("M", bound=Mirrored)
Options: TypeAlias = dict[str, Any]


@dataclass(eq=False, kw_only=True, slots=True)
class Write:
    """An operation to create, for one object of one account.

    `before` holds what the mirror knows of the fields in `draft`. A `NewId` in `draft` stands for the id that another
    write of the same step creates. It is sent once `after` is done, and only while Offorte still holds `expected`.
    A preview shows `note` beside its name, or below its changes.
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
    """The id that Offorte will give to what another write of the same step creates."""

    write: Write


class Own(NamedTuple):
    """A change of what only the portal keeps about an object: as JSON, what it was and what it becomes."""

    label: str
    before: dict[str, Any]
    after: dict[str, Any]


class Step(NamedTuple):
    """The writes for one row, in order; or, where nothing is written, what the action changes in `keep` itself."""

    writes: list[Write]
    own: Own | None = None


class Skip(NamedTuple):
    """The reason why a row is left out."""

    reason: Reason


class Rule(NamedTuple):
    """A condition on the mirror by which rows are left out, and the reason; of several rules the first match counts."""

    condition: Q | Combinable
    reason: Reason


class Choice(NamedTuple):
    """The checked options of an action, and the person who chose them."""

    options: Options
    by: User


class Action(ABC, Generic[M]):
    """A bulk action on rows of one model.

    `columns` are the columns that `plan` reads, `value` the one whose sum is the selection's value. With `is_computed`
    only `plan` knows which rows are left out; with `is_chained` one row takes several writes; with `is_read` nothing is
    written; with `is_exclusive` the rows are locked from the decision about them until their writes are stored.
    With `is_deciding` a row is left out whose status is no longer the one that the preview showed.
    With `is_fixed` no option decides which rows are left out; without `is_for_one` it takes several rows to be of use.
    `creates` names what is created for each row, where the row itself stays as it is, `also_creates` what may be
    created for it instead, and `companions` what is created on the way, which an undo deletes too where nothing else
    uses it. Without `is_mirrored` the rows are the portal's own, so nothing that happened to them in Offorte leaves
    them out. `fields` names the parameters of Offorte that are written: rows with a pending write of one of them are
    left out.
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
    is_deciding: ClassVar[bool] = False
    is_fixed: ClassVar[bool] = False
    is_for_one: ClassVar[bool] = True
    creates: ClassVar[str] = ""
    also_creates: ClassVar[frozenset[str]] = frozenset()
    companions: ClassVar[tuple[str, ...]] = ()
    is_mirrored: ClassVar[bool] = True

    def clean(self, options: Mapping[str, Any]) -> Options:
        """Return the options, checked, complete and fit for JSON. Raises ValidationError by option."""
        return {}

    def describe(self, options: Options) -> str:
        """Return what the action does with these options, as text for people."""
        return str(self.label)

    def narrow(self, selection: list[int], options: Options) -> list[int]:
        """Return the selected keys without those that the options exclude."""
        return selection

    def fields(self, options: Options) -> tuple[str, ...]:
        """Return the parameters of Offorte that are written; none means that no pending change leaves a row out."""
        return ()

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Return the rules by which rows are left out, besides those of every action."""
        return ()

    def warnings(self, selection: list[int], choice: Choice) -> Iterable[str]:
        """Return what else a person should know before they confirm."""
        return ()

    def keep(self, made: Sequence[tuple[M, Operation]]) -> None:
        """Record the last operation of each row, in the transaction that stores them; do nothing by default."""

    def refuse_restoring(self, operation: Operation) -> Reason | None:
        """Return why an undo can't restore what only the portal keeps; None if it can."""
        return JobReason.NOT_UNDOABLE()

    def restore(self, operations: Sequence[Operation], by: User | None) -> None:
        """Restore what these changed of what only the portal keeps, in the transaction that stores that."""

    @abstractmethod
    def plan(self, rows: Sequence[M], choice: Choice) -> Iterator[Step | Skip]:
        """Yield for each of these rows, in their order, what is written or why nothing is."""
