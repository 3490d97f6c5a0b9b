"""A creation without an answer is found at Offorte, or sent again once it is certain that it was not done."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from catalog.models import Product
from contacts.models import Company, Person
from offorte_portal.api.errors import Unavailable
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Fault
from offorte_portal.text.reason import Reason
from offorte_portal.webhooks.models import Webhook
from offorte_portal.writes import draining, performing, settling
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from tests.writes.conftest import Desk
from tests.writes.settling.losses import age, lose

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


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
    desk.simulator.switches.product_list = "full"
    draft, parent = places(desk)[target]
    operation = lose(desk, "drop_after", "create", target, draft, parent_remote_id=parent)
    draining.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.reason) == (State.DONE, None)
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
    settling.settle(operation)
    assert (operation.state, operation.reason, operation.sent_at) == (State.WAITING, WriteReason.NOT_DONE(), None)
    draining.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert operation.state == State.DONE
    assert len(getattr(desk.account, target)) == before + 1
    assert len(desk.written()) == 2


def test_what_offorte_may_still_be_at_is_not_sent_again(desk: Desk) -> None:
    operation = lose(desk, "drop_before", "create", "companies", {"name": "Nieuw BV"})
    Operation.objects.update(sent_at=timezone.now() - timedelta(seconds=40))
    settling.settle(operation)
    assert (operation.state, operation.reason) == (State.UNKNOWN, WriteReason.NOT_FOUND_YET())
    assert operation.sent_at is not None
    assert operation.retry_at == operation.sent_at + settling.CERTAIN_AFTER
    # Only now does Offorte come to it.
    desk.company(name="Nieuw BV")
    age(operation)
    draining.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, len(desk.written())) == (State.DONE, 1)


@pytest.mark.parametrize("answer", ["id", "named", "empty"])
@pytest.mark.parametrize("target", ["companies", "people", "directories", "webhooks"])
def test_an_answer_names_the_id_or_it_is_found_at_once(desk: Desk, target: str, answer: Any) -> None:
    desk.simulator.switches.created_body = answer
    draft, parent = places(desk)[target]
    operation = desk.do("create", target, draft, parent_remote_id=parent)
    assert (operation.state, operation.reason) == (State.DONE, None)
    assert operation.remote_id == max(getattr(desk.account, target))


def test_what_was_answered_without_an_id_is_never_sent_again(desk: Desk) -> None:
    desk.simulator.switches.created_body = "empty"
    desk.simulator.faults.add(Fault("error_500", method="GET", times=None))
    operation = desk.do("create", "companies", {"name": "Nieuw BV"})
    assert (operation.state, operation.answer) == (State.UNKNOWN, {})
    desk.simulator.faults.clear()
    desk.account.delete_company(max(desk.account.companies))
    settling.settle(operation)
    assert (operation.state, operation.reason) == (State.UNKNOWN, WriteReason.CANT_LOOK())
    assert operation.retry_at is not None
    age(operation, minutes=20)
    settled = settling.settle(operation)
    assert (settled.state, settled.retry_at) == (State.UNKNOWN, None)
    assert len(desk.written()) == 1


def test_the_worker_looks_for_what_was_answered_without_an_id(desk: Desk) -> None:
    desk.simulator.switches.created_body = "empty"
    operation = desk.ask("create", "companies", {"name": "Nieuw BV"})
    draining.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.remote_id) == (State.DONE, max(desk.account.companies))


def test_in_what_is_gone_nothing_was_made(desk: Desk) -> None:
    company = desk.company()
    draft = {"fullname": "Sanne Bos", "email": "s@bos.nl"}
    operation = lose(desk, "drop_before", "create", "people", draft, parent_remote_id=company)
    desk.account.delete_company(company)
    assert settling.settle(operation).state == State.WAITING
    assert performing.perform(operation).state == State.FAILED


def test_while_offorte_is_away_it_stays_in_doubt(desk: Desk) -> None:
    operation = lose(desk, "drop_after", "create", "companies", {"name": "Nieuw BV"})
    desk.simulator.faults.add(Fault("unavailable_503_html", method="GET", times=3))
    settling.settle(operation)
    assert (operation.state, operation.reason) == (State.UNKNOWN, Reason("api.cant_answer"))
    assert operation.retry_at is not None
    assert operation.retry_at > timezone.now()
    desk.simulator.faults.add(Fault("unavailable_503_html", method="GET", times=3))
    with pytest.raises(Unavailable):
        settling.look(operation)
    Connection.objects.update(state=Connection.State.RECONNECT)
    operation.connection.refresh_from_db()
    assert settling.settle(operation).state == State.UNKNOWN


def test_only_one_process_settles(desk: Desk) -> None:
    operation = lose(desk, "drop_after", "create", "companies", {"name": "Nieuw BV"})
    until = timezone.now() + timedelta(minutes=1)
    Operation.objects.update(lease="another", lease_until=until)
    desk.simulator.log.clear()
    assert settling.settle(operation).state == State.UNKNOWN
    assert desk.simulator.requests == []


def test_a_late_answer_still_counts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep took the process for dead, but it was only slow."""
    operation = desk.ask("create", "companies", {"name": "Nieuw BV"})
    create, states = desk.account.create_company, []

    def dawdle(**fields: Any) -> Any:
        Operation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        draining.sweep()
        states.append(Operation.objects.get().state)
        connections.close_all()  # those of the simulator's thread
        return create(**fields)

    monkeypatch.setattr(desk.account, "create_company", dawdle)
    assert performing.perform(operation).state == State.DONE
    assert states == [State.UNKNOWN]
    assert operation.remote_id == max(desk.account.companies)
