"""What a page needs of a running job, in few queries; what it shows before one runs."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from offorte_portal.connections.models import Connection
from offorte_portal.jobs import counts, parameters, planning, previews, registry
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.jobs.results import Change
from offorte_portal.writes.models import Operation
from tests.jobs.conftest import Start, make_seller
from tests.support.factories import make_account_user, make_connection, make_person, make_proposal

pytestmark = pytest.mark.django_db

State = Operation.State


@pytest.fixture
def connection(settings: Settings) -> Connection:
    settings.OFFORTE_REQUESTS_PER_MINUTE = 30
    caches["local"].clear()
    return make_connection("bouw")


def test_progress_counts_what_has_ended(connection: Connection, start: Start) -> None:
    rows = [make_proposal(connection) for _ in range(6)]
    job = start("proposals.mark_won", [*rows, make_proposal(connection, status="won")])
    first = counts.progress(job)
    assert (first.state, first.ended, first.total, first.minutes_left) == (Job.State.PLANNING, 0, 7, 1)
    planning.plan(job.pk)
    for pk, state in zip(
        job.operations.filter(state=State.WAITING).values_list("pk", flat=True),
        (State.DONE, State.FAILED, State.UNKNOWN, State.SENDING, State.WAITING, State.REJECTED),
        strict=True,
    ):
        Operation.objects.filter(pk=pk).update(state=state)
    job.refresh_from_db()
    now = counts.progress(job)
    assert (now.state, now.ended, now.total) == (Job.State.RUNNING, 4, 7)
    assert now.counts == {"done": 1, "failed": 1, "unknown": 1, "sending": 1, "waiting": 1, "rejected": 1, "skipped": 1}
    with CaptureQueriesContext(database) as queries:
        counts.progress(job)
    assert len(queries) == 1
    job.operations.filter(state__in=Operation.PENDING).update(state=State.DONE)
    end = counts.progress(job)
    assert (end.state, end.ended, end.minutes_left) == (Job.State.DONE, 7, None)
    job.refresh_from_db()
    assert job.state == Job.State.DONE


def test_minutes_left_count_what_others_are_owed(connection: Connection, start: Start) -> None:
    rows = [make_proposal(connection) for _ in range(300)]
    small, large = start("proposals.mark_won", rows[:60]), start("proposals.mark_won", rows[60:])
    for job in (small, large):
        planning.plan(job.pk)
        job.refresh_from_db()
    alone = counts.progress(Job.objects.get(pk=large.pk)).minutes_left
    together = counts.progress(Job.objects.get(pk=small.pk)).minutes_left
    assert alone is not None
    assert together is not None
    # 300 requests at about 28 a minute, of which the small job's 60 are among the first 120.
    assert 9 <= alone <= 12
    assert 3 <= together <= 6


def test_without_a_limit_nothing_takes_long(connection: Connection, start: Start, settings: Settings) -> None:
    settings.OFFORTE_REQUESTS_PER_MINUTE = 0
    job = start("proposals.mark_won", [make_proposal(connection)])
    assert counts.progress(job).minutes_left == 1


def test_a_preview_says_all_that_confirming_takes(connection: Connection, boss: User) -> None:
    other = make_connection("andere", label="Andere")
    new, old = make_account_user(connection, firstname="An"), make_account_user(connection)
    rows = [make_proposal(connection, owner_remote_id=old.remote_id, price_total=10) for _ in range(11)]
    unknown = make_proposal(connection, name="unknown")
    theirs = make_proposal(connection, owner_remote_id=new.remote_id)
    strange = make_proposal(other, name="strange")
    action = registry.find("proposals.set_owner")
    options = action.clean({"owner": new})
    selection = [strange.pk, *(row.pk for row in rows), unknown.pk, theirs.pk, 999_999, strange.pk]
    with CaptureQueriesContext(database) as queries:
        seen = previews.preview(action, selection, options, boss)
    assert len(queries) <= 12
    assert (seen.count, seen.included, seen.requests) == (15, 12, 12)
    assert (seen.value, seen.value_unknown) == (Decimal(110), 1)
    assert seen.accounts == {connection: 12}
    assert seen.reasons == {JobReason.OTHER_ACCOUNT(): 1, JobReason.ALREADY_SO(): 1, JobReason.MISSING(): 1}
    assert [one.pk for one in seen.sample] == [row.pk for row in rows[:10]]
    assert seen.sample[0].changes == [Change("Offorte user", "Pim Kok", "An Kok")]
    assert [(one.label, one.account, one.skip_reason) for one in seen.skipped] == [
        ("strange", "Andere", JobReason.OTHER_ACCOUNT()),
        ("Verbouwing kantoor", "bouw", JobReason.ALREADY_SO()),
    ]
    assert seen.seconds > 0
    assert seen.cannot_undo is None
    assert [one.pk for one in previews.items(action, selection, options, boss)][-2:] == [theirs.pk, 999_999]
    (item,) = previews.items(action, [unknown.pk], options, boss)
    assert item.changes == [Change("Offorte user", None, "An Kok")]


def test_a_preview_of_very_many_rows_is_an_estimate(
    connection: Connection, boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [make_proposal(connection, name="same"), make_proposal(connection, name="other")]
    action = registry.find("proposals.rename")
    selection, options = [row.pk for row in rows], action.clean({"pattern": "same"})
    assert previews.preview(action, selection, options, boss).reasons == {JobReason.ALREADY_SO(): 1}
    monkeypatch.setattr(previews, "COMPUTED", 1)
    seen = previews.preview(action, selection, options, boss)
    assert (seen.included, seen.reasons, len(seen.warnings)) == (2, {}, 1)


def test_a_preview_needs_the_permission(connection: Connection) -> None:
    action = registry.find("proposals.mark_won")
    stranger = make_seller("view_proposal")
    for look in (previews.preview, previews.items):
        with pytest.raises(PermissionDenied):
            look(action, [make_proposal(connection).pk], {}, stranger)


def test_people_are_offered_what_they_may_do(connection: Connection) -> None:
    from_list = {action.name for action in registry.actions_for(type(make_proposal(connection)), make_seller())}
    assert from_list == set()
    seller = make_seller("change_proposal", "change_company")
    offered = [action.name for action in registry.actions_for(type(make_proposal(connection)), seller)]
    assert "proposals.mark_won" in offered
    assert "proposals.delete" not in offered
    assert "companies.set_fields" not in offered


def test_values_are_shown_as_people_read_them(connection: Connection) -> None:
    names = parameters.Names()
    shown = [
        names.show("price", "1234.5", connection.pk),
        names.show("optional", True, connection.pk),
        names.show("optional", False, connection.pk),
        names.show("status", "won", connection.pk),
        names.show("status", "strange", connection.pk),
        names.show("company_id", 404, connection.pk),
        names.show("name", None, connection.pk),
    ]
    assert shown == ["1,234.50", "Yes", "No", "Won", "strange", "#404", ""]
    assert [str(parameters.label("products", one)) for one in ("price", "vat_id", "optional")] == [
        "Price",
        "VAT group",
        "Optional",
    ]


def test_each_action_says_what_it_does(connection: Connection) -> None:
    person = make_person(connection)
    asked: list[tuple[str, dict[str, object], str]] = [
        ("proposals.mark_won", {}, "Mark as won"),
        ("proposals.mark_lost", {"reason": " Too dear "}, "Mark as lost: Too dear"),
        ("proposals.mark_lost", {}, "Mark as lost"),
        ("proposals.set_value", {"value": "1234,5"}, "Set pipeline value: 1,234.50"),
        ("proposals.rename", {"pattern": "{name} 2"}, "Rename: {name} 2"),
        ("proposals.set_contacts", {}, "Change recipients: everyone at the company with an e-mail address"),
        ("proposals.set_contacts", {"who": "chosen", "people": [person]}, "Change recipients: 1 person"),
        ("products.reprice", {"percent": "-2", "amount": "0,5"}, "Reprice: -2%, +0.5, rounded to 0.01"),
    ]
    for name, options, words in asked:
        action = registry.find(name)
        assert action.describe(action.clean(options)) == words
