"""Importing: what was confirmed is written to Offorte once, as a job."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from catalog.models import Product
from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.files.imports.importing import start, ways
from offorte_portal.files.imports.storing import drop_old, may_see
from offorte_portal.files.models import Upload
from offorte_portal.jobs import undoing
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.simulator import Simulator
from offorte_portal.writes.models import Operation
from tests.files.imports.conftest import MakeUpload, outcomes, row_of
from tests.files.imports.storing import examine
from tests.jobs.conftest import make_seller, work_off
from tests.support.factories import make_person, make_staff
from tests.support.mirrored import mirror_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(simulator: Simulator, connect: Callable[..., Connection]) -> Connection:
    """The simulator's account, synced."""
    connected = connect()
    mirror_account(connected, simulator)
    return connected


def first_company(connection: Connection) -> Company:
    return Company.objects.filter(connection=connection).exclude(name="").order_by("remote_id")[0]


def test_companies_are_made_and_changed_once(
    simulator: Simulator, connection: Connection, upload: MakeUpload, boss: User
) -> None:
    known = first_company(connection)
    rows = [
        ["ID", "Naam", "Plaats"],
        ["", "Import Een", "Breda"],
        [known.remote_id, "", "Elders"],
        ["", "Import Twee", ""],
    ]
    made = upload("companies", [*rows, ["x", "Fout", ""]])
    assert outcomes(made) == ["new", "change", "new", "problem"]
    job = start(made, by=boss)
    assert start(Upload.objects.get(pk=made.pk), by=boss) == job
    work_off(job)
    assert job.state == Job.State.DONE
    assert Counter(job.operations.values_list("verb", "state")) == {("create", "done"): 2, ("change", "done"): 1}
    names = [one["name"] for one in simulator.account("bouw").companies.values()]
    assert names.count("Import Een") == names.count("Import Twee") == 1
    known.refresh_from_db()
    assert known.city == "Elders"
    assert Company.objects.filter(name="Import Een", city="Breda").count() == 1
    row = row_of(made, 2)
    assert row.operation is not None
    assert row.operation.label == "Import Een"
    # The same file again changes nothing.
    again = upload("companies", [["Naam", "Plaats"], ["Import Een", "Breda"], ["Import Twee", ""]])
    assert outcomes(again) == ["same", "same"]


def test_the_companies_of_people_are_created_once_before_them(
    simulator: Simulator, connection: Connection, upload: MakeUpload, boss: User
) -> None:
    header = ["Naam", "E-mail", "Bedrijf"]
    rows = [
        ["Eva", "eva@x.example", "Nieuw BV"],
        ["Jan", "jan@x.example", "Nieuw B.V."],
        ["Bo", "bo@x.example", "Ander"],
    ]
    made = upload("people", [header, *rows])
    made.options |= {"creates": True}
    examine(made)
    assert outcomes(made) == ["new", "new", "new"]
    work_off(start(made, by=boss))
    names = [company["name"] for company in simulator.account("bouw").companies.values()]
    assert (names.count("Nieuw BV"), names.count("Nieuw B.V."), names.count("Ander")) == (1, 0, 1)
    company = Company.objects.get(name="Nieuw BV")
    assert set(Person.objects.filter(company=company).values_list("fullname", flat=True)) == {"Eva", "Jan"}


def test_changes_are_undone(connection: Connection, upload: MakeUpload, boss: User) -> None:
    known = first_company(connection)
    city = known.city
    job = work_off(start(upload("companies", [["ID", "Plaats"], [known.remote_id, "Elders"]]), by=boss))
    work_off(undoing.undo(job, by=boss))
    known.refresh_from_db()
    assert known.city == city


def test_what_a_file_brought_in_goes_again_unless_it_is_used(
    simulator: Simulator, connection: Connection, upload: MakeUpload, boss: User
) -> None:
    job = work_off(start(upload("companies", [["Naam"], ["Ongebruikt"], ["Gebruikt"], ["Gewijzigd"]]), by=boss))
    used, changed = Company.objects.get(name="Gebruikt"), Company.objects.get(name="Gewijzigd")
    make_person(connection, company=used, company_remote_id=used.remote_id)
    simulator.account("bouw").companies[changed.remote_id]["name"] = "Heel anders"
    undone = work_off(undoing.undo(job, by=boss))
    assert dict(undone.operations.values_list("label", "state")) == {
        "Ongebruikt": Operation.State.DONE,
        "Gebruikt": Operation.State.SKIPPED,
        "Gewijzigd": Operation.State.SKIPPED,
    }
    assert undone.operations.get(label="Gebruikt").reason == JobReason.IN_USE()
    names = {one["name"] for one in simulator.account("bouw").companies.values()}
    assert {"Gebruikt", "Heel anders"} <= names
    assert "Ongebruikt" not in names


def test_people_and_products(simulator: Simulator, connection: Connection, upload: MakeUpload, boss: User) -> None:
    company = first_company(connection)
    people = [["Bedrijf-ID", "Naam", "Mail"], [company.remote_id, "Nieuw Mens", "nieuw@mens.example"]]
    people_upload = upload("people", people)
    assert row_of(people_upload, 2).problem is None
    assert work_off(start(people_upload, by=boss)).state == Job.State.DONE
    assert Person.objects.get(email="nieuw@mens.example").company_remote_id == company.remote_id
    directory = Product.objects.filter(connection=connection, directory__isnull=False).order_by("pk")[0].directory
    assert directory is not None
    products = [["Naam", "Map", "Prijs"], ["Nieuw ding", directory.remote_id, "12,50"]]
    assert work_off(start(upload("products", products), by=boss)).state == Job.State.DONE
    made = Product.objects.get(name="Nieuw ding")
    assert (made.directory, str(made.price)) == (directory, "12.5000")
    for job in Job.objects.all():
        work_off(undoing.undo(job, by=boss))
    assert not Person.objects.present().filter(email="nieuw@mens.example").exists()
    assert not Product.objects.present().filter(name="Nieuw ding").exists()


def test_what_changed_since_is_left_out(connection: Connection, upload: MakeUpload, boss: User) -> None:
    known = first_company(connection)
    rows = [["ID", "Naam", "Plaats"], ["", "Intussen", "Breda"], [known.remote_id, "", "Elders"], ["", "Blijft", ""]]
    job = start(upload("companies", rows), by=boss)
    Company.objects.create(connection=connection, remote_id=10**9, name="Intussen", as_of=known.as_of)
    Company.objects.filter(pk=known.pk).update(city="Elders")
    work_off(job)
    reasons_given = dict(job.operations.values_list("label", "reason"))
    assert reasons_given["Row 2: Intussen"] == JobReason.CHANGED_SINCE()
    assert JobReason.ALREADY_SO() in reasons_given.values()
    assert reasons_given["Blijft"] is None


def test_what_offorte_refuses_is_told_with_its_row(
    simulator: Simulator, connection: Connection, upload: MakeUpload, boss: User
) -> None:
    company = first_company(connection)
    made = upload("people", [["Bedrijf", "Naam", "Mail"], [company.remote_id, "X", "x@x.example"]])
    simulator.account("bouw").companies.pop(company.remote_id)
    job = work_off(start(made, by=boss))
    row = row_of(made, 2)
    assert row.operation is not None
    assert row.operation.state in {Operation.State.REJECTED, Operation.State.FAILED}
    assert row.operation.reason
    assert job.state == Job.State.DONE


def test_rights(connection: Connection, upload: MakeUpload, boss: User) -> None:
    seller = make_seller("add_company")
    assert ways(seller, "companies") == ["skip", "create"]
    mine = upload("companies", [["Naam"], ["Van een verkoper"]], "skip", by=seller)
    assert may_see(mine, seller)
    assert may_see(mine, make_staff())
    assert not may_see(mine, make_seller("add_company"))
    with pytest.raises(PermissionDenied):
        start(mine, by=make_seller("add_person"))
    known = first_company(connection)
    # Somebody who may not change what is there can't do so by a file.
    forced = upload("companies", [["ID", "Plaats"], [known.remote_id, "Elders"]], by=seller)
    job = work_off(start(forced, by=seller))
    assert set(job.operations.values_list("state", "reason")) == {("skipped", JobReason.NOT_YOURS())}


def test_only_rows_of_the_upload_are_taken(connection: Connection, upload: MakeUpload, boss: User) -> None:
    one = upload("companies", [["Naam"], ["Een"]])
    other = upload("companies", [["Naam"], ["Ander"]])
    job = start(one, by=boss)
    Job.objects.filter(pk=job.pk).update(selection=[row_of(other, 2).pk])
    job.refresh_from_db()
    work_off(job)
    assert set(job.operations.values_list("state", flat=True)) == {Operation.State.SKIPPED}


def test_old_uploads_go_unless_a_job_needs_them(connection: Connection, upload: MakeUpload, boss: User) -> None:
    old = upload("companies", [["Naam"], ["Oud"]])
    kept = upload("companies", [["Naam"], ["Wacht"]])
    start(kept, by=boss)
    fresh = upload("companies", [["Naam"], ["Nieuw"]])
    Upload.objects.exclude(pk=fresh.pk).update(created_at="2026-01-01T00:00:00Z")
    assert drop_old() == 1
    assert not Upload.objects.filter(pk=old.pk).exists()


def test_examining_again_takes_the_new_columns(connection: Connection, upload: MakeUpload) -> None:
    made = upload("companies", [["Naam", "Woonplaats"], ["Nieuw", "Breda"]])
    made.mapping = {"name": "Naam", "street": "Woonplaats"}
    examine(made)
    assert row_of(made, 2).draft == {"name": "Nieuw", "street": "Breda"}
