"""A sync mirrors every field of every object, writes nothing twice, and removes only what is gone."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.registry import RESOURCES
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.sync import runs as sync_run
from offorte_portal.sync import work
from offorte_portal.sync.models import SyncRun
from offorte_portal.sync.reasons import SyncReason
from proposals.models import Proposal, TextTemplate
from tests.sync.comparison import assert_mirrored

pytestmark = pytest.mark.django_db(transaction=True)

Connect = Callable[..., Connection]


def run_sync(connection: Connection, only: tuple[str, ...] = (), **options: Any) -> SyncRun:
    run = sync_run.request(connection, trigger=SyncRun.Trigger.COMMAND, only=only, is_queued=False)
    SyncRun.objects.filter(pk=run.pk).update(**options)
    return work.sync_now(run)


def warnings(run: SyncRun) -> list[str]:
    return [f"{warning.resource}: {put_into_words(warning.reason)}" for warning in run.warnings.all()]


@pytest.mark.parametrize("vintage", ["2018", "live"])
@pytest.mark.parametrize("past_the_end", ["empty", "not_found", "repeat"])
def test_a_sync_mirrors_every_field_of_every_object(
    simulator: Simulator, connect: Connect, vintage: Literal["2018", "live"], past_the_end: Any
) -> None:
    simulator.switches.vintage = vintage
    simulator.switches.past_the_end = past_the_end
    simulator.account("bouw").create_webhook("https://example.com/hook", events=["proposal_won"])
    connection = connect()
    run = run_sync(connection)
    assert (run.state, run.reason, warnings(run)) == (SyncRun.State.DONE, None, [])
    assert_mirrored(simulator.account("bouw"), connection)
    connection.refresh_from_db()
    assert connection.synced_at == run.started_at or connection.synced_at is not None


def test_a_second_sync_of_the_same_writes_only_its_own_rows(simulator: Simulator, connect: Connect) -> None:
    connection = connect()
    run_sync(connection)
    before = len(simulator.requests)
    with CaptureQueriesContext(database) as queries:
        run = run_sync(connection)
    own = ("sync_sync", "connections_connection", "connections_requestbudget")
    writes = [q["sql"] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert [sql for sql in writes if not any(table in sql for table in own)] == []
    assert not [request for request in simulator.requests[before:] if "details" in request.path]
    assert all(figures.get("new", 0) == figures.get("changed", 0) == 0 for figures in run.progress.values())


def test_only_details_of_changed_proposals_are_read_again(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    run_sync(connection)
    changed = next(iter(account.proposals))
    account.update_proposal(changed, name="Another name")
    before = len(simulator.requests)
    run_sync(connection)
    details = [request.path for request in simulator.requests[before:] if "details" in request.path]
    assert len(details) == 1
    assert str(changed) in details[0]
    assert_mirrored(account, connection)


def test_list_requests_are_no_more_than_the_pages_there_are(simulator: Simulator, connect: Connect) -> None:
    account = simulator.account("bouw")
    for number in range(130):
        account.create_company(name=f"Company {number}")
    run_sync(connect(), only=("companies",))
    pages = [request.query.get("page", "1") for request in simulator.requests if request.path.startswith("/companies")]
    assert pages == ["1", "2", "3"]


def test_what_is_gone_becomes_a_tombstone_once_confirmed(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    run_sync(connection)
    person = next(iter(account.people))
    account.delete_person(person)
    account.delete_proposal(next(iter(account.proposals)))
    account.delete_product(next(iter(account.products)))
    template = account.text_templates.popitem()[0]
    before = len(simulator.requests)
    run = run_sync(connection)
    assert_mirrored(account, connection)
    assert Person.objects.get(remote_id=person).removed_at
    assert TextTemplate.objects.get(remote_id=template).removed_at
    asked = [request for request in simulator.requests[before:] if request.status in {404, 410}]
    assert {request.path.split("/")[1] for request in asked} == {"companies", "proposals"}
    assert sum(figures.get("removed", 0) for figures in run.progress.values()) == 4


def test_a_row_that_a_list_missed_is_asked_for_and_stays(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    run_sync(connection)
    missed = Company.objects.order_by("remote_id").last()
    assert missed
    simulator.faults.add(Fault("missing_field", path="/companies", name="id", item=len(account.companies) - 1))
    run = run_sync(connection)
    assert_mirrored(account, connection)
    assert any("ID" in message for message in warnings(run))


def test_a_company_with_all_its_people_goes_with_one_question(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    run_sync(connection)
    company = max(account.companies, key=lambda remote_id: len(account.people_of.get(remote_id, ())))
    assert len(account.people_of[company]) > 1
    account.delete_company(company)
    before = len(simulator.requests)
    run_sync(connection)
    asked = [request.path for request in simulator.requests[before:] if request.status in {404, 410}]
    assert len(asked) == 1
    assert_mirrored(account, connection)


def test_hidden_is_neither_removed_nor_a_failure(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    run_sync(connection)
    remote_id = next(iter(account.proposals))
    account.hide("proposal", remote_id)
    run = run_sync(connection)
    row = Proposal.objects.get(remote_id=remote_id)
    assert (run.state, row.is_hidden, row.removed_at) == (SyncRun.State.DONE, True, None)
    account.unhide("proposal", remote_id)
    run_sync(connection)
    assert not Proposal.objects.get(remote_id=remote_id).is_hidden


def test_so_many_absences_wait_for_a_person(simulator: Simulator, connect: Connect, admin_user: Any) -> None:
    connection, account = connect(), simulator.account("bouw")
    run_sync(connection)
    for remote_id in list(account.companies)[:6]:
        account.delete_company(remote_id)
    run = run_sync(connection)
    assert run.held_removals["companies"] == 6
    assert not Company.objects.filter(removed_at__isnull=False).exists()
    later = work.sync_now(sync_run.allow_removals(run, by=admin_user))
    assert later.reason is None
    assert Company.objects.filter(removed_at__isnull=False).count() == 6
    assert_mirrored(account, connection)


def test_rows_seen_again_come_back(simulator: Simulator, connect: Connect) -> None:
    connection, account = connect(), simulator.account("bouw")
    run_sync(connection)
    Company.objects.update(removed_at=connection.created_at)
    run_sync(connection)
    assert_mirrored(account, connection)


def test_only_what_was_asked_for_is_read(simulator: Simulator, connect: Connect) -> None:
    connection = connect()
    run_sync(connection, only=("users", "vat_groups"))
    assert {request.path for request in simulator.requests} == {"/account/users/", "/settings/vat-groups/"}
    connection.refresh_from_db()
    assert connection.synced_at is None


def test_an_unknown_resource_is_refused(simulator: Simulator, connect: Connect) -> None:
    with pytest.raises(ValueError, match="No such resource: invoices"):
        sync_run.request(connect(), trigger=SyncRun.Trigger.COMMAND, only=["invoices"])


def test_two_requests_make_one_run(simulator: Simulator, connect: Connect, settings: Settings) -> None:
    connection = connect()
    first = sync_run.request(connection, trigger=SyncRun.Trigger.PERSON)
    second = sync_run.request(connection, trigger=SyncRun.Trigger.SCHEDULE)
    assert first == second


def test_every_resource_of_the_registry_is_compared() -> None:
    """A resource that is added must be added to the comparison too."""
    assert set(RESOURCES) == {
        "users", "vat_groups", "design_templates", "text_templates", "email_templates", "proposal_templates",
        "automation_sets", "webhooks", "directories", "proposals", "companies", "people", "products",
    }  # fmt: skip


def test_words_of_the_history_that_nobody_knows_are_told_once(simulator: Simulator, connect: Connect) -> None:
    account = simulator.account("bouw")
    for remote_id in list(account.proposals)[:3]:
        account.add_log_entry(remote_id, "proposal: danced", author="client")
    run = work.sync_now(sync_run.request(connect(), trigger=SyncRun.Trigger.COMMAND, is_queued=False))
    assert run.state == SyncRun.State.DONE
    assert [
        put_into_words(warning.reason) for warning in run.warnings.filter(reason__code=SyncReason.UNKNOWN_WORD)
    ] == ["Offorte’s log contains an event that the portal doesn’t recognise, so it isn’t counted: “proposal: danced”"]
    assert run.progress["details"]["unknown_words"] == 3
