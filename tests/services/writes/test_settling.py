"""Operations whose answer was lost: the portal looks, and never does anything twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from catalog.models import Product
from contacts.models import Company, Person
from offorte_portal.api.errors import Unavailable
from offorte_portal.models import Connection, Operation, Webhook
from offorte_portal.services import writes
from offorte_portal.services.writes import candidates, settling
from offorte_portal.services.writes.reasons import (
    CANT_LOOK,
    LOST,
    NOT_DONE,
    NOT_FOUND_YET,
    NOT_SENT,
    SEVERAL,
    UNLIKE,
)
from offorte_portal.simulator import Fault
from proposals.models import Proposal
from tests.services.writes.conftest import Desk

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


def lose(desk: Desk, fault: Any, verb: str, target: str, draft: dict[str, Any], **options: Any) -> Operation:
    """Do something of which the answer is lost, three minutes ago."""
    desk.simulator.faults.add(Fault(fault, method="POST"))
    operation = desk.do(verb, target, draft, **options)
    assert (operation.state, operation.reason) == (State.UNKNOWN, LOST)
    return age(operation)


def age(operation: Operation, minutes: float = 3) -> Operation:
    """Let the request have been sent so long ago."""
    sent_at = (operation.sent_at or timezone.now()) - timedelta(minutes=minutes)
    Operation.objects.filter(pk=operation.pk).update(sent_at=sent_at, retry_at=timezone.now())
    operation.refresh_from_db()
    return operation


def places(desk: Desk) -> dict[str, Any]:
    """A draft of everything that can be created, and where it goes."""
    return {
        "companies": ({"name": "Nieuw BV", "city": "Breda"}, None),
        "people": ({"fullname": "Sanne Bos", "email": "s@bos.nl"}, min(desk.account.companies)),
        "directories": ({"name": "Dakramen"}, None),
        "products": ({"name": "Dakraam", "price": "12.50"}, min(desk.account.directories)),
        "proposals": ({"name": "Nieuw dak", "company_id": min(desk.account.companies)}, None),
        "webhooks": ({"payload_url": "https://portal.example/", "events": ["all"]}, None),
    }


@pytest.mark.parametrize("target", ["companies", "people", "directories", "products", "proposals", "webhooks"])
def test_what_was_created_is_found(desk: Desk, target: str) -> None:
    draft, parent = places(desk)[target]
    operation = lose(desk, "drop_after", "create", target, draft, parent_remote_id=parent)
    writes.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.reason) == (State.DONE, "")
    assert operation.remote_id == max(getattr(desk.account, target))
    assert len(desk.written()) == 1
    rows: dict[str, Any] = {"companies": Company, "people": Person, "products": Product, "webhooks": Webhook}
    if target in rows:
        assert rows[target].objects.filter(remote_id=operation.remote_id).exists()


@pytest.mark.parametrize("target", ["companies", "people", "directories", "products", "proposals", "webhooks"])
def test_what_was_not_created_is_sent_again(desk: Desk, target: str) -> None:
    draft, parent = places(desk)[target]
    before = len(getattr(desk.account, target))
    operation = lose(desk, "drop_before", "create", target, draft, parent_remote_id=parent)
    writes.settle(operation)
    assert (operation.state, operation.reason, operation.sent_at) == (State.WAITING, NOT_DONE, None)
    writes.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert operation.state == State.DONE
    assert len(getattr(desk.account, target)) == before + 1
    assert len(desk.written()) == 2


def test_what_offorte_may_still_be_at_is_not_sent_again(desk: Desk) -> None:
    operation = lose(desk, "drop_before", "create", "companies", {"name": "Nieuw BV"})
    Operation.objects.update(sent_at=timezone.now() - timedelta(seconds=40))
    writes.settle(operation)
    assert (operation.state, operation.reason) == (State.UNKNOWN, NOT_FOUND_YET)
    assert operation.sent_at is not None
    assert operation.retry_at == operation.sent_at + settling.CERTAIN_AFTER
    # Only now does Offorte come to it.
    desk.company(name="Nieuw BV")
    age(operation)
    writes.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, len(desk.written())) == (State.DONE, 1)


@pytest.mark.parametrize("answer", ["id", "named", "empty"])
@pytest.mark.parametrize("target", ["companies", "people", "directories", "webhooks"])
def test_an_answer_names_the_id_or_it_is_found_at_once(desk: Desk, target: str, answer: Any) -> None:
    desk.simulator.switches.created_body = answer
    draft, parent = places(desk)[target]
    operation = desk.do("create", target, draft, parent_remote_id=parent)
    assert (operation.state, operation.reason) == (State.DONE, "")
    assert operation.remote_id == max(getattr(desk.account, target))


def test_what_was_answered_without_an_id_is_never_sent_again(desk: Desk) -> None:
    desk.simulator.switches.created_body = "empty"
    desk.simulator.faults.add(Fault("error_500", method="GET", times=None))
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert (operation.state, operation.answer) == (State.UNKNOWN, {})
    desk.simulator.faults.clear()
    desk.account.delete_company(max(desk.account.companies))
    writes.settle(operation)
    assert (operation.state, operation.reason) == (State.UNKNOWN, CANT_LOOK)
    assert operation.retry_at is not None
    age(operation, minutes=20)
    settled = writes.settle(operation)
    assert (settled.state, settled.retry_at) == (State.UNKNOWN, None)
    assert len(desk.written()) == 1


def test_the_worker_looks_for_what_was_answered_without_an_id(desk: Desk) -> None:
    desk.simulator.switches.created_body = "empty"
    operation = desk.ask("create", "companies", {"name": "Nieuw BV"})
    writes.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.remote_id) == (State.DONE, max(desk.account.companies))


def test_something_older_of_that_name_is_not_taken_for_it(desk: Desk) -> None:
    desk.company(name="Nieuw BV")
    desk.sync()
    operation = lose(desk, "drop_before", "create", "companies", {"name": "Nieuw BV"})
    # Heard of again since it was sent, which proves nothing.
    desk.sync()
    writes.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.remote_id) == (State.DONE, max(desk.account.companies))
    assert [one["name"] for one in desk.account.companies.values()].count("Nieuw BV") == 2


def test_two_creates_of_one_name_do_not_settle_on_the_same_id(desk: Desk) -> None:
    first = lose(desk, "drop_after", "create", "companies", {"name": "Nieuw BV"})
    second = desk.do("create", "companies", {"name": " nieuw  bv "})
    assert second.state == State.WAITING
    writes.drain(desk.connection.pk)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.DONE, State.DONE)
    assert first.remote_id != second.remote_id
    assert len(desk.written()) == 2


def test_creates_of_other_names_do_not_wait(desk: Desk) -> None:
    lose(desk, "drop_after", "create", "companies", {"name": "Nieuw BV"})
    assert desk.do("create", "companies", {"name": "Ander BV"}).state == State.DONE
    assert desk.do("create", "directories", {"name": "Nieuw BV"}).state == State.DONE


def test_what_somebody_else_made_otherwise_is_left_to_a_person(desk: Desk) -> None:
    operation = lose(desk, "drop_before", "create", "companies", {"name": "Nieuw BV", "city": "Breda"})
    other = desk.company(name="NIEUW BV", city="Oss")
    writes.settle(operation)
    assert (operation.state, operation.reason, operation.retry_at) == (State.UNKNOWN, UNLIKE, None)
    assert [(one.remote_id, one.is_exact) for one in writes.look(operation)] == [(other, False)]
    desk.company(name="Nieuw BV", city="Tilburg")
    assert writes.settle(operation).reason == SEVERAL
    writes.drain(desk.connection.pk)
    assert len(desk.written()) == 1


def test_one_that_is_just_so_among_several_is_it(desk: Desk) -> None:
    operation = lose(desk, "drop_after", "create", "companies", {"name": "Nieuw BV", "city": "Breda"})
    ours = max(desk.account.companies)
    desk.company(name="NIEUW BV", city="Oss")
    assert writes.settle(operation).state == State.DONE
    assert operation.remote_id == ours


def test_what_nothing_tells_apart_is_left_to_a_person(desk: Desk) -> None:
    operation = lose(desk, "drop_after", "create", "companies", {"name": "Nieuw BV", "city": "Breda"})
    Operation.objects.update(draft={"city": "Breda"})
    operation.refresh_from_db()
    assert writes.settle(operation).reason == CANT_LOOK
    assert writes.look(operation) == []


def test_a_list_that_is_too_long_is_left_to_a_person(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "MOST_PAGES", 1)
    directory = min(desk.account.directories)
    for number in range(60):
        desk.account.create_product(directory, name=f"Lat {number}")
    operation = lose(desk, "drop_before", "create", "products", {"name": "Dakraam"}, parent_remote_id=directory)
    assert writes.settle(operation).reason == CANT_LOOK
    assert operation.retry_at is None


def test_in_what_is_gone_nothing_was_made(desk: Desk) -> None:
    company = desk.company()
    draft = {"fullname": "Sanne Bos", "email": "s@bos.nl"}
    operation = lose(desk, "drop_before", "create", "people", draft, parent_remote_id=company)
    desk.account.delete_company(company)
    assert writes.settle(operation).state == State.WAITING
    assert writes.perform(operation).state == State.FAILED


def test_while_offorte_is_away_it_stays_in_doubt(desk: Desk) -> None:
    operation = lose(desk, "drop_after", "create", "companies", {"name": "Nieuw BV"})
    desk.simulator.faults.add(Fault("unavailable_503_html", method="GET", times=3))
    writes.settle(operation)
    assert (operation.state, operation.reason) == (State.UNKNOWN, "Offorte can't answer at the moment.")
    assert operation.retry_at is not None
    assert operation.retry_at > timezone.now()
    desk.simulator.faults.add(Fault("unavailable_503_html", method="GET", times=3))
    with pytest.raises(Unavailable):
        writes.look(operation)
    Connection.objects.update(state=Connection.State.RECONNECT)
    operation.connection.refresh_from_db()
    assert writes.settle(operation).state == State.UNKNOWN


def test_only_one_process_settles(desk: Desk) -> None:
    operation = lose(desk, "drop_after", "create", "companies", {"name": "Nieuw BV"})
    until = timezone.now() + timedelta(minutes=1)
    Operation.objects.update(lease="another", lease_until=until)
    desk.simulator.log.clear()
    assert writes.settle(operation).state == State.UNKNOWN
    assert desk.simulator.requests == []


def send_lost(desk: Desk, fault: str, **draft: Any) -> Operation:
    """A send whose answer is lost."""
    person = next(iter(desk.account.people.values()))
    proposal = desk.account.create_proposal(person["company_id"], name="Dak", contacts=[person["id"]])["id"]
    desk.account.send_proposal(proposal, message="Een eerdere mail")
    desk.sync()
    desk.simulator.faults.add(Fault(fault, method="POST"))  # type: ignore[arg-type]
    operation = desk.do("send", "proposals", {"send_message": "Hallo", **draft}, remote_id=proposal)
    assert (operation.state, len(operation.known_ids)) == (State.UNKNOWN, 1)
    return operation


def test_a_proposal_that_was_mailed_is_found_in_its_mails(desk: Desk) -> None:
    operation = send_lost(desk, "drop_after")
    (mail,) = writes.look(operation)
    assert (mail.label, mail.is_exact) == ("Hallo", True)
    Operation.objects.update(retry_at=timezone.now())
    writes.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.remote_id) == (State.DONE, max(desk.account.proposals))
    assert len(desk.simulator.sent_mails) == 2
    assert Proposal.objects.get(remote_id=operation.remote_id or 0).emails.count() == 2


def test_a_proposal_that_was_not_mailed_is_not_mailed_by_itself(desk: Desk) -> None:
    operation = send_lost(desk, "drop_before")
    age(operation)
    follower = desk.ask("change", "proposals", {"name": "X"}, remote_id=operation.remote_id, after=operation)
    writes.settle(operation)
    assert (operation.state, operation.reason) == (State.FAILED, NOT_SENT)
    follower.refresh_from_db()
    assert follower.state == State.CANCELLED
    writes.drain(desk.connection.pk)
    assert len(desk.simulator.sent_mails) == 1
    assert writes.retry(operation, desk.person)
    writes.drain(desk.connection.pk)
    assert len(desk.simulator.sent_mails) == 2


@pytest.mark.parametrize(("fault", "state"), [("drop_after", State.DONE), ("drop_before", State.FAILED)])
def test_what_is_mailed_by_hand_is_found_in_the_history(desk: Desk, fault: str, state: str) -> None:
    person = next(iter(desk.account.people.values()))
    proposal = desk.account.create_proposal(person["company_id"], name="Dak", contacts=[person["id"]])["id"]
    draft = {"send_message": "Hallo", "send_method": "self"}
    operation = lose(desk, fault, "send", "proposals", draft, remote_id=proposal)
    assert writes.settle(operation).state == state
    assert desk.simulator.sent_mails == []


def test_a_person_says_which_it_is(desk: Desk) -> None:
    operation = lose(desk, "drop_after", "create", "companies", {"name": "Nieuw BV"})
    found = max(desk.account.companies)
    assert writes.decide(operation, remote_id=found, is_done=True, by=desk.person)
    assert (operation.state, operation.remote_id) == (State.DONE, found)
    assert operation.reason == "Looked at and found done by: Sanne Jansen"
    assert Company.objects.get(remote_id=found).name == "Nieuw BV"
    assert not writes.decide(operation, remote_id=None, is_done=False, by=desk.person)
    assert operation.state == State.DONE


def test_a_person_says_that_it_was_done_under_an_unknown_id(desk: Desk) -> None:
    operation = lose(desk, "drop_after", "create", "companies", {"name": "Nieuw BV"})
    assert writes.decide(operation, remote_id=None, is_done=True, by=desk.person)
    assert (operation.state, operation.remote_id) == (State.DONE, None)
    draft = {"fullname": "A", "email": "a@b.nl", "parent_remote_id": {"operation": operation.pk}}
    assert desk.do("create", "people", draft, after=operation).state == State.FAILED


def test_a_person_says_that_it_was_not_done(desk: Desk) -> None:
    operation = lose(desk, "drop_before", "create", "companies", {"name": "Nieuw BV"})
    follower = desk.ask("create", "companies", {"name": "Ander BV"}, after=operation)
    assert writes.decide(operation, remote_id=None, is_done=False, by=desk.person)
    assert (operation.state, operation.reason) == (State.FAILED, "Looked at and found not done by: Sanne Jansen")
    follower.refresh_from_db()
    assert follower.state == State.CANCELLED
    assert writes.retry(operation, desk.person)
    assert writes.perform(operation).state == State.DONE
    follower.refresh_from_db()
    assert follower.state == State.WAITING


def test_a_person_decides_about_a_send(desk: Desk) -> None:
    operation = send_lost(desk, "drop_after")
    proposal = operation.remote_id
    assert writes.decide(operation, remote_id=None, is_done=True, by=desk.person)
    assert (operation.state, operation.remote_id) == (State.DONE, proposal)


def test_a_late_answer_still_counts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep took the process for dead, but it was only slow."""
    operation = desk.ask("create", "companies", {"name": "Nieuw BV"})
    create, states = desk.account.create_company, []

    def dawdle(**fields: Any) -> Any:
        Operation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        writes.sweep()
        states.append(Operation.objects.get().state)
        connections.close_all()  # those of the simulator's thread
        return create(**fields)

    monkeypatch.setattr(desk.account, "create_company", dawdle)
    assert writes.perform(operation).state == State.DONE
    assert states == [State.UNKNOWN]
    assert operation.remote_id == max(desk.account.companies)
