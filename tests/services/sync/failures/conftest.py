"""Syncs that do not pause for long."""

import pytest

from offorte_portal.services.sync import work


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(work, "LONGEST_PAUSE", 0.02)
