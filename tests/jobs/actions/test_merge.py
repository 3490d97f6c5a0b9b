"""Merging companies: what they have moves first, and only then do they go."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client

from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import control, planning, previews, registry
from offorte_portal.jobs import undoing as jobs_undoing
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.writes import control as writes_control
from offorte_portal.writes.models import Operation
from proposals.models import Proposal, Receiver
from tests.jobs.conftest import Start, work_off
from tests.support.factories import make_company, make_connection, make_person, make_proposal

pytestmark = pytest.mark.django_db(transaction=True)

State = Operation.State


class Case:
    """Two companies at Offorte: one stays; the other has two people, of whom the first is at both, and proposals."""

    def __init__(self, simulator: Simulator, connection: Connection) -> None:
        self.remote = simulator.account("bouw")
        stays = self.remote.create_company(name="De Vries BV")
        goes = self.remote.create_company(name="de vries")
        both = [self.remote.create_person(one["id"], fullname="Jan", email="jan@vries.nl") for one in (stays, goes)]
        piet = self.remote.create_person(goes["id"], fullname="Piet Vries", firstname="Piet", email="Piet@vries.nl")
        self.jan, self.old_jan, self.piet = both[0]["id"], both[1]["id"], piet["id"]
        asked: dict[str, Any] = {"contacts": [self.old_jan, self.piet], "status": "open"}
        self.sent = self.remote.create_proposal(goes["id"], name="Sent", **asked)["id"]
        self.remote.send_proposal(self.sent, message="Hello")
        self.draft = self.remote.create_proposal(goes["id"], name="Draft")["id"]
        self.stays = make_company(connection, remote_id=stays["id"], name="De Vries BV")
        self.goes = make_company(connection, remote_id=goes["id"], name="de vries")
        for company, remote_id, email in (
            (self.stays, self.jan, "jan@vries.nl"),
            (self.goes, self.old_jan, "jan@vries.nl"),
            (self.goes, self.piet, "Piet@vries.nl"),
        ):
            links = {"company": company, "company_remote_id": company.remote_id}
            name = self.remote.people[remote_id]["fullname"]
            make_person(connection, remote_id=remote_id, email=email, fullname=name, **links)
        links = {"company": self.goes, "company_remote_id": self.goes.remote_id}
        sent = make_proposal(connection, remote_id=self.sent, name="Sent", **links)
        make_proposal(connection, remote_id=self.draft, name="Draft", **links)
        for position, email in enumerate(["jan@vries.nl", "piet@vries.nl"]):
            Receiver.objects.create(proposal=sent, remote_id=position + 1, position=position, email=email)

    def people_at(self, company: Company) -> list[str]:
        """Who is there at Offorte."""
        return [self.remote.people[one]["fullname"] for one in self.remote.people_of[company.remote_id]]


@pytest.fixture
def case(simulator: Simulator, connect: Any) -> Case:
    return Case(simulator, connect())


def test_everything_is_at_the_one_that_stays(case: Case, start: Start, simulator: Simulator) -> None:
    job = work_off(start("companies.merge", [case.goes, case.stays], {"survivor": case.stays}))
    assert (job.state, job.size) == (Job.State.DONE, 1)
    assert {one.state for one in job.operations.all()} == {State.DONE}
    assert case.goes.remote_id not in case.remote.companies
    assert case.people_at(case.stays) == ["Jan", "Piet Vries"]
    (new,) = set(case.remote.people_of[case.stays.remote_id]) - {case.jan}
    assert case.remote.proposals[case.sent]["company_id"] == case.stays.remote_id
    assert case.remote.proposals[case.sent]["contacts"] == [case.jan, new]
    assert case.remote.proposals[case.draft]["company_id"] == case.stays.remote_id
    last = [(one.method, one.path) for one in simulator.requests][-3:]
    assert last == [
        ("DELETE", f"/companies/{case.goes.remote_id}/people/{case.old_jan}/"),
        ("DELETE", f"/companies/{case.goes.remote_id}/people/{case.piet}/"),
        ("DELETE", f"/companies/{case.goes.remote_id}/"),
    ]
    assert set(Proposal.objects.values_list("company", flat=True)) == {case.stays.pk}
    assert set(Person.objects.present().values_list("company", flat=True)) == {case.stays.pk}
    assert Company.objects.present().get() == case.stays


def test_nothing_is_deleted_when_a_move_fails(case: Case, start: Start, simulator: Simulator, boss: User) -> None:
    simulator.faults.add(Fault(kind="status", status=422, method="PATCH", path=f"/proposals/{case.draft}/details/"))
    job = work_off(start("companies.merge", [case.goes], {"survivor": case.stays}))
    assert job.state == Job.State.DONE
    assert job.operations.get(remote_id=case.draft).state == State.REJECTED
    assert {one.state for one in job.operations.filter(verb="delete")} == {State.CANCELLED}
    assert case.people_at(case.goes) == ["Jan", "Piet Vries"]
    assert control.retry_failed(job, boss)
    assert job.state == Job.State.RUNNING
    work_off(job)
    assert job.state == Job.State.DONE
    assert case.goes.remote_id not in case.remote.companies
    assert not control.retry_failed(job, boss)


def test_a_merge_cancelled_before_its_deletions_is_undone(
    case: Case, start: Start, simulator: Simulator, boss: User
) -> None:
    job = start("companies.merge", [case.goes], {"survivor": case.stays})
    planning.plan(job.pk)
    deletions = job.operations.filter(verb="delete")
    assert deletions.count() == 3
    writes_control.cancel(deletions.earliest("pk"), boss)
    work_off(job)
    assert job.state == Job.State.DONE
    assert len(case.people_at(case.stays)) == 2
    undoing = work_off(jobs_undoing.undo(job, by=boss))
    assert {one.state for one in undoing.operations.all()} == {State.DONE}
    assert case.people_at(case.stays) == ["Jan"]
    assert case.remote.proposals[case.sent]["company_id"] == case.goes.remote_id
    assert case.remote.proposals[case.sent]["contacts"] == [case.old_jan, case.piet]
    assert case.remote.proposals[case.draft]["company_id"] == case.goes.remote_id
    assert case.people_at(case.goes) == ["Jan", "Piet Vries"]
    assert jobs_undoing.can_undo(job) == JobReason.ALREADY_UNDONE()


def test_what_a_deletion_made_final_is_named(case: Case, start: Start, boss: User) -> None:
    job = work_off(start("companies.merge", [case.goes], {"survivor": case.stays}))
    undoing = work_off(jobs_undoing.undo(job, by=boss))
    assert undoing.state == Job.State.DONE
    assert {(one.verb, one.reason) for one in undoing.operations.all()} == {
        ("create", JobReason.DELETED_SINCE()),
        ("change", JobReason.DELETED_SINCE()),
        ("delete", JobReason.NOT_UNDOABLE()),
    }
    assert case.remote.proposals[case.sent]["company_id"] == case.stays.remote_id


def test_a_company_with_people_that_offorte_refuses_is_left(case: Case, start: Start) -> None:
    Person.objects.filter(remote_id=case.piet).update(email=" ")
    job = start("companies.merge", [case.goes], {"survivor": case.stays})
    planning.plan(job.pk)
    assert job.operations.get().reason == JobReason.PEOPLE_INCOMPLETE()
    Person.objects.filter(remote_id=case.piet).update(email="p@vries.nl", fullname="", firstname="", lastname="")
    again = start("companies.merge", [case.goes], {"survivor": case.stays})
    planning.plan(again.pk)
    assert again.operations.get().reason == JobReason.PEOPLE_INCOMPLETE()


def test_the_one_that_stays_may_go_meanwhile(case: Case, start: Start) -> None:
    job = start("companies.merge", [case.goes], {"survivor": case.stays})
    Company.objects.filter(pk=case.stays.pk).update(removed_at=case.stays.as_of)
    planning.plan(job.pk)
    assert job.operations.get().reason == JobReason.TARGET_GONE()


def test_a_person_whom_two_of_them_have_comes_once(start: Start) -> None:
    connection = make_connection()
    stays, *others = (make_company(connection, name=name) for name in ("A", "B", "C"))
    for company in others:
        make_person(connection, company=company, company_remote_id=company.remote_id)
    elsewhere = make_company(make_connection("other"))
    job = start("companies.merge", [*others, elsewhere], {"survivor": stays})
    planning.plan(job.pk)
    steps = list(job.operations.exclude(state=State.SKIPPED).order_by("pk"))
    assert [one.verb for one in steps] == ["create", "delete", "delete", "delete", "delete"]
    assert [one.after for one in steps] == [None, *steps[:-1]]
    assert job.operations.get(state=State.SKIPPED).reason == JobReason.OTHER_ACCOUNT()
    assert registry.find(job.action).describe(job.options) == "Merge into A"


def test_the_page_says_what_moves(case: Case, boss: User) -> None:
    action = registry.find("companies.merge")
    options = action.clean({"survivor": case.stays.pk})
    seen = previews.preview(action, [case.goes.pk, case.stays.pk], options, boss)
    assert (seen.count, seen.included, seen.requests) == (1, 1, 6)
    assert seen.sample[0].effects == [
        "Create: Piet Vries",
        "Change: Sent (Company → De Vries BV, Contacts → Jan, Piet Vries)",
        "Change: Draft (Company → De Vries BV)",
        "Delete: Jan",
        "Delete: Piet Vries",
        "Delete: de vries",
    ]


def test_the_one_that_stays_gets_the_values_that_were_chosen_first(
    case: Case, start: Start, simulator: Simulator
) -> None:
    options = {"survivor": case.stays, "fields": {"name": "de vries", "phone": "020 123 45 67"}}
    job = work_off(start("companies.merge", [case.goes], options))
    assert {one.state for one in job.operations.all()} == {State.DONE}
    first = job.operations.earliest("pk")
    assert (first.remote_id, first.before["name"]) == (case.stays.remote_id, "De Vries BV")
    company = case.remote.companies[case.stays.remote_id]
    assert (company["name"], company["phone"]) == ("de vries", "020 123 45 67")
    assert case.goes.remote_id not in case.remote.companies
    assert registry.find(job.action).describe(job.options) == (
        "Merge into De Vries BV (Name → de vries, Phone → 020 123 45 67)"
    )


def test_nothing_is_deleted_when_offorte_refuses_the_values(case: Case, start: Start, simulator: Simulator) -> None:
    path = f"/companies/{case.stays.remote_id}/"
    simulator.faults.add(Fault(kind="status", status=422, method="PATCH", path=path))
    job = work_off(start("companies.merge", [case.goes], {"survivor": case.stays, "fields": {"phone": "020 12"}}))
    assert job.operations.earliest("pk").state == State.REJECTED
    assert case.people_at(case.goes) == ["Jan", "Piet Vries"]
    assert case.goes.remote_id in case.remote.companies


@pytest.mark.parametrize("fields", [{"remote_id": "1"}, {"name": ""}, {"payload": "x"}])
def test_no_other_fields_are_written(case: Case, fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        registry.find("companies.merge").clean({"survivor": case.stays.pk, "fields": fields})


def test_the_page_asks_for_each_field_that_differs_and_says_what_happens(
    case: Case, boss: User, client: Client
) -> None:
    Company.objects.filter(pk=case.stays.pk).update(email="info@vries.nl", phone="")
    Company.objects.filter(pk=case.goes.pk).update(email="oud@vries.nl", phone="020 123 45 67")
    client.force_login(boss)
    keys = [case.stays.pk, case.goes.pk]
    url = client.post("/contacts/company/", {"bulk": "companies.merge", "_selected_action": keys})["Location"]
    form = client.get(url).context["form"]
    assert form.keeper == case.goes, "it has the proposals"
    asked = {"survivor": str(case.stays.pk), "shown_for": str(case.goes.pk), "field_email": str(case.goes.pk)}
    page = client.post(url, asked | {"preview": "1"})
    form = page.context["form"]
    assert form["field_email"].value() == str(case.stays.pk), "another one stays: its values are suggested"
    assert form.options["fields"] == {"phone": "020 123 45 67"}
    asked |= {"shown_for": str(case.stays.pk), "preview": "1", "field_phone": str(case.goes.pk)}
    page = client.post(url, asked)
    assert page.context["sentences"] == [
        "De Vries BV stays. It gets 1 person and 2 proposals.",
        "1 person is already there with the same e-mail address and isn’t created again.",
        "E-mail becomes “oud@vries.nl” instead of “info@vries.nl”.",
        "Phone becomes “020 123 45 67”.",
        f"de vries (#{case.goes.remote_id}) is deleted once everything has moved. That can’t be undone.",
    ]
    seen, key = page.context["seen"], str(page.context["key"])
    client.post(url, asked | {"confirm": "1", "understood": "1", "seen": seen, "key": key})
    assert Job.objects.get().options["fields"] == {"email": "oud@vries.nl", "phone": "020 123 45 67"}
