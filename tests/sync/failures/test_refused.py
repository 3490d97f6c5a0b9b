"""An item that can't be stored is named in a warning, and costs the rest of its page nothing."""

from typing import Any

import pytest
from django.db import DataError, IntegrityError
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from catalog.models import VatGroup
from contacts.models import Company, Person
from offorte_portal.mirror.lists import apply_page
from offorte_portal.mirror.reasons import MirrorReason
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.sync.models import SyncRun
from proposals.mirror import USERS
from proposals.models import AccountUser, Proposal
from tests.mirror.details import NOW
from tests.sync.comparison import assert_mirrored
from tests.sync.failures.runs import advance_to_the_end, start
from tests.sync.test_sync import Connect

pytestmark = pytest.mark.django_db(transaction=True)

DEEP: Any = []
for _ in range(400):
    DEEP = [DEEP]


@pytest.mark.parametrize("error", [IntegrityError, DataError, OverflowError])
def test_the_rest_of_a_page_is_kept(simulator: Simulator, connect: Connect, error: type[Exception]) -> None:
    connection, account = connect(), simulator.account("bouw")
    refused = sorted(account.companies)[2]
    people = len(account.people_of[refused])
    account.update_company(refused, name="Refused BV")

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "contacts_company"') and "Refused BV" in str(params):
            raise error("odd")
        return execute(sql, params, many, context)

    run = start(connection)
    with database.execute_wrapper(refuse):
        advance_to_the_end(run)
    warning = run.warnings.get()
    assert (run.state, warning.resource, warning.remote_id) == (SyncRun.State.DONE, "companies", refused)
    assert (
        put_into_words(warning.reason)
        == f"This item couldn’t be saved. The previous version was kept: {error.__name__}"
    )
    assert (Company.objects.count(), Person.objects.count()) == (
        len(account.companies) - 1,
        len(account.people) - people,
    )
    assert run.progress["companies"]["is_complete"]
    advance_to_the_end(start(connection))
    assert_mirrored(account, connection)


def test_an_item_nested_too_deeply_keeps_what_was_known(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    advance_to_the_end(start(connection))
    simulator.faults.add(Fault("unknown_field", path="/settings/vat-groups/", name="odd", value=DEEP, item=1))
    simulator.faults.add(Fault("unknown_field", path="/companies", name="odd", value=DEEP, item=0))
    run = advance_to_the_end(start(connection))
    assert [warning.resource for warning in run.warnings.order_by("pk")] == ["vat_groups", "companies"]
    assert not VatGroup.objects.filter(removed_at__isnull=False).exists()
    assert_mirrored(account, connection)


def test_an_absent_object_that_cannot_be_stored_stays(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    advance_to_the_end(start(connection))
    chosen = min(account.proposals)
    status = account.proposals[chosen]["status"]
    simulator.faults.add(Fault("unknown_field", path=f"/proposals/{status}", name="id", value="?"))
    simulator.faults.add(Fault("unknown_field", path="/proposals/.*/details", name="odd", value=DEEP, times=None))
    run = start(connection)
    SyncRun.objects.filter(pk=run.pk).update(allows_mass_removal=True)
    advance_to_the_end(run)
    assert run.state == SyncRun.State.DONE
    assert run.warnings.filter(remote_id=chosen, reason__code=MirrorReason.NOT_STORED).exists()
    assert Proposal.objects.get(remote_id=chosen).removed_at is None


def test_a_page_that_is_kept_costs_no_savepoints(simulator: Simulator, connect: Connect) -> None:
    users = [{"id": number, "firstname": "Anna"} for number in range(50)]
    with CaptureQueriesContext(database) as queries:
        apply_page(connect().pk, USERS, users, as_of=NOW)
    assert AccountUser.objects.count() == 50
    assert sum("SAVEPOINT" in query["sql"] for query in queries) == 0
