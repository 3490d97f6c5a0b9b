"""Sums of what was seen and not answered, and of histograms: the same as row by row."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from random import Random
from typing import Any

import pytest
from django.apps import apps

from offorte_portal.desk import rollups, stats
from offorte_portal.desk.models import ProposalStats, Rollup
from tests.support.factories import make_connection, make_proposal

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_sums_of_seen_and_unanswered_ones_follow_whatever_happens() -> None:
    """Random histories of two accounts, compared with the stats one by one."""
    random = Random(7)
    accounts = [make_connection("north"), make_connection("south")]
    rows = [
        make_proposal(random.choice(accounts), price_total=number if number % 4 else None, remote_created_at=NOW)
        for number in range(20)
    ]
    for _ in range(40):
        row = random.choice(rows)
        row.status = random.choice(["open", "open", "won", "edit"])
        row.view_count, row.viewed_at = random.choice([(0, None), (1, NOW - DAY), (2, NOW - 9 * DAY)])
        row.owner_remote_id = random.randint(1, 2)
        row.removed_at = NOW if random.random() < 0.1 else None
        row.save()
        stats.refresh([row.pk], now=NOW)
        rollups.rebuild_due()
        assert silent_sums() == silent_stats()
    silent = silent_sums()
    assert len(silent) > 1
    Rollup.objects.update(silent=0, silent_value=0)
    import_module("offorte_portal.desk.migrations.0009_silent_sums").add_up(apps, None)
    assert silent_sums() == silent


def silent_sums() -> dict[Any, tuple[int, Decimal]]:
    found = Rollup.objects.filter(basis=Rollup.Basis.CREATED, silent__gt=0)
    return {(row.connection_id, row.owner_key): (row.silent, row.silent_value) for row in found}


def silent_stats() -> dict[Any, tuple[int, Decimal]]:
    found: dict[Any, tuple[int, Decimal]] = {}
    for row in ProposalStats.objects.filter(status="open", stage="silent", since__isnull=False):
        count, value = found.get((row.connection_id, row.owner_key), (0, Decimal()))
        found[row.connection_id, row.owner_key] = count + 1, value + (row.value or 0)
    return found


def test_histograms_of_many_rows_are_read_as_one_text() -> None:
    for number, hours in enumerate(({"1": 2, "48": 1}, {}, {"48": 1}, {})):
        Rollup.objects.create(connection=make_connection(), basis=Rollup.Basis.CREATED, template=number, hours=hours)
    joined = {"all_hours": rollups.Histograms("hours")}
    found = Rollup.objects.aggregate(**joined)
    assert rollups.read_histograms(found["all_hours"]) == {1: 2, 48: 2}
    none = Rollup.objects.filter(status="none").aggregate(**joined)
    assert rollups.read_histograms(none["all_hours"]) == {}
