"""What a look at Offorte has shown of an operation whose answer was lost."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from offorte_portal import ports
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation

Json = dict[str, Any]

# Offorte prints minutes, and its clock is not ours.
TOLERANCE = timedelta(minutes=5)
# Until so long after it left, Offorte may have carried a request out.
LATEST = timedelta(minutes=7)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something at Offorte that an operation may have made; `is_exact` where all that was asked is there as asked.

    `facts` holds what Offorte tells, by the names of the reference. Of a send it is a mail, or the proposal itself
    where that was sent without one.
    """

    remote_id: int
    label: str
    facts: Json = field(default_factory=dict)
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """What may be it (`candidates`), and which of these it is for certain (`found`).

    Without `found`, `reason` says why it can't be told; None means that it is not there. `is_told` is false where
    Offorte left out what had to be known, so that looking again may help. `looked_at` is when Offorte was asked.
    """

    candidates: list[Candidate] = field(default_factory=list)
    found: Candidate | None = None
    reason: Reason | None = None
    is_told: bool = True
    looked_at: datetime = field(default_factory=ports.now)


def moment_of(operation: Operation) -> datetime:
    """When its request left."""
    return operation.sent_at or operation.created_at


def may_come_from(operation: Operation, moment: datetime, before: timedelta, after: timedelta) -> bool:
    """Whether a moment that Offorte tells lies around the request."""
    return moment_of(operation) - before <= moment <= moment_of(operation) + after
