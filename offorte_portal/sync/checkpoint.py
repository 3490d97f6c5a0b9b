"""Where a run stands, as it is kept in its row."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The next thing that a run has to do.

    `since` is when the run's generation began and `as_of` the newest moment that it has stamped rows with, both ISO
    8601. `cursor` is the Offorte id that a stage has come to, counting down. `skips` counts the places that were given
    up in a row. `is_quiet`: the run reads so much that the change feed tells of it at its beginning and end only.
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
        """The checkpoint that a run's row holds."""
        return cls(**kept)

    def dump(self) -> dict[str, Any]:
        """The form that a run's row holds."""
        return asdict(self)

    def move(self, **changes: Any) -> Self:
        """The checkpoint after a success, with the given changes."""
        return replace(self, **{"skips": 0, **changes})

    @property
    def since_at(self) -> datetime:
        """When the generation began."""
        return datetime.fromisoformat(self.since)
