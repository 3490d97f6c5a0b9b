"""The measurements at small sizes, in processes of their own, as `make bench` runs them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.length import usual_or_long

HERE = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.timeout(600)

# Whose ratios a summary has to have, each against what it stands beside.
RATIOS = usual_or_long(
    {"pipeline": "raw executemany"},
    {
        "pipeline": "raw executemany",
        "lists": "stock ModelAdmin",
        "webhooks": "bare view",
        "desk": "plain aggregation",
    },
)


def run_bench(*arguments: str) -> str:
    """Run `python -m bench` on SQLite; return what it printed."""
    command = [sys.executable, "-m", "bench", "--quick", "--only", "sqlite", *arguments]
    done = subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.long
def test_measurements_share_no_rows_and_end_with_one_table_of_ratios() -> None:
    printed = run_bench(*RATIOS)

    _, _, table = printed.partition("How many times as fast")
    for name, against in RATIOS.items():
        ratios = [line.split()[-1] for line in table.splitlines() if line.startswith(name) and against in line]
        assert ratios, table
        assert all(float(ratio) > 0 for ratio in ratios), ratios


@pytest.mark.skipif(not (HERE / ".git").exists(), reason="this is no git checkout, so it has no commits")
def test_a_commit_is_measured_beside_this_checkout_in_turns() -> None:
    printed = run_bench("pipeline", "slow", "--against", "HEAD")

    assert "pipeline on sqlite: this checkout to" in printed
    cases = ("fresh", "unchanged", "1% changed")
    ratios = [line[38:].split()[2] for line in printed.splitlines() if line.startswith(cases)]
    assert len(ratios) == 3, printed
    assert all(float(ratio) > 0 for ratio in ratios)
    assert "Left out: slow: this checkout and" in printed
