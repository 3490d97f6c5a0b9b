"""What becomes of an operation, by what Offorte answers and whether it may have done it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError
from django.utils import timezone

from contacts.models import Company
from offorte_portal.mirror.contacts import COMPANIES
from offorte_portal.mirror.engine import apply_object
from offorte_portal.models import Connection, Operation
from offorte_portal.services import writes
from offorte_portal.services.writes import claims, keeping
from offorte_portal.services.writes.reasons import (
    BUSY,
    EARLIER_PENDING,
    JOB_HALTED,
    LOST,
    MAY_BE_DONE,
    OVER_BUDGET,
    QUEUED,
    STEP_PENDING,
    TOO_OFTEN,
)
from offorte_portal.simulator import Fault
from proposals.models import Proposal
from tests.services.writes.conftest import Desk
from tests.services.writes.factories import make_job

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


def mirror(desk: Desk, remote_id: int) -> Company:
    """The mirror's row of a company as Offorte has it now."""
    raw = desk.account.render_company_item(remote_id)
    apply_object(desk.connection.pk, COMPANIES, remote_id, raw, as_of=timezone.now() - timedelta(seconds=1))
    return Company.objects.get(remote_id=remote_id)


def test_a_refusal_tells_offortes_words_by_field(desk: Desk) -> None:
    company = desk.company()
    operation = desk.do("change", "companies", {"email": "nonsense"}, remote_id=company)
    assert (operation.state, operation.reason) == (State.REJECTED, "Your request is invalid.")
    assert operation.field_errors == {"email": ["must be an e-mail address"]}
    assert operation.finished_at is not None


def test_a_refusal_without_words_is_told_in_the_portals(desk: Desk) -> None:
    desk.simulator.faults.add(Fault("status", method="PATCH", status=405))
    operation = desk.do("change", "companies", {"city": "Breda"}, remote_id=desk.company())
    assert (operation.state, operation.reason) == (State.REJECTED, "A scripted answer.")


def test_a_directory_that_holds_products_stays_in_offortes_words(desk: Desk) -> None:
    product = next(iter(desk.account.products.values()))
    operation = desk.do("delete", "directories", remote_id=product["directory_id"])
    assert operation.state == State.REJECTED
    assert operation.reason == "The directory contains products and can't be deleted."


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize(("verb", "state"), [("change", State.FAILED), ("delete", State.DONE)])
def test_what_is_gone_is_removed_from_the_mirror(desk: Desk, verb: str, state: str, status: int) -> None:
    desk.simulator.switches.removed_status = status  # type: ignore[assignment]
    company = desk.company()
    row = mirror(desk, company)
    desk.account.delete_company(company)
    operation = desk.do(verb, "companies", {"city": "Breda"} if verb == "change" else {}, remote_id=company)
    assert operation.state == state
    row.refresh_from_db()
    assert row.removed_at is not None


def test_what_is_hidden_is_marked_and_not_removed(desk: Desk) -> None:
    company = desk.company()
    row = mirror(desk, company)
    desk.account.hide("company", company)
    operation = desk.do("change", "companies", {"city": "Breda"}, remote_id=company)
    assert (operation.state, operation.reason) == (State.FAILED, "Offorte hides this item from the portal.")
    row.refresh_from_db()
    assert (row.is_hidden, row.removed_at) == (True, None)


def test_a_create_in_something_gone_removes_nothing(desk: Desk) -> None:
    operation = desk.do("create", "people", {"fullname": "A", "email": "a@b.nl"}, parent_remote_id=987654)
    assert (operation.state, operation.reason) == (State.FAILED, "Offorte could not find this item.")


DRAFTS: dict[str, dict[str, Any]] = {"create": {"name": "Nieuw BV"}, "change": {"city": "Breda"}, "delete": {}}


@pytest.mark.parametrize("verb", ["create", "change", "delete"])
def test_maintenance_makes_it_wait_and_it_goes_out_later(desk: Desk, verb: str) -> None:
    company = None if verb == "create" else desk.company()
    desk.simulator.faults.add(Fault("unavailable_503_html"))
    operation = desk.do(verb, "companies", DRAFTS[verb], remote_id=company)
    assert (operation.state, operation.attempts) == (State.WAITING, 0)
    assert operation.reason == "Offorte can't answer at the moment."
    assert operation.retry_at is not None
    assert timedelta(0) < operation.retry_at - timezone.now() <= timedelta(seconds=30)
    Operation.objects.update(retry_at=timezone.now())
    writes.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.attempts) == (State.DONE, 1)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "error_500", "redirect"])
@pytest.mark.parametrize("verb", ["change", "delete"])
def test_a_lost_answer_to_what_can_be_repeated_is_repeated(desk: Desk, verb: str, fault: Any) -> None:
    company = desk.company()
    mirror(desk, company)
    desk.simulator.faults.add(Fault(fault, method="PATCH" if verb == "change" else "DELETE"))
    operation = desk.do(verb, "companies", DRAFTS[verb], remote_id=company)
    assert (operation.state, operation.reason, operation.attempts) == (State.WAITING, MAY_BE_DONE, 1)
    Operation.objects.update(retry_at=timezone.now())
    writes.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.reason) == (State.DONE, "")
    assert len(desk.written()) == 2


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "error_500", "redirect"])
def test_a_lost_answer_to_a_create_is_not_repeated(desk: Desk, fault: Any) -> None:
    desk.simulator.faults.add(Fault(fault, method="POST"))
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert (operation.state, operation.reason) == (State.UNKNOWN, LOST)
    assert operation.sent_at is not None
    assert operation.retry_at is not None
    assert operation.retry_at - operation.sent_at == timedelta(seconds=35)
    writes.drain(desk.connection.pk)
    assert len(desk.simulator.requests) == 1


def test_after_too_many_tries_a_person_has_to_look(desk: Desk) -> None:
    company = desk.company()
    operation = desk.ask("change", "companies", {"city": "Breda"}, remote_id=company)
    desk.simulator.faults.add(Fault("error_500", method="PATCH", times=None))
    pauses = []
    for _ in range(claims.MOST_TRIES):
        Operation.objects.update(retry_at=None)
        writes.perform(operation)
        pauses.append(operation.retry_at and round((operation.retry_at - timezone.now()).total_seconds()))
    assert (operation.state, operation.reason) == (State.FAILED, TOO_OFTEN)
    assert pauses == [30, 60, 120, 240, 480, *[900] * 6, None]
    desk.simulator.faults.clear()
    assert writes.retry(operation, desk.person)
    assert writes.perform(operation).state == State.DONE
    assert operation.attempts == claims.MOST_TRIES + 1


def test_429_makes_it_wait_for_the_account(desk: Desk) -> None:
    desk.simulator.faults.add(Fault("rate_limited", method="POST", retry_after=1))
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert (operation.state, operation.reason, operation.attempts) == (State.WAITING, OVER_BUDGET, 0)
    writes.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.attempts) == (State.DONE, 1)
    assert len(desk.written()) == 2


def test_over_budget_nothing_is_sent(desk: Desk, settings: Any) -> None:
    settings.OFFORTE_REQUESTS_PER_MINUTE = 1
    assert desk.do("create", "companies", {"name": "Een"}).state == State.DONE
    operation = desk.do("create", "companies", {"name": "Twee"})
    assert (operation.state, operation.reason, operation.sent_at) == (State.WAITING, OVER_BUDGET, None)
    assert len(desk.simulator.requests) == 1


def test_without_a_connection_it_waits_and_goes_out_after_the_reconnect(desk: Desk) -> None:
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    desk.connection.refresh_from_db()
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    other = desk.ask("create", "companies", {"name": "Ander BV"})
    words = "This account is not connected to Offorte."
    assert (operation.state, operation.reason, operation.attempts) == (State.WAITING, words, 0)
    writes.sweep()
    other.refresh_from_db()
    assert other.reason == words
    Connection.objects.update(state=Connection.State.CONNECTED)
    writes.drain(desk.connection.pk)
    assert set(Operation.objects.values_list("state", "reason")) == {(State.DONE, "")}


def test_a_refused_token_makes_it_wait_for_the_reconnect(desk: Desk) -> None:
    desk.account.tokens.revoke_all()
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert operation.state == State.WAITING
    assert "connected again" in operation.reason
    other = desk.ask("create", "companies", {"name": "Ander BV"})
    desk.simulator.log.clear()
    writes.drain(desk.connection.pk)
    other.refresh_from_db()
    assert (other.state, desk.simulator.requests) == (State.WAITING, [])


def test_the_token_that_cant_be_renewed_now_leaves_it_undone(desk: Desk) -> None:
    token = desk.account.issue_token()
    desk.connection.access_token, desk.connection.refresh_token = "old", token["refresh_token"]
    desk.connection.save()
    desk.simulator.faults.add(Fault("unavailable_503_html", path="/oauth2/refresh-token/?"))
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert operation.state == State.WAITING
    Operation.objects.update(retry_at=None)
    assert writes.perform(operation).state == State.DONE
    assert [one["name"] for one in desk.account.companies.values()].count("Nieuw BV") == 1


def test_a_row_that_is_newer_than_the_answer_still_takes_it(desk: Desk) -> None:
    company = desk.company(city="Oss")
    row = mirror(desk, company)
    Company.objects.update(as_of=timezone.now() + timedelta(minutes=1))
    desk.do("change", "companies", {"city": "Breda"}, remote_id=company)
    row.refresh_from_db()
    assert row.city == "Breda"


def test_a_mirror_that_refuses_leaves_it_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise DatabaseError("value too odd")

    monkeypatch.setattr(keeping, "keep", refuse)
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert (operation.state, operation.remote_id) == (State.DONE, max(desk.account.companies))


def test_a_locked_database_is_waited_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = iter([OperationalError("database is locked"), None])
    real = keeping.keep

    def stumble(*args: Any) -> None:
        if error := next(tries):
            raise error
        real(*args)

    monkeypatch.setattr(keeping, "keep", stumble)
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert operation.state == State.DONE
    assert Company.objects.get().name == "Nieuw BV"


def test_a_database_that_stays_locked_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def lock(*args: Any) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "keep", lock)
        operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert operation.state == State.SENDING
    past = timezone.now() - timedelta(minutes=5)
    Operation.objects.update(lease_until=past, sent_at=past)
    writes.sweep()
    writes.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.remote_id) == (State.DONE, max(desk.account.companies))
    assert len(desk.written()) == 1


def test_a_database_that_is_locked_before_anything_left_makes_it_wait(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lock(*args: Any) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(claims.Claim, "leave", lock)
        operation = desk.do("create", "companies", {"name": "Nieuw BV"})
        assert (operation.state, operation.reason, operation.attempts) == (State.WAITING, BUSY, 0)
        writes.drain(desk.connection.pk)
    assert desk.simulator.requests == []
    writes.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert operation.state == State.DONE


def test_what_waits_says_why(desk: Desk) -> None:
    company = desk.company()
    first = desk.ask("change", "companies", {"city": "Oss"}, remote_id=company)
    assert desk.do("change", "companies", {"city": "Breda"}, remote_id=company).reason == EARLIER_PENDING
    assert desk.do("create", "companies", {"name": "Nieuw BV"}, after=first).reason == STEP_PENDING
    job = make_job(desk.person, state="paused")
    assert desk.do("create", "companies", {"name": "Ander BV"}, job=job).reason == JOB_HALTED
    later = desk.ask("create", "companies", {"name": "Later BV"})
    Operation.objects.filter(pk=later.pk).update(retry_at=timezone.now() + timedelta(hours=1))
    assert writes.perform(later).reason == QUEUED
    assert desk.simulator.requests == []


def test_what_has_ended_is_not_sent_again(desk: Desk) -> None:
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert writes.perform(operation).state == State.DONE
    assert len(desk.simulator.requests) == 1


def test_links_are_kept_with_the_receivers_only(desk: Desk) -> None:
    person = next(iter(desk.account.people.values()))
    proposal = desk.account.create_proposal(person["company_id"], name="Dak", contacts=[person["id"]])["id"]
    desk.sync()
    operation = desk.do("send", "proposals", {"send_message": "Hallo"}, remote_id=proposal)
    assert operation.answer is not None
    assert [who["email"] for who in operation.answer["receivers"]] == [person["email"]]
    assert "proposalpass" not in str(operation.answer)
    row = Proposal.objects.get(remote_id=proposal)
    assert "proposalpass" in row.receivers.get().link
    assert (row.status, row.emails.count()) == ("open", 1)


def test_a_sent_proposal_that_cant_be_read_back_shows_what_the_answer_told(desk: Desk) -> None:
    person = next(iter(desk.account.people.values()))
    proposal = desk.account.create_proposal(person["company_id"], name="Dak", contacts=[person["id"]])["id"]
    desk.sync()
    desk.simulator.faults.add(Fault("error_500", method="GET", times=None))
    desk.do("send", "proposals", {"send_message": "Hallo"}, remote_id=proposal)
    row = Proposal.objects.get(remote_id=proposal)
    assert row.status == "open"
    assert "proposalpass" in row.receivers.get().link
    assert row.details_fingerprint == ""


def test_a_proposal_nobody_has_opened_still_has_no_details(desk: Desk) -> None:
    company = desk.company()
    desk.simulator.faults.add(Fault("error_500", method="GET", times=None))
    operation = desk.do("create", "proposals", {"name": "Dak", "company_id": company})
    row = Proposal.objects.get(remote_id=operation.remote_id or 0)
    assert (row.name, row.company_remote_id, row.details_as_of) == ("Dak", company, None)
    assert row.version_id == desk.account.proposals[row.remote_id]["version_id"]
    desk.simulator.faults.clear()
    desk.simulator.faults.add(Fault("empty_body", method="PATCH"))
    desk.do("change", "proposals", {"price_total": "12.50"}, remote_id=operation.remote_id)
    row.refresh_from_db()
    assert (str(row.price_total), row.details_as_of) == ("12.5000", None)
    desk.simulator.faults.add(Fault("error_500", method="GET", times=None))
    desk.account.update_proposal(
        row.remote_id, contacts=[desk.account.create_person(company, fullname="A", email="a@b.nl")["id"]]
    )
    desk.do("send", "proposals", {"send_message": "Hallo"}, remote_id=operation.remote_id)
    row.refresh_from_db()
    assert (row.status, row.receivers.count(), row.details_as_of) == ("open", 0, None)


def test_owner_and_company_are_shown_by_name_at_once(desk: Desk) -> None:
    desk.sync()
    account = desk.account
    proposal = next(iter(account.proposals))
    company, user = max(account.companies), max(account.users)
    desk.simulator.faults.add(Fault("empty_body", method="PATCH"))
    draft = {"company_id": company, "account_user_id": user}
    assert desk.do("change", "proposals", draft, remote_id=proposal).state == State.DONE
    row = Proposal.objects.get(remote_id=proposal)
    assert row.company_name == account.companies[company]["name"]
    assert row.owner_email == account.users[user]["email"]
    assert row.owner is not None
    assert row.owner.remote_id == user
