"""A proposal for each of many companies, as Offorte then has them."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from contacts.models import Company, Person
from offorte_portal.compose.document import Row, Table
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import planning, previews, registry
from offorte_portal.jobs import undoing as jobs_undoing
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.simulator import Simulator
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation
from proposals.models import AccountUser, Proposal, ProposalTemplate
from tests.jobs.conftest import Start, make_seller, work_off
from tests.support.factories import AS_OF, link, make_connection, make_proposal

pytestmark = pytest.mark.django_db(transaction=True)
CREATE = "companies.create_proposals"


def made_of(job: Job) -> list[int]:
    """Offorte's ids of what the job made."""
    done = job.operations.filter(state=Operation.State.DONE, target="proposals").order_by("pk")
    return [one for one in done.values_list("remote_id", flat=True) if one is not None]


def reasons_of(job: Job) -> list[Reason | None]:
    return list(job.operations.exclude(reason__isnull=True).order_by("pk").values_list("reason", flat=True))


def proposals_of(simulator: Simulator, job: Job) -> list[dict[str, Any]]:
    account = simulator.account("bouw")
    return [account.proposals[remote_id] for remote_id in made_of(job)]


def template(account: Connection) -> ProposalTemplate:
    return ProposalTemplate.objects.filter(connection=account).order_by("pk")[0]


def rows() -> list[Table]:
    return [Table("pricetable1", rows=[Row(text="Dak", count="2", price="12.5", vat="21")])]


def test_each_company_gets_its_own_draft(simulator: Simulator, account: Connection, start: Start) -> None:
    companies = list(Company.objects.order_by("pk")[:3])
    owner = AccountUser.objects.order_by("-remote_id")[0]
    options = {
        "pattern": "{template} voor {company} ({owner})",
        "proposal_template_id": template(account),
        "account_user_id": owner,
        "tables": rows(),
    }
    job = work_off(start(CREATE, companies, options))
    assert (job.state, reasons_of(job)) == (Job.State.DONE, [])
    made = proposals_of(simulator, job)
    assert [one["company_id"] for one in made] == [one.remote_id for one in companies]
    assert [one["name"] for one in made] == [f"{template(account)} voor {one} ({owner})" for one in companies]
    assert {one["status"] for one in made} == {"edit"}
    assert {one["account_user_id"] for one in made} == {owner.remote_id}
    assert {one["proposal_template_id"] for one in made} == {template(account).remote_id}
    able = [
        sorted(Person.objects.filter(company=one).exclude(email="").values_list("remote_id", flat=True))
        for one in companies
    ]
    assert [sorted(one["contacts"]) for one in made] == able
    assert [[str(row.price) for table in one["pricetables"] for row in table.rows] for one in made] == [["12.5"]] * 3
    assert Proposal.objects.filter(remote_id__in=made_of(job)).count() == 3


def test_one_of_the_same_name_is_made_only_when_asked_for(account: Connection, start: Start) -> None:
    companies = list(Company.objects.order_by("pk")[:3])
    for company, status in zip(companies, ["edit", "won", "open"], strict=True):
        make_proposal(account, company=company, name="onderhoud  2027 ", status=status)
    job = work_off(start(CREATE, companies, {"pattern": "Onderhoud 2027"}))
    assert reasons_of(job) == [JobReason.DUPLICATE(), JobReason.DUPLICATE()]
    assert len(made_of(job)) == 1
    assert reasons_of(work_off(start(CREATE, companies, {"pattern": "Onderhoud 2027"}))) == [JobReason.DUPLICATE()] * 3
    assert len(made_of(work_off(start(CREATE, companies, {"pattern": "Onderhoud 2027", "again": True})))) == 3


def test_two_jobs_at_once_make_one_of_each(account: Connection, start: Start) -> None:
    companies = list(Company.objects.order_by("pk")[:3])
    first, second = (start(CREATE, companies, {"pattern": "Voor {company}"}) for _ in range(2))
    planning.plan(first.pk)
    planning.plan(second.pk)
    assert reasons_of(second) == [JobReason.DUPLICATE()] * 3


def test_what_went_meanwhile_is_left_out_with_a_reason(simulator: Simulator, account: Connection, start: Start) -> None:
    gone, deleted, stays = Company.objects.order_by("pk")[:3]
    job = start(CREATE, [gone, deleted, stays], {"pattern": "Voor {company}"})
    Company.objects.filter(pk=gone.pk).update(removed_at="2026-01-01T00:00Z")
    simulator.account("bouw").delete_company(deleted.remote_id)
    work_off(job)
    states = dict(job.operations.values_list("label", "state"))
    assert states == {
        gone.name: Operation.State.SKIPPED,
        f"Voor {deleted}": Operation.State.REJECTED,
        f"Voor {stays}": Operation.State.DONE,
    }
    assert "company_id" in job.operations.get(state=Operation.State.REJECTED).field_errors
    skipped = job.operations.get(state=Operation.State.SKIPPED)
    assert (skipped.target, skipped.remote_id, skipped.reason) == ("proposals", None, JobReason.REMOVED())


def test_a_template_that_went_meanwhile_stops_them_all(account: Connection, start: Start) -> None:
    job = start(
        CREATE,
        Company.objects.order_by("pk")[:2],
        {"pattern": "Voor {company}", "proposal_template_id": template(account)},
    )
    ProposalTemplate.objects.filter(pk=template(account).pk).update(removed_at="2026-01-01T00:00Z")
    assert reasons_of(work_off(job)) == [JobReason.CHOICE_GONE()] * 2


def test_companies_of_other_accounts_are_left_out(account: Connection, start: Start) -> None:
    stranger = Company.objects.create(connection=make_connection(), remote_id=1, as_of=AS_OF, name="X")
    job = start(CREATE, [stranger], {"pattern": "Voor {company}", "proposal_template_id": template(account)})
    planning.plan(job.pk)
    assert reasons_of(job) == [JobReason.OTHER_ACCOUNT()]


def test_a_name_with_a_hole_in_it_is_none(account: Connection, start: Start) -> None:
    company = Company.objects.order_by("pk")[0]
    Company.objects.filter(pk=company.pk).update(city="")
    assert reasons_of(work_off(start(CREATE, [company], {"pattern": "Voor {city}"}))) == [JobReason.HOLE_IN_NAME()]


def test_a_seller_makes_their_own_only(simulator: Simulator, account: Connection, start: Start) -> None:
    own, other = AccountUser.objects.order_by("remote_id")[:2]
    seller = make_seller("add_proposal", "view_company", email=own.email.upper())
    options = {"pattern": "Voor {company}", "account_user_id": other}
    job = work_off(start(CREATE, Company.objects.order_by("pk")[:2], options, by=seller))
    assert {one["account_user_id"] for one in proposals_of(simulator, job)} == {own.remote_id}
    action, stranger = registry.find(CREATE), make_seller("add_proposal")
    preview = previews.preview(action, list(job.selection), action.clean({"pattern": "X"}), stranger)
    assert "You aren’t a user of this Offorte account" in preview.warnings[0]


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"pattern": " "}, "pattern"),
        ({"pattern": "{weather}"}, "pattern"),
        ({"pattern": "x" * 256}, "pattern"),
        ({"pattern": "x", "proposal_template_id": 10**9}, "proposal_template_id"),
        ({"pattern": "x", "who": "somebody"}, "who"),
        ({"pattern": "x", "tables": [Table("", rows=[Row(text="Dak", price="1", vat="21")])]}, "source"),
        ({"pattern": "x", "tables": [Table("t", rows=[Row(text="Dak", price="", vat="21")])]}, "source"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(db: None, options: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        registry.find(CREATE).clean(options)
    assert list(caught.value.message_dict) == [field]


def test_a_preview_says_who_receives_what(account: Connection, boss: User) -> None:
    company = Company.objects.filter(people__email__contains="@").order_by("pk")[0]
    person = Person.objects.filter(company=company).exclude(email="").order_by("remote_id")[0]
    silent = Company.objects.exclude(people__email__contains="@").order_by("pk")[:1]
    action = registry.find(CREATE)
    options = action.clean({"pattern": "Voor {company}"})
    preview = previews.preview(action, [company.pk, *(one.pk for one in silent)], options, boss)
    assert f"Create: Voor {company} (to {person}" in preview.sample[0].effects[0]
    assert len(preview.warnings) == len(silent)


def test_what_was_made_is_deleted_again_unless_it_was_sent(
    simulator: Simulator, account: Connection, start: Start, boss: User
) -> None:
    job = work_off(
        start(
            CREATE, Company.objects.filter(people__email__contains="@").distinct().order_by("pk")[:3], {"pattern": "X"}
        )
    )
    made = made_of(job)
    simulator.account("bouw").send_proposal(made[0], message="Dag")
    undoing = work_off(jobs_undoing.undo(job, by=boss, key=uuid4()))
    assert [remote_id in simulator.account("bouw").proposals for remote_id in made] == [True, False, False]
    assert undoing.operations.get(state=Operation.State.SKIPPED).remote_id == made[0]


def test_who_may_not_delete_proposals_does_not_take_them_back(account: Connection, start: Start) -> None:
    own = AccountUser.objects.order_by("pk")[0]
    seller = make_seller("add_proposal")
    link(seller, account_user=own)
    job = work_off(start(CREATE, Company.objects.order_by("pk")[:1], {"pattern": "X"}, by=seller))
    assert reasons_of(work_off(jobs_undoing.undo(job, by=seller, key=uuid4()))) == [JobReason.MAY_NOT_DELETE()]
