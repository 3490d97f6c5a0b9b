"""Several things that may be what was created: only the one that is just so is taken for it."""

import pytest

from offorte_portal.writes import candidates, draining, settling
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from tests.writes.conftest import Desk
from tests.writes.settling.losses import lose

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


def test_something_older_of_that_name_is_not_taken_for_it(desk: Desk) -> None:
    desk.company(name="Nieuw BV")
    desk.sync()
    operation = lose(desk, "drop_before", "create", "companies", {"name": "Nieuw BV"})
    # Heard of again since it was sent, which proves nothing.
    desk.sync()
    draining.drain(desk.connection.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.remote_id) == (State.DONE, max(desk.account.companies))
    assert [one["name"] for one in desk.account.companies.values()].count("Nieuw BV") == 2


def test_two_creates_of_one_name_do_not_settle_on_the_same_id(desk: Desk) -> None:
    first = lose(desk, "drop_after", "create", "companies", {"name": "Nieuw BV"})
    second = desk.do("create", "companies", {"name": " nieuw  bv "})
    assert second.state == State.WAITING
    draining.drain(desk.connection.pk)
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
    settling.settle(operation)
    assert (operation.state, operation.reason, operation.retry_at) == (State.UNKNOWN, WriteReason.UNLIKE(), None)
    assert [(one.remote_id, one.is_exact) for one in settling.look(operation).candidates] == [(other, False)]
    desk.company(name="Nieuw BV", city="Tilburg")
    assert settling.settle(operation).reason == WriteReason.SEVERAL()
    draining.drain(desk.connection.pk)
    assert len(desk.written()) == 1


def test_one_that_is_just_so_among_several_is_it(desk: Desk) -> None:
    operation = lose(desk, "drop_after", "create", "companies", {"name": "Nieuw BV", "city": "Breda"})
    ours = max(desk.account.companies)
    desk.company(name="NIEUW BV", city="Oss")
    assert settling.settle(operation).state == State.DONE
    assert operation.remote_id == ours


def test_what_nothing_tells_apart_is_left_to_a_person(desk: Desk) -> None:
    operation = lose(desk, "drop_after", "create", "companies", {"name": "Nieuw BV", "city": "Breda"})
    Operation.objects.update(draft={"city": "Breda"})
    operation.refresh_from_db()
    assert settling.settle(operation).reason == WriteReason.CANT_LOOK()
    assert settling.look(operation).candidates == []


def test_a_list_that_is_too_long_is_left_to_a_person(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "MOST_PAGES", 1)
    directory = min(desk.account.directories)
    for number in range(60):
        desk.account.create_product(directory, name=f"Lat {number}")
    operation = lose(desk, "drop_before", "create", "products", {"name": "Dakraam"}, parent_remote_id=directory)
    assert settling.settle(operation).reason == WriteReason.CANT_LOOK()
    assert operation.retry_at is None
