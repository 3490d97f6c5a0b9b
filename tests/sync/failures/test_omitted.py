"""Details that leave out what is documented: nothing known goes, it can be seen, and the details are read again."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from offorte_portal.mirror.models import OmittedKey
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.sync.models import SyncPage
from offorte_portal.sync.refreshing import refresh
from proposals.models import Proposal
from tests.support import warnings
from tests.sync.comparison import assert_mirrored
from tests.sync.failures.runs import advance_to_the_end, start
from tests.sync.test_sync import Connect

pytestmark = pytest.mark.django_db(transaction=True)

KEYS = ["comments", "content", "content.pricetables", "content.pricetables.rows", "receivers", "emails", "logs"]
DETAILS = "/proposals/.*/details"


def details_asked_for(simulator: Simulator) -> int:
    return sum(request.path.rstrip("/").endswith("/details") for request in simulator.requests)


def make_due(seconds: int = 0) -> None:
    Proposal.objects.filter(details_tries__gt=0).update(details_retry_at=timezone.now() + timedelta(seconds=seconds))


@pytest.mark.parametrize("kind", ["missing_field", "null_field"])
@pytest.mark.parametrize("key", KEYS)
def test_a_first_answer_with_an_omission_is_asked_for_again(
    simulator: Simulator, connect: Connect, key: str, kind: Any
) -> None:
    connection = connect()
    simulator.faults.add(Fault(kind, path=DETAILS, name=key, times=5))
    run = advance_to_the_end(start(connection))
    assert {str(warning.reason).startswith(f"mirror.omitted (key={key}") for warning in run.warnings.all()} == {True}
    touched = Proposal.objects.exclude(warnings=[])
    assert 0 < touched.count() <= 5
    assert touched.count() == Proposal.objects.filter(details_tries=1, details_fingerprint="").count()
    make_due()
    advance_to_the_end(start(connection))
    assert_mirrored(simulator.account("bouw"), connection)
    assert not Proposal.objects.exclude(warnings=[]).exists()
    assert not OmittedKey.objects.exists()


def test_it_is_asked_for_early_only_if_the_list_changed(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    first = max(account.proposals)
    simulator.faults.add(Fault("null_field", path=f"/proposals/{first}/details", name="emails", times=2))
    advance_to_the_end(start(connection))
    simulator.log.clear()
    advance_to_the_end(start(connection))
    assert details_asked_for(simulator) == 0
    account.update_proposal(first, name="Another")
    advance_to_the_end(start(connection))
    assert details_asked_for(simulator) == 1
    assert Proposal.objects.get(remote_id=first).details_tries == 1


def test_a_person_who_refreshes_sees_what_was_left_out(simulator: Simulator, connect: Connect) -> None:
    connection = connect()
    advance_to_the_end(start(connection))
    proposal = Proposal.objects.filter(comments__isnull=False).first()
    assert proposal is not None
    simulator.faults.add(Fault("missing_field", path=DETAILS, name="comments"))
    refresh(proposal)
    assert warnings.read(proposal.warnings) == ["omitted:comments"]
    assert proposal.comments.exists()
    assert proposal.details_retry_at is not None
    refresh(proposal)
    assert (proposal.warnings, proposal.details_fingerprint) == ([], proposal.fingerprint)


def test_companies_without_people_make_nobody_absent(simulator: Simulator, connect: Connect) -> None:
    connection = connect()
    advance_to_the_end(start(connection))
    simulator.faults.add(Fault("missing_field", path="/companies", name="people", times=None))
    simulator.log.clear()
    began = timezone.now()
    run = start(connection)
    advance_to_the_end(run)
    assert not any("/people/" in request.path for request in simulator.requests)
    assert "people" in {warning.resource for warning in run.warnings.all()}
    assert not SyncPage.objects.exists()
    connection.refresh_from_db()
    assert connection.synced_at is not None
    assert connection.synced_at > began
