"""What pages show of jobs, before they start and while they run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django_stubs_ext import StrOrPromise

from offorte_portal.connections.models import Connection
from offorte_portal.jobs.estimate import Estimate
from offorte_portal.jobs.models import Job
from offorte_portal.text.reason import Reason


@dataclass(frozen=True, slots=True)
class Change:
    """A field of an object before and after, as people read it; `old` is None if it is unknown."""

    label: StrOrPromise
    old: str | None
    new: str


@dataclass(frozen=True, slots=True)
class Item:
    """What would become of one selected row: its changes, or the reason why it is left out.

    `effects` are writes to other objects, as text ("Create Sanne de Vries"), and deletions.
    """

    pk: int
    label: str
    account: str
    changes: list[Change] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    skip_reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a job would do.

    `count` rows were selected; `included` of them would be worked on, with the total `value` (None if the action has
    no value), which `value_unknown` of them don't have. `sample` holds up to ten of the included rows, `skipped` the
    first of the others, `reasons` the number of others by reason. `accounts` holds the number of included rows by
    account, `statuses` the status of each selected row, if the action changes it. `cannot_undo` says why the job can't
    be undone; it is None if it can.
    """

    count: int
    included: int
    value: Decimal | None
    value_unknown: int
    sample: list[Item]
    skipped: list[Item]
    reasons: Mapping[Reason, int]
    accounts: Mapping[Connection, int]
    requests: int
    seconds: float
    warnings: list[str]
    statuses: Mapping[int, str]
    cannot_undo: Reason | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come.

    `counts` holds the number of operations by state; of `total`, `ended` need nothing more. `left` is None if there is
    nothing to wait for, or no forecast: paused, ended.
    """

    state: Job.State
    counts: Mapping[str, int]
    ended: int
    total: int
    left: Estimate | None

    @property
    def minutes_left(self) -> int | None:
        """Minutes until the job is done."""
        return self.left.minutes if self.left else None
