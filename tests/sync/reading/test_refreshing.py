"""What a person reads who asks for a proposal that can't be stored: why not; it is logged, and stays due."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.db import connection as database

from offorte_portal.api.errors import MalformedAnswer, Unavailable
from offorte_portal.connections.budget import Lane
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.sync import refreshing as proposals
from offorte_portal.sync.details import retried_proposals
from offorte_portal.sync.reasons import SyncReason
from proposals.models import Proposal
from tests.sync.failures.runs import advance_to_the_end, start
from tests.sync.failures.test_refused import DEEP
from tests.sync.test_sync import Connect

pytestmark = pytest.mark.django_db(transaction=True)
DETAILS = "/proposals/.*/details"


@pytest.fixture
def proposal(simulator: Simulator, connect: Connect) -> Proposal:
    cache.clear()
    advance_to_the_end(start(connect()))
    return Proposal.objects.select_related("connection").order_by("pk")[0]


@pytest.mark.parametrize("lane", [Lane.PERSON, Lane.BACKGROUND])
def test_an_answer_that_cannot_be_stored_is_a_reason_in_words(
    simulator: Simulator, proposal: Proposal, caplog: pytest.LogCaptureFixture, lane: Lane
) -> None:
    simulator.faults.add(Fault("unknown_field", path=DETAILS, name="odd", value=DEEP))
    payload = proposal.payload
    with pytest.raises(MalformedAnswer) as failure:
        proposals.refresh(proposal, lane=lane)
    assert failure.value.reason == SyncReason.CANT_BE_KEPT()
    assert "Traceback" in caplog.text
    proposal.refresh_from_db()
    assert (proposal.payload, proposal.details_tries) == (payload, 1)
    Proposal.objects.update(details_retry_at=proposal.as_of)
    assert list(retried_proposals(proposal.connection_id)) == [proposal]
    proposals.refresh(proposal)
    assert (proposal.details_tries, proposal.details_retry_at) == (0, None)


def test_an_answer_that_is_not_understood_stays_due(simulator: Simulator, proposal: Proposal) -> None:
    simulator.faults.add(Fault("malformed_json", path=DETAILS, times=None))
    with pytest.raises(MalformedAnswer):
        proposals.refresh(proposal)
    proposal.refresh_from_db()
    assert proposal.details_tries == 1


def test_a_busy_database_is_a_reason_in_words(proposal: Proposal, caplog: pytest.LogCaptureFixture) -> None:
    def lock(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "proposals_proposal"'):
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with database.execute_wrapper(lock), pytest.raises(Unavailable) as failure:
        proposals.refresh(proposal)
    assert failure.value.reason == SyncReason.BUSY()
    assert "Traceback" in caplog.text
