"""How long a job takes and how much of that is spent on what others have queued before. Pure rules, without a clock.

An account's queue is worked off in turns: single changes first, then the people who have jobs by turns, and each of
them by turns among their own jobs. So a small job does not wait for all of a large one, only for as many of its
changes as there are turns until the small one is done.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Beside:
    """What waits in an account beside a job: single changes, and the changes of each job, by person."""

    singles: int = 0
    own: list[int] = field(default_factory=list)
    others: dict[int | None, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The seconds until a job is done, and the number of queued changes that go before its last one."""

    seconds: float
    changes: int
    before: int

    @property
    def minutes(self) -> int:
        """Minutes until the job is done, at least 1."""
        return math.ceil(self.seconds / 60) or 1

    @property
    def minutes_before(self) -> int:
        """Minutes that go to the changes queued before."""
        both = self.changes + self.before
        return min(self.minutes, round(self.seconds * self.before / both / 60)) if both else 0


def count_before(changes: int, beside: Beside) -> int:
    """Return how many of the changes that wait beside a job go before the last of its own."""
    own = sum(min(changes, count) for count in beside.own)
    # Each of these people gets as many turns as the job's own person until the job is done.
    others = (min(changes + own, sum(counts)) for counts in beside.others.values())
    return beside.singles + own + sum(others)


def latest(estimates: Iterable[Estimate]) -> Estimate:
    """Return the estimate that ends last, as accounts work side by side; nothing takes no time."""
    return max(estimates, key=lambda estimate: estimate.seconds, default=Estimate(0, 0, 0))


def with_unplanned(estimate: Estimate, rows: int, seconds_each: float) -> Estimate:
    """Return the estimate with rows whose changes and account are not known yet: one change each."""
    return Estimate(estimate.seconds + rows * seconds_each, estimate.changes + rows, estimate.before)
