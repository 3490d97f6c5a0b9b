"""Customers of other systems are matched when companies and people in the mirror change, without an import."""

from collections.abc import Callable
from typing import Any

import pytest
from django_q.models import OrmQ

from offorte_portal.changes.models import Change
from offorte_portal.changes.recording import read_again, recording
from offorte_portal.connections.models import Connection
from offorte_portal.other_systems import deciding, matching, rematching
from offorte_portal.other_systems.models import PartyMatch, Source
from offorte_portal.ports import queueing
from tests.support.factories import make_company, make_connection, make_person, make_staff

pytestmark = pytest.mark.django_db

Kind, State, What = PartyMatch.Kind, PartyMatch.State, Change.What
Task = tuple[Callable[..., object], tuple[Any, ...]]


@pytest.fixture
def account() -> Connection:
    return make_connection("bouw")


@pytest.fixture
def source(account: Connection) -> Source:
    return Source.objects.create(
        system="cirrus", label="Cirrus", base_url="https://c.example", secret="hush-hush", target=account
    )


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """The tasks that are queued instead of being run."""
    queued: list[Task] = []
    monkeypatch.setattr(queueing, "queue", lambda task, *args, name: queued.append((task, args)))
    return queued


def customer(source: Source, name: str, **details: Any) -> PartyMatch:
    return PartyMatch.objects.create(
        source=source, kind=Kind.COMPANY, key=name, name=name, details={"name": name} | details
    )


def person(source: Source, company: PartyMatch, name: str) -> PartyMatch:
    details = {"name": name, "email": ""}
    return PartyMatch.objects.create(
        source=source, kind=Kind.PERSON, key=name, name=name, company=company, details=details
    )


def change(account: Connection, **remote_ids: list[int]) -> None:
    """Record that these companies or people changed, as a sync does."""
    with recording(account.pk, Change.Source.SYNC) as record:
        for kind, changed in remote_ids.items():
            for remote_id in changed:
                record.note(kind, remote_id, What.CHANGED)


def run(tasks: list[Task]) -> int:
    """Run the queued tasks, and those that they queue; return their number."""
    number = 0
    while tasks:
        task, args = tasks.pop(0)
        task(*args)
        number += 1
    return number


def state(match: PartyMatch) -> tuple[str, int | None, int]:
    match.refresh_from_db()
    return match.state, match.remote_id, match.confidence


def settle(account: Connection, tasks: list[Task]) -> None:
    """Let the follower, which is new in the account, do what it does once at the beginning."""
    change(account, companies=[999])
    run(tasks)


def test_a_company_that_is_new_in_the_mirror_is_proposed(
    source: Source, account: Connection, tasks: list[Task]
) -> None:
    match = customer(source, "Nordvik Bygg AB")
    settle(account, tasks)
    company = make_company(account, name="Nordvik Bygg")
    change(account, companies=[company.remote_id])
    assert state(match) == (State.OPEN, None, 0), "a sync does not wait for it"
    assert run(tasks) == 1
    assert state(match) == (State.PROPOSED, company.remote_id, 70)


def test_a_better_one_is_taken_and_a_worse_one_is_not(source: Source, account: Connection, tasks: list[Task]) -> None:
    match = customer(source, "Nordvik Bygg AB", vat_number="SE5560123456")
    first = make_company(account, name="Nordvik Bygg")
    matching.propose(source)
    settle(account, tasks)
    same = make_company(account, name="Nordvik Bygg")
    change(account, companies=[same.remote_id])
    run(tasks)
    assert state(match)[1] == first.remote_id
    better = make_company(account, name="Nordvik", vat_number="SE5560123456")
    change(account, companies=[better.remote_id])
    run(tasks)
    assert state(match)[1:] == (better.remote_id, 95)


def test_a_proposal_that_changed_or_went_is_looked_for_in_the_whole_account(
    source: Source, account: Connection, tasks: list[Task]
) -> None:
    match = customer(source, "Nordvik Bygg AB", vat_number="SE5560123456")
    make_company(account, name="Nordvik Bygg")
    best = make_company(account, name="Nordvik", vat_number="SE5560123456")
    matching.propose(source)
    settle(account, tasks)
    assert state(match)[1] == best.remote_id
    best.vat_number = "SE999"
    best.save()
    change(account, companies=[best.remote_id])
    run(tasks)
    assert state(match)[2] == 70
    best.removed_at = best.as_of
    best.save()
    account.refresh_from_db()
    type(best).objects.filter(connection=account).update(removed_at=best.as_of)
    change(account, companies=list(type(best).objects.values_list("remote_id", flat=True)))
    run(tasks)
    assert state(match) == (State.OPEN, None, 0)


def test_people_follow_the_match_of_their_company(source: Source, account: Connection, tasks: list[Task]) -> None:
    match = customer(source, "Nordvik Bygg AB")
    maria = person(source, match, "Maria Ek")
    settle(account, tasks)
    company = make_company(account, name="Nordvik Bygg")
    there = make_person(account, company=company, company_remote_id=company.remote_id, fullname="Maria Ek", email="")
    change(account, companies=[company.remote_id])
    run(tasks)
    assert state(maria) == (State.PROPOSED, there.remote_id, 75)
    other = make_person(account, fullname="Jonas Berg", email="")
    change(account, people=[other.remote_id])
    run(tasks)
    assert state(maria)[1] == there.remote_id


def test_what_a_person_decided_stays_and_asks_for_no_task(
    source: Source, account: Connection, tasks: list[Task]
) -> None:
    match = customer(source, "Nordvik Bygg AB")
    settle(account, tasks)
    deciding.mark_new(match, by=make_staff())
    company = make_company(account, name="Nordvik Bygg")
    change(account, companies=[company.remote_id])
    assert tasks == []
    rematching.match_changed(account.pk, [company.remote_id], [])
    assert state(match)[0] == State.NEW


def test_another_account_is_not_looked_in(source: Source, account: Connection, tasks: list[Task]) -> None:
    match = customer(source, "Nordvik Bygg AB")
    elsewhere = make_connection("elsewhere")
    settle(elsewhere, tasks)
    change(elsewhere, companies=[make_company(elsewhere, name="Nordvik Bygg").remote_id])
    assert run(tasks) == 0
    assert state(match)[0] == State.OPEN
    Source.objects.update(target=None)
    change(elsewhere, companies=[make_company(elsewhere, name="Nordvik Bygg").remote_id])
    run(tasks)
    assert state(match)[0] == State.PROPOSED


@pytest.mark.parametrize("how", ["first sync", "many changes", "each day"])
def test_everything_is_matched_after_more_than_a_task_compares(
    how: str, source: Source, account: Connection, tasks: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    match = customer(source, "Nordvik Bygg AB")
    maria = person(source, match, "Maria Ek")
    settle(account, tasks)
    company = make_company(account, name="Nordvik Bygg")
    there = make_person(account, company=company, company_remote_id=company.remote_id, fullname="Maria Ek", email="")
    if how == "first sync":
        read_again(account.pk)
    elif how == "many changes":
        monkeypatch.setattr(rematching, "MOST_CHANGED", 1)
        change(account, companies=[company.remote_id], people=[there.remote_id])
    else:
        rematching.match_each_day()
    assert {task for task, _ in tasks} == {rematching.match_all}
    run(tasks)
    assert state(match)[1] == company.remote_id
    assert state(maria)[1] == there.remote_id


@pytest.mark.parametrize("is_all", [True, False])
def test_the_work_is_done_in_slices(
    is_all: bool, source: Source, account: Connection, tasks: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rematching, "CHUNK", 2)
    monkeypatch.setattr(rematching, "SLICE_SECONDS", -1)
    names = [f"Company {letter}" for letter in "abcde"]
    matches = [customer(source, name) for name in names]
    companies = [make_company(account, name=name).remote_id for name in names]
    if is_all:
        rematching.match_all(source.pk)
    else:
        rematching.match_changed(account.pk, companies, [])
    assert run(tasks) >= 2
    assert [state(match)[1] for match in matches] == companies


def test_a_system_that_was_deleted_is_not_missed() -> None:
    rematching.match_all(999)
    assert not OrmQ.objects.exists()
