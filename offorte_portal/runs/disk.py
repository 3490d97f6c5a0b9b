"""How much room is left on the disk, said before it is gone: a full disk stops every write, also those of webhooks.

Only this machine's disks can be seen: that of the SQLite database and that of temporary files. Of a PostgreSQL server
on another machine nothing is known here; its own monitoring has to say so.
"""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection as database

from offorte_portal.runs.reasons import Reason, RunReason

MEGABYTE = 1024 * 1024
# Below this part of the limit the portal is taken for unable to work.
_OUT = 0.1


@dataclass(frozen=True, slots=True)
class Space:
    """What is left on a disk, in bytes."""

    path: str
    free: int

    @property
    def is_low(self) -> bool:
        """Whether the disk is almost full."""
        return self.free < settings.PORTAL_DISK_MEGABYTES * MEGABYTE

    @property
    def is_out(self) -> bool:
        """Whether hardly anything can be written any more."""
        return self.free < settings.PORTAL_DISK_MEGABYTES * MEGABYTE * _OUT

    @property
    def megabytes(self) -> int:
        """What is left, in whole megabytes."""
        return self.free // MEGABYTE


def measure() -> Space | None:
    """Look at the disks that the portal writes to; answer the one with the least room, None where none can be seen."""
    spaces = []
    for path in _paths():
        try:
            spaces.append(Space(path, shutil.disk_usage(path).free))
        except OSError:  # not there: whatever needs it fails with a reason of its own
            continue
    return min(spaces, key=lambda space: space.free, default=None)


def has_room() -> bool:
    """Whether something can be written still."""
    space = measure()
    return space is None or not space.is_out


def describe() -> dict[str, str]:
    """What monitoring should know of a disk that is almost full; nothing where there is room."""
    space = measure()
    return {"disk": "almost full"} if space and space.is_low and not space.is_out else {}


def refusal() -> Reason | None:
    """Why no file can be taken or made now; None where one can."""
    space = measure()
    if space is None or not space.is_low:
        return None
    return RunReason.DISK_FULL()


def _paths() -> list[str]:
    paths = [tempfile.gettempdir()]
    name = str(database.settings_dict["NAME"])
    if database.vendor == "sqlite" and Path(name).is_absolute():
        paths.append(str(Path(name).parent))
    return paths
