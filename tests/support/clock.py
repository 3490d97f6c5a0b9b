"""A clock in the test's hands."""

from datetime import datetime, timedelta

from offorte_portal import ports


class Clock(ports.Clock):
    """The time of day and the time that passes; only the test, or sleeping, moves them."""

    def __init__(self, day: datetime | None = None) -> None:
        self.day, self.passed = day or super().now(), 1000.0

    def now(self) -> datetime:
        return self.day

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.wait(seconds)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.passed += seconds
        self.set(seconds)

    def set(self, seconds: float) -> None:
        """Set the time of day by so much."""
        self.day += timedelta(seconds=seconds)
