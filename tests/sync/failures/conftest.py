"""Syncs that do not pause for long."""

import pytest

from offorte_portal.runs import tries


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(tries, "LONGEST_PAUSE", 0.02)
