"""What the pages show of jobs: before they start and while they run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django_stubs_ext import StrOrPromise

from offorte_portal.connections.models import Connection
from offorte_portal.jobs.models import Job
from offorte_portal.text.reason import Reason


@dataclass(frozen=True, slots=True)
class Change:
    """A field of an object, before and after, as people read it; `old` is None where it is not known."""

    label: StrOrPromise
    old: str | None
    new: str


@dataclass(frozen=True, slots=True)
class Item:
    """What would become of one selected row: its changes, or why it is left out.

    `effects` are writes to other objects, in words ("Create Sanne de Vries"), and deletions.
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

    `count` rows were chosen; `included` of them would be worked on, worth `value` (None: worth is unknown or means
    nothing here, `value_unknown` rows of them have none). `sample` holds up to ten of them, `skipped` the first of
    the others, `reasons` how many there are of each reason. `accounts` holds how
    many of the included rows each account has. `cannot_undo` says why it can't be undone, None where it can.
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
    cannot_undo: Reason | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come.

    `counts` holds how many operations are in each state; of `total`, `ended` need nothing more. `minutes_left` is
    None where nothing is left to wait for, or nobody can say: paused, ended.
    """

    state: Job.State
    counts: Mapping[str, int]
    ended: int
    total: int
    minutes_left: int | None
