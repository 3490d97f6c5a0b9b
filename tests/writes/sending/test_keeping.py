"""What the mirror keeps of an answer, and what becomes of an answer that it can't take."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError
from django.utils import timezone

from contacts.models import Company
from offorte_portal.simulator import Fault
from offorte_portal.writes import draining, keeping
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.writes.conftest import Desk
from tests.writes.sending.rows import mirror

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


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
    draining.sweep()
    draining.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.remote_id) == (State.DONE, max(desk.account.companies))
    assert len(desk.written()) == 1


def test_links_are_kept_with_the_receivers_only(desk: Desk) -> None:
    person = next(iter(desk.account.people.values()))
    proposal = desk.account.create_proposal(person["company_id"], name="Dak", contacts=[person["id"]])["id"]
    desk.sync()
    operation = desk.do("send", "proposals", {"send_message": "Hallo"}, remote_id=proposal)
    assert operation.answer is not None
    assert [who["email"] for who in operation.answer["receivers"]] == [person["email"]]
    assert "proposalpass" not in str(operation.answer)
    row = Proposal.objects.get(remote_id=proposal)
    receiver = row.receivers.get()
    assert ("proposalpass" in receiver.sent_link, "/login/" in receiver.link) == (True, True)
    assert receiver.viewer_link == receiver.sent_link
    assert "proposalpass" not in str(row.payload)
    assert (row.status, row.emails.count()) == ("open", 1)


def test_a_sent_proposal_shows_the_answer_if_it_cant_be_read(desk: Desk) -> None:
    person = next(iter(desk.account.people.values()))
    proposal = desk.account.create_proposal(person["company_id"], name="Dak", contacts=[person["id"]])["id"]
    desk.sync()
    desk.simulator.faults.add(Fault("error_500", method="GET", times=None))
    desk.do("send", "proposals", {"send_message": "Hallo"}, remote_id=proposal)
    row = Proposal.objects.get(remote_id=proposal)
    assert row.status == "open"
    assert "proposalpass" in row.receivers.get().sent_link
    assert row.details_fingerprint == ""


def test_receivers_whose_id_is_no_id_leave_it_done(desk: Desk) -> None:
    person = next(iter(desk.account.people.values()))
    proposal = desk.account.create_proposal(person["company_id"], name="Dak", contacts=[person["id"]])["id"]
    desk.sync()
    desk.simulator.faults.add(Fault("unknown_field", method="POST", name="receivers.id", value=[1]))
    operation = desk.do("send", "proposals", {"send_message": "Hallo"}, remote_id=proposal)
    assert (operation.state, Proposal.objects.get(remote_id=proposal).status) == (State.DONE, "open")


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
    assert (row.status, row.receivers.get().email, row.details_as_of) == ("open", "a@b.nl", None)
    desk.simulator.faults.clear()
    desk.sync()
    assert "proposalpass" in row.receivers.get().sent_link


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
