"""Bringing customers and products to Offorte: each once, recognised where Offorte has it, undone again."""

import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from catalog.models import Product, ProductDirectory, VatGroup
from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import control, undoing
from offorte_portal.jobs.models import Job
from offorte_portal.other_systems import deciding
from offorte_portal.other_systems.models import MovedItem, Source
from offorte_portal.other_systems.move_reasons import MoveReason, MoveWarning
from offorte_portal.other_systems.moving.action import MOVE
from offorte_portal.other_systems.moving.judging import Judge, Outcome, Verdict
from offorte_portal.other_systems.moving.starting import plan, start
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.simulator.sources import SourceSimulator
from offorte_portal.writes.asking import request
from offorte_portal.writes.models import Operation
from tests.jobs.conftest import make_seller, work_off
from tests.other_systems.conftest import run_import
from tests.other_systems.moving.conftest import choose, item, read
from tests.support.factories import make_connection, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def other() -> Any:
    with SourceSimulator(quotes=4, customers=8, articles=10) as running:
        yield running


@pytest.fixture
def source(account: Connection, add_source: Callable[..., Source]) -> Source:
    made = add_source("cirrus", target=account)
    read(made)
    return made


@pytest.fixture
def boss() -> User:
    return make_staff("boss")


def move(source: Source, account: Connection, by: User, *, key: uuid.UUID | None = None, **options: Any) -> Job:
    return start(source, plan(source, choose(account, **options)), by=by, key=key or uuid.uuid4())


def judge(source: Source, account: Connection, *items: MovedItem, **options: Any) -> list[Verdict]:
    rows = MovedItem.objects.filter(pk__in=[each.pk for each in items]).select_related("created_with", "parent")
    found = {row.pk: row for row in rows}
    return Judge(source, choose(account, **options)).judge(found[each.pk] for each in items)


def named(things: dict[int, dict[str, Any]], name: str, key: str = "name") -> list[dict[str, Any]]:
    return [thing for thing in things.values() if thing[key] == name]


def test_customers_and_products_are_created_where_they_belong(
    source: Source, account: Connection, boss: User, simulator: Simulator
) -> None:
    remote = simulator.account("bouw")
    before = Counter({name: len(getattr(remote, name)) for name in ("companies", "people", "directories", "products")})
    job = work_off(move(source, account, boss))
    assert (job.state, job.size) == (Job.State.DONE, 8 + 8 + 4 + 10)
    assert Counter(job.operations.values_list("target", "state")) == {
        ("companies", "done"): 8, ("people", "done"): 8, ("directories", "done"): 4, ("products", "done"): 10,
    }  # fmt: skip
    after = Counter({name: len(getattr(remote, name)) for name in before})
    assert after - before == {"companies": 8, "people": 8, "directories": 4, "products": 10}
    (company,) = named(remote.companies, "Nordvik Bygg AB")
    (person,) = named(remote.people, "Maria Ek", "fullname")
    assert (company["vat_number"], company["street"], company["city"]) == (
        "SE000000000310",
        "Storgatan 310",
        "Göteborg",
    )
    assert (person["company_id"], person["mobile"]) == (company["id"], "+46 70 0000520")
    (directory,), (product,) = named(remote.directories, "Takstolar"), named(remote.products, "Takstol 8 m")
    assert (product["sku"], product["directory_id"]) == ("TS-8000", directory["id"])
    assert Company.objects.filter(name="Nordvik Bygg AB").exists()
    assert {row.state for row in source.moved_items.select_related("created_with")} == {MovedItem.State.MADE}


def test_nothing_is_created_twice(source: Source, account: Connection, boss: User, simulator: Simulator) -> None:
    key = uuid.uuid4()
    first = move(source, account, boss, key=key)
    assert move(source, account, boss, key=key) == first
    second = move(source, account, boss)
    work_off(first)
    work_off(second)
    assert {operation.state for operation in second.operations.all()} == {"skipped"}
    assert {operation.reason for operation in second.operations.all()} == {MoveReason.MADE()}
    third = work_off(move(source, account, boss))
    assert third.size == 0
    assert len(named(simulator.account("bouw").companies, "Nordvik Bygg AB")) == 1


def test_jobs_planned_at_the_same_time_create_each_once(source: Source, account: Connection, boss: User) -> None:
    jobs = [move(source, account, boss), move(source, account, boss)]
    for job in reversed(jobs):
        work_off(job)
    done = Operation.objects.filter(state="done", target="companies")
    assert Counter(done.values_list("label", flat=True)).most_common(1)[0][1] == 1


def test_what_offorte_has_is_named_and_used(
    source: Source, account: Connection, boss: User, simulator: Simulator
) -> None:
    company = Company.objects.filter(connection=account).order_by("pk")[0]
    Company.objects.filter(pk=company.pk).update(name="Nordvik", vat_number="SE 000000000310")
    person = Person.objects.filter(connection=account, company=company).order_by("pk").first()
    assert person is not None
    Person.objects.filter(pk=person.pk).update(fullname="Maria  Ek", email="MARIA.EK@nordvik-bygg.example")
    directory = ProductDirectory.objects.filter(connection=account).order_by("pk")[0]
    ProductDirectory.objects.filter(pk=directory.pk).update(name="takstolar")
    product = Product.objects.filter(connection=account).order_by("pk")[0]
    Product.objects.filter(pk=product.pk).update(sku="ts-8000")
    job = work_off(move(source, account, boss))
    skipped = {operation.label: operation.reason for operation in job.operations.filter(state="skipped")}
    assert skipped == {
        "Nordvik Bygg AB": MoveReason.MATCHED(name="Nordvik", id=company.remote_id),
        "Maria Ek": MoveReason.MATCHED(name="Maria  Ek", id=person.remote_id),
        "Takstolar": MoveReason.MATCHED(name="takstolar", id=directory.remote_id),
        "Takstol 8 m": MoveReason.MATCHED(name=product.name, id=product.remote_id),
    }
    matched = item(source, "company", 310)
    assert (matched.state, matched.remote_id, "vat_number" in matched.evidence) == ("matched", company.remote_id, True)
    remote = simulator.account("bouw")
    (montering,) = [one for one in remote.products.values() if one["sku"] == "TS-8003"]
    assert montering["directory_id"] == directory.remote_id


def test_what_may_be_in_offorte_waits_for_a_persons_choice(source: Source, account: Connection) -> None:
    company = Company.objects.filter(connection=account).order_by("pk")[0]
    Company.objects.filter(pk=company.pk).update(email="sales@havsbris-hotell.example", vat_number="", internet="")
    row, person = item(source, "company", 311), item(source, "person", 521)
    reason = MoveReason.DOUBTFUL(name=company.name, id=company.remote_id)
    doubtful, left = judge(source, account, row, person)
    assert (doubtful.outcome, doubtful.reason) == (Outcome.DOUBTFUL, reason)
    assert left.reason == MoveReason.COMPANY_LEFT_OUT()
    outcomes = {}
    for decision in MovedItem.Decision.values:
        MovedItem.objects.filter(pk=row.pk).update(decision=decision)
        outcomes[decision] = [verdict.outcome.value for verdict in judge(source, account, row, person)]
    assert outcomes == {
        "": ["doubtful", "left_out"],
        "use": ["matched", "make"],
        "make": ["make", "make"],
        "leave": ["left_out", "left_out"],
    }
    MovedItem.objects.filter(pk=row.pk).update(decision="")
    assert [verdict.outcome for verdict in judge(source, account, row, doubtful="use")] == [Outcome.MATCHED]


def test_an_account_that_is_there_twice_is_created_once(
    source: Source, account: Connection, boss: User, other: SourceSimulator, simulator: Simulator
) -> None:
    other.cirrus.accounts[312] |= {"name": "Beispiel Software Filiale", "vatno": "SE000000000310"}
    other.cirrus.articles[803]["number"] = "ts-8000"
    read(source)
    twin, product = item(source, "company", 312), item(source, "product", 803)
    verdicts = judge(source, account, twin, product)
    assert [verdict.reason for verdict in verdicts] == [
        MoveReason.SAME_AS(name="Nordvik Bygg AB"),
        MoveReason.SAME_AS(name="Takstol 8 m"),
    ]
    work_off(move(source, account, boss))
    remote = simulator.account("bouw")
    (company,) = named(remote.companies, "Nordvik Bygg AB")
    assert named(remote.companies, "Beispiel Software Filiale") == []
    assert {one["fullname"] for one in remote.people.values() if one["company_id"] == company["id"]} == {
        "Maria Ek",
        "Klara Visser",
    }


def test_vat_and_currency_of_products(source: Source, account: Connection) -> None:
    row = item(source, "product", 801)
    (verdict,) = judge(source, account, row)
    assert verdict.warnings[-1] == MoveWarning.NO_VAT_GROUP(rate="25")
    group = VatGroup.objects.filter(connection=account).order_by("pk")[0]
    VatGroup.objects.filter(pk=group.pk).update(vat=25)
    (verdict,) = judge(source, account, row)
    assert verdict.vat_id == group.remote_id
    (verdict,) = judge(source, account, row, takes_other_currencies=False)
    assert verdict.reason == MoveReason.OTHER_CURRENCY(currency="SEK")


def test_a_customer_that_was_created_with_a_quote_is_not_created_again(
    source: Source, account: Connection, boss: User
) -> None:
    run_import(source)
    match = source.matches.get(kind="company", key="310")
    deciding.confirm(match, Company.objects.filter(connection=account).order_by("pk")[0], by=boss)
    (verdict,) = judge(source, account, item(source, "company", 310))
    assert (verdict.outcome, verdict.existing and verdict.existing.remote_id) == (Outcome.MATCHED, match.remote_id)


def test_a_customer_that_is_confirmed_in_another_account_is_left_out(source: Source, account: Connection) -> None:
    run_import(source)
    elsewhere = make_connection(account="dak")
    source.matches.filter(key="310").update(state="confirmed", connection=elsewhere, remote_id=7)
    (verdict,) = judge(source, account, item(source, "company", 310))
    assert verdict.reason == MoveReason.OTHER_ACCOUNT()


def test_a_customer_that_a_quote_creates_at_the_same_moment_is_created_once(
    source: Source, account: Connection, boss: User
) -> None:
    run_import(source)
    job, row = move(source, account, boss, kinds=frozenset({"company"})), item(source, "company", 310)
    drafts = [request(connection=account, verb="create", target="companies", draft={"name": "Nordvik"}, by=boss)
              for _ in range(2)]  # fmt: skip
    source.matches.filter(kind="company", key="310").update(created_with=drafts[0])
    MOVE.keep([(row, drafts[1])])
    drafts[1].refresh_from_db()
    assert (drafts[1].state, drafts[1].reason) == ("skipped", MoveReason.UNDER_WAY())
    work_off(job)
    assert job.operations.get(label="Nordvik Bygg AB").reason == MoveReason.UNDER_WAY()


def test_a_customer_that_is_brought_is_that_of_the_quotes(source: Source, account: Connection, boss: User) -> None:
    run_import(source)
    work_off(move(source, account, boss))
    deciding.settle_made()
    match = source.matches.get(kind="company", key="310")
    company = Company.objects.get(name="Nordvik Bygg AB")
    assert (match.state, match.remote_id) == ("confirmed", company.remote_id)


def test_what_offorte_refused_is_created_by_a_later_job_and_no_longer_by_the_first(
    source: Source, account: Connection, boss: User, simulator: Simulator
) -> None:
    fault = simulator.faults.add(Fault("status", method="POST", times=1, status=422))
    first = work_off(move(source, account, boss, kinds=frozenset({"company"})))
    assert fault.times == 0
    (refused,) = first.operations.exclude(state="done")
    second = work_off(move(source, account, boss, kinds=frozenset({"company"})))
    assert [operation.state for operation in second.operations.all()] == ["done"]
    refused.refresh_from_db()
    assert (refused.state, refused.reason) == ("skipped", MoveReason.REPLACED())
    assert not control.retry_failed(first, boss)
    work_off(first)
    assert len(named(simulator.account("bouw").companies, refused.label)) == 1


def test_what_changed_since_it_was_confirmed_is_left_out(
    source: Source, account: Connection, boss: User, other: SourceSimulator
) -> None:
    job = move(source, account, boss)
    other.cirrus.accounts[310]["name"] = "Something else AB"
    read(source)
    work_off(job)
    reasons = {operation.label: operation.reason for operation in job.operations.filter(state="skipped")}
    assert reasons == {"Something else AB": MoveReason.CHANGED(), "Maria Ek": MoveReason.COMPANY_LEFT_OUT()}


def test_another_account_gets_nothing_that_was_brought_before(source: Source, account: Connection, boss: User) -> None:
    work_off(move(source, account, boss, kinds=frozenset({"company"})))
    elsewhere = make_connection(account="dak")
    (verdict,) = judge(source, elsewhere, item(source, "company", 310))
    assert verdict.reason == MoveReason.OTHER_ACCOUNT()


def test_rights(source: Source, account: Connection, simulator: Simulator) -> None:
    with pytest.raises(PermissionDenied):
        move(source, account, make_seller("add_company"))
    seller = make_seller("import_source", "add_company")
    job = work_off(move(source, account, seller))
    assert Counter(job.operations.values_list("target", "state")) == {
        ("companies", "done"): 8, ("people", "skipped"): 8, ("directories", "skipped"): 4, ("products", "skipped"): 10,
    }  # fmt: skip


def test_a_move_is_undone_people_and_products_first(
    source: Source, account: Connection, boss: User, simulator: Simulator
) -> None:
    remote = simulator.account("bouw")
    simulator.switches.product_list = "full"
    before = {name: set(getattr(remote, name)) for name in ("companies", "people", "products")}
    job = work_off(move(source, account, boss))
    work_off(undoing.undo(job, by=boss))
    assert set(remote.people) == before["people"]
    assert len(remote.companies) == len(before["companies"]) + 8, "they had people when the undo was planned"
    assert undoing.can_undo(job) is None
    work_off(undoing.undo(job, by=boss))
    assert set(remote.companies) == before["companies"]
    again = work_off(move(source, account, boss, kinds=frozenset({"company", "person"})))
    assert {operation.state for operation in again.operations.all()} == {"done"}
