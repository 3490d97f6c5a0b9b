"""The portal works without the rooms that it can do without, in a process and on an empty database of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.length import usual_or_long

pytestmark = pytest.mark.timeout(600)

DESK, OTHER_SYSTEMS = "offorte_portal.desk", "offorte_portal.other_systems"
# Without both nothing can lean on either; each alone, for what one needs of the other.
BOTH: tuple[str, ...] = (DESK, OTHER_SYSTEMS)
LEFT_OUT = usual_or_long([BOTH], [(OTHER_SYSTEMS,), (DESK,), BOTH])
PAGES = "tests/journeys/test_each_page.py"


@pytest.mark.long
@pytest.mark.parametrize("rooms", LEFT_OUT, ids=" and ".join)
def test_the_other_rooms_work_without(rooms: tuple[str, ...], tmp_path: Path) -> None:
    environment = os.environ | {"LEFT_OUT": ",".join(rooms), "DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}"}
    command = ["-m", "pytest", "-q", "--ds=tests.support.left_out", f"--basetemp={tmp_path / 'pytest'}", PAGES]
    run = subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
