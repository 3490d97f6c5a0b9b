"""What needs attention: counts, and the rows behind them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from offorte_portal.desk import attention, stats, thresholds
from offorte_portal.desk.models import DeskSettings
from proposals.models import Proposal
from tests.support.factories import link, make_proposal, make_staff

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def sanne() -> User:
    user = make_staff("sanne", email="elsewhere@example.com")
    link(user, email="sanne@example.com")
    return user


KINDS = ("hot", "seen", "unseen", "silent", "stale")


def numbers() -> dict[str, int]:
    found = {kind: attention.narrow(Proposal.objects.all(), kind).count() for kind in KINDS}
    return {kind: count for kind, count in found.items() if count}


def open_proposal(**fields: Any) -> Proposal:
    proposal = make_proposal(owner_email="Sanne@example.com", price_total=Decimal("10.5"), **fields)
    stats.refresh([proposal.pk])
    return proposal


def test_the_list_is_narrowed_by_where_proposals_stand(sanne: User) -> None:
    now = timezone.now()
    open_proposal(view_count=0, remote_created_at=now - 4 * DAY)
    open_proposal(view_count=0, remote_created_at=now - 2 * DAY)
    open_proposal(view_count=3, viewed_at=now - 6 * DAY)
    open_proposal(view_count=3, viewed_at=now - HOUR)
    open_proposal(view_count=3, viewed_at=now - 20 * DAY)
    open_proposal(view_count=3, viewed_at=now - 70 * DAY)
    open_proposal(view_count=0, remote_created_at=now - 70 * DAY)
    open_proposal(status="won", view_count=3, viewed_at=now - 6 * DAY)
    assert numbers() == {"seen": 2, "unseen": 1, "silent": 2, "stale": 2}


def test_thresholds_can_be_set(sanne: User) -> None:
    open_proposal(view_count=0, remote_created_at=timezone.now() - 2 * DAY)
    open_proposal(view_count=1, viewed_at=timezone.now() - HOUR)
    open_proposal(view_count=1, viewed_at=timezone.now() - 10 * DAY)
    assert numbers() == {"seen": 1, "silent": 1}
    DeskSettings.objects.create(unseen_days=1, hot_from=6, stale_days=9)
    assert numbers() == {"seen": 1, "silent": 1}, "known for half a minute"
    thresholds.forget()
    assert numbers() == {"seen": 1, "unseen": 1, "hot": 1, "stale": 1}


def test_with_a_person_only_their_own_count(sanne: User) -> None:
    open_proposal(view_count=1, viewed_at=timezone.now())
    assert attention.narrow(Proposal.objects.all(), "seen", sanne).count() == 1
    assert attention.narrow(Proposal.objects.all(), "seen", make_staff("kees")).count() == 0


def test_many_and_few_rows_are_found_by_different_ways(sanne: User, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [open_proposal(view_count=1, viewed_at=timezone.now()) for _ in range(3)]
    make_proposal()
    monkeypatch.setattr(attention, "FEW", 2)
    assert set(attention.narrow(Proposal.objects.all(), "seen")) == set(rows)
    monkeypatch.setattr(attention, "FEW", 3)
    assert set(attention.narrow(Proposal.objects.all(), "seen")) == set(rows)
