"""A clock that tests move, and moments on it."""

from dataclasses import dataclass, field

START = 1_800_000_000.0
WINDOW = 61.5


@dataclass
class Clock:
    """A clock that only sleeping moves."""

    moment: float = START
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += seconds
