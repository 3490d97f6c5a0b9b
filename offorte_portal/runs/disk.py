"""Free disk space, reported before it runs out: a full disk stops every write, including those of webhooks.

Only this machine's disks can be checked: those of the SQLite database and of temporary files. A PostgreSQL server on
another machine needs monitoring of its own.
"""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection as database

from offorte_portal.runs.reasons import Reason, RunReason

MEGABYTE = 1024 * 1024
# Below this part of the limit, the portal counts as unable to work.
_OUT = 0.1


@dataclass(frozen=True, slots=True)
class Space:
    """The free space on a disk, in bytes."""

    path: str
    free: int

    @property
    def is_low(self) -> bool:
        """Whether the disk is almost full."""
        return self.free < settings.PORTAL_DISK_MEGABYTES * MEGABYTE

    @property
    def is_out(self) -> bool:
        """Whether hardly anything can be written."""
        return self.free < settings.PORTAL_DISK_MEGABYTES * MEGABYTE * _OUT

    @property
    def megabytes(self) -> int:
        """The free space in whole megabytes."""
        return self.free // MEGABYTE


def measure() -> Space | None:
    """Return the disk with the least free space, of those the portal writes to; None if none can be read."""
    paths = [tempfile.gettempdir()]
    name = str(database.settings_dict["NAME"])
    if database.vendor == "sqlite" and Path(name).is_absolute():
        paths.append(str(Path(name).parent))
    spaces = []
    for path in paths:
        try:
            spaces.append(Space(path, shutil.disk_usage(path).free))
        except OSError:  # missing: what needs it fails with its own reason
            continue
    return min(spaces, key=lambda space: space.free, default=None)


def has_room() -> bool:
    """Return whether anything can still be written."""
    space = measure()
    return space is None or not space.is_out


def describe() -> dict[str, str]:
    """Return what monitoring should know of a disk that is almost full; empty if there is room, or hardly any."""
    space = measure()
    return {"disk": "almost full"} if space and space.is_low and not space.is_out else {}


def refusal() -> Reason | None:
    """Return the reason why no file can be stored now; None if one can."""
    space = measure()
    return RunReason.DISK_FULL() if space and space.is_low else None
