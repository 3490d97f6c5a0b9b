"""What a look at Offorte has found for an operation whose answer was lost."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from offorte_portal import ports
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation

Json = dict[str, Any]

# Offorte gives times to the minute, and its clock may differ.
TOLERANCE = timedelta(minutes=5)
# Offorte may have carried a request out until this long after it left.
LATEST = timedelta(minutes=7)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something at Offorte that an operation may have made; `is_exact` if all that was asked for is there as asked.

    `facts` holds what Offorte gives, by the names of the reference. For a send it is a mail, or the proposal itself if
    it was sent without one.
    """

    remote_id: int
    label: str
    facts: Json = field(default_factory=dict)
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """The objects that may be the result (`candidates`), and the one that certainly is (`found`).

    Without `found`, `reason` says why it is not certain; None means that the result is absent. `is_told` is false if
    Offorte left out what is needed, so that looking again may help. `looked_at` is when Offorte was asked.
    """

    candidates: list[Candidate] = field(default_factory=list)
    found: Candidate | None = None
    reason: Reason | None = None
    is_told: bool = True
    looked_at: datetime = field(default_factory=ports.now)


def moment_of(operation: Operation) -> datetime:
    """Return when its request left, or when it was asked for if it never did."""
    return operation.sent_at or operation.created_at


def may_come_from(operation: Operation, moment: datetime, before: timedelta, after: timedelta) -> bool:
    """Return whether a moment that Offorte gives lies within `before` and `after` the request."""
    return moment_of(operation) - before <= moment <= moment_of(operation) + after
