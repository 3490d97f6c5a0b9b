"""The position of a run, as it is stored in its row."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The next step of a run.

    `since` is when the run's generation began and `as_of` the newest moment that it has stamped rows with, both ISO
    8601. `cursor` is the Offorte id that a stage has reached, counting down. `skips` counts the places skipped in a
    row. `is_quiet`: the run reads so much that the change feed announces it only at its beginning and end.
    """

    stage: str = "lists"
    resource: str = ""
    bucket: str = ""
    page: int = 1
    cursor: int | None = None
    since: str = ""
    as_of: str = ""
    skips: int = 0
    is_quiet: bool = False

    @classmethod
    def load(cls, kept: dict[str, Any]) -> Self:
        """Return the checkpoint that a run's row holds."""
        return cls(**kept)

    def dump(self) -> dict[str, Any]:
        """Return the form that a run's row holds."""
        return asdict(self)

    def move(self, **changes: Any) -> Self:
        """Return the checkpoint after a success, with these changes and no skips unless given."""
        return replace(self, **{"skips": 0, **changes})

    @property
    def since_at(self) -> datetime:
        """When the generation began."""
        return datetime.fromisoformat(self.since)
