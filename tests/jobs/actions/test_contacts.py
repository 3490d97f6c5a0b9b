"""What jobs on companies and people write, as Offorte then has it."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import planning, previews, registry, undoing
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.simulator import Simulator
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation
from tests.jobs.conftest import Start, work_off
from tests.support.factories import make_company, make_connection, make_person, make_proposal

pytestmark = pytest.mark.django_db(transaction=True)


def reasons_of(job: Job) -> list[Reason | None]:
    return list(job.operations.exclude(reason__isnull=True).order_by("pk").values_list("reason", flat=True))


def test_companies_are_given_what_they_lack(simulator: Simulator, account: Connection, start: Start) -> None:
    same, other = Company.objects.order_by("remote_id")[:2]
    Company.objects.filter(pk=same.pk).update(city="Breda", country="Nederland")
    job = work_off(
        start("companies.set_fields", [same, other], {"fields": {"city": " Breda ", "country": "Nederland"}})
    )
    assert (job.state, reasons_of(job)) == (Job.State.DONE, [JobReason.ALREADY_SO()])
    remote = simulator.account("bouw").companies[other.remote_id]
    assert (remote["city"], remote["country"]) == ("Breda", "Nederland")
    change = job.operations.get(state=Operation.State.DONE)
    assert change.before == {name: getattr(other, name) for name in change.draft}
    assert registry.find(job.action).describe(job.options) == "Change fields: City → Breda, Country → Nederland"


def test_people_are_changed_at_their_company(simulator: Simulator, account: Connection, start: Start) -> None:
    person = Person.objects.filter(company__isnull=False).first()
    assert person is not None
    job = work_off(start("people.set_fields", [person, make_person(account)], {"fields": {"salutation": "Drs"}}))
    assert (job.state, reasons_of(job)) == (Job.State.DONE, [JobReason.NO_COMPANY()])
    assert simulator.account("bouw").people[person.remote_id]["salutation"] == "Drs"
    assert simulator.requests[-1].path == f"/companies/{person.company_remote_id}/people/{person.remote_id}/"


@pytest.mark.parametrize(
    ("name", "options", "at"),
    [
        ("companies.set_fields", {}, "fields"),
        ("companies.set_fields", {"fields": {"name": " "}}, "fields"),
        ("companies.set_fields", {"fields": {"mobile": "06"}}, "fields"),
        ("people.set_fields", {"fields": {"vat_number": "1"}}, "fields"),
        ("companies.delete", {"people": "keep"}, "people"),
        ("companies.delete", {"people": "move"}, "company"),
        ("companies.merge", {}, "survivor"),
        ("people.move", {}, "company"),
        ("people.move", {"proposals": "burn"}, "proposals"),
    ],
)
def test_options_that_make_no_sense_are_refused(name: str, options: Mapping[str, Any], at: str) -> None:
    with pytest.raises(ValidationError) as refused:
        registry.find(name).clean(options)
    assert list(refused.value.message_dict) == [at]


def test_an_odd_address_is_warned_of(boss: User) -> None:
    action = registry.find("companies.set_fields")
    for email, number in (("info@", 1), ("info@vries.nl", 0)):
        seen = previews.preview(action, [], action.clean({"fields": {"email": email}}), boss)
        assert len(seen.warnings) == number
    assert not previews.preview(action, [], action.clean({"fields": {"city": "Breda"}}), boss).warnings


def test_deleting_says_what_else_is_lost(boss: User) -> None:
    connection = make_connection()
    company, alone = make_company(connection), make_company(connection)
    make_person(connection, company=company)
    make_proposal(connection, company=company)
    action = registry.find("companies.delete")
    kinds: list[tuple[Mapping[str, Any], list[str], Mapping[Reason, int]]] = [
        ({}, ["1 proposal will be left without a company."], {JobReason.HAS_PEOPLE(): 1}),
        ({"people": "delete"}, ["1 person will be deleted too.", "1 proposal will be left without a company."], {}),
    ]
    for options, warnings, left_out in kinds:
        seen = previews.preview(action, [company.pk, alone.pk], action.clean(options), boss)
        assert (seen.warnings, seen.reasons) == (warnings, left_out)
        assert seen.cannot_undo


def test_companies_are_deleted_with_their_people_or_not(
    simulator: Simulator, account: Connection, start: Start
) -> None:
    company = Company.objects.filter(people__isnull=False).first()
    assert company is not None
    remote = simulator.account("bouw")
    assert reasons_of(work_off(start("companies.delete", [company]))) == [JobReason.HAS_PEOPLE()]
    job = work_off(start("companies.delete", [company], {"people": "delete"}))
    assert job.state == Job.State.DONE
    assert company.remote_id not in remote.companies
    assert not Person.objects.filter(company=company).present().exists()
    assert registry.find(job.action).describe(job.options) == "Delete with their people"


def test_people_move_before_their_company_goes(simulator: Simulator, account: Connection, start: Start) -> None:
    company = Company.objects.filter(people__isnull=False).first()
    assert company is not None
    target = Company.objects.exclude(pk=company.pk).first()
    assert target is not None
    emails = {person.email for person in company.people.all()}
    job = work_off(start("companies.delete", [company, target], {"people": "move", "company": target}))
    assert (job.state, job.size) == (Job.State.DONE, 1)
    remote = simulator.account("bouw")
    assert company.remote_id not in remote.companies
    assert emails <= {remote.people[one]["email"] for one in remote.people_of[target.remote_id]}
    assert registry.find(job.action).describe(job.options) == f"Delete, and move people to {target}"


def test_people_who_can_not_move_keep_their_company(start: Start) -> None:
    connection = make_connection()
    target, company = make_company(connection), make_company(connection)
    make_person(connection, company_remote_id=company.remote_id, email="")
    options = {"people": "move", "company": target}
    job = start("companies.delete", [company], options)
    planning.plan(job.pk)
    assert reasons_of(job) == [JobReason.PEOPLE_INCOMPLETE()]
    late = start("companies.delete", [company], options)
    Company.objects.filter(pk=target.pk).update(removed_at=target.as_of)
    planning.plan(late.pk)
    assert reasons_of(late) == [JobReason.TARGET_GONE()]


def test_people_are_deleted(simulator: Simulator, account: Connection, start: Start) -> None:
    person = Person.objects.filter(company__isnull=False).first()
    assert person is not None
    job = work_off(start("people.delete", [person, make_person(account)]))
    assert (job.state, reasons_of(job)) == (Job.State.DONE, [JobReason.NO_COMPANY()])
    assert person.remote_id not in simulator.account("bouw").people


@pytest.mark.parametrize("proposals", ["move", "leave"])
def test_a_person_moves_with_proposals_of_no_other_receiver(
    simulator: Simulator, account: Connection, start: Start, proposals: str
) -> None:
    remote = simulator.account("bouw")
    old, new = Company.objects.order_by("remote_id")[:2]
    person, other = (
        remote.create_person(old.remote_id, fullname=name, email=f"{name}@x.nl")["id"] for name in ("Jan", "Piet")
    )
    for remote_id in (person, other):
        fields = {"email": remote.people[remote_id]["email"], "fullname": remote.people[remote_id]["fullname"]}
        make_person(account, remote_id=remote_id, company=old, company_remote_id=old.remote_id, **fields)
    alone, shared = (
        remote.create_proposal(old.remote_id, name=name, contacts=contacts)["id"]
        for name, contacts in (("alone", [person]), ("shared", [person, other]))
    )
    for remote_id, contacts in ((alone, [person]), (shared, [person, other])):
        make_proposal(account, remote_id=remote_id, company=old, company_remote_id=old.remote_id)
        written = {"target": "proposals", "verb": "change", "state": "done", "draft": {"company_contacts": contacts}}
        Operation.objects.create(connection=account, remote_id=remote_id, **written)
    row = Person.objects.get(remote_id=person)
    at_target = make_person(account, company_remote_id=new.remote_id)
    job = work_off(start("people.move", [row, at_target], {"company": new, "proposals": proposals}))
    assert (job.state, reasons_of(job)) == (Job.State.DONE, [JobReason.ALREADY_SO()])
    assert person not in remote.people
    (moved,) = [one for one in remote.people_of[new.remote_id] if remote.people[one]["email"] == "Jan@x.nl"]
    expected = (new.remote_id, [moved]) if proposals == "move" else (old.remote_id, [person])
    assert (remote.proposals[alone]["company_id"], remote.proposals[alone]["contacts"]) == expected
    assert remote.proposals[shared]["company_id"] == old.remote_id
    assert undoing.can_undo(job) == JobReason.NOT_UNDOABLE()
    assert registry.find(job.action).describe(job.options) == f"Move to {new}"


def test_a_person_without_an_address_can_not_move(start: Start) -> None:
    connection = make_connection()
    target = make_company(connection)
    person = make_person(connection, company_remote_id=5, email="")
    job = start("people.move", [person], {"company": target})
    planning.plan(job.pk)
    assert reasons_of(job) == [JobReason.PERSON_INCOMPLETE()]
    late = start("people.move", [person], {"company": target})
    Company.objects.filter(pk=target.pk).update(removed_at=target.as_of)
    planning.plan(late.pk)
    assert reasons_of(late) == [JobReason.TARGET_GONE()]
