"""What jobs on proposals write, as Offorte then has it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from contacts.models import Person
from offorte_portal.api.codes import Code
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import control, counts, planning, registry, undoing
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import ALREADY, JobReason
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.text.reason import Reason
from offorte_portal.tracking import losses
from offorte_portal.tracking.losses import Why
from offorte_portal.tracking.models import Loss, LostReason
from offorte_portal.writes.models import Operation
from proposals.models import AccountUser, DesignTemplate, Proposal, TextTemplate
from tests.jobs.conftest import Start, work_off
from tests.support.factories import make_account_user, make_connection, make_person, make_proposal

pytestmark = pytest.mark.django_db(transaction=True)


def writes_to(simulator: Simulator) -> list[tuple[str, str, Any]]:
    return [(one.method, one.path, one.body) for one in simulator.requests if one.method in {"PATCH", "POST", "DELETE"}]


def reasons_of(job: Job) -> list[Reason | None]:
    return list(job.operations.exclude(reason__isnull=True).order_by("pk").values_list("reason", flat=True))


def test_every_field_is_written_and_mirrored(simulator: Simulator, account: Connection, start: Start) -> None:
    row = Proposal.objects.filter(status="open").first()
    assert row is not None
    owner = AccountUser.objects.exclude(remote_id=row.owner_remote_id or 0).first()
    design = DesignTemplate.objects.exclude(remote_id=row.design_template_remote_id or 0).first()
    text = TextTemplate.objects.exclude(remote_id=row.text_template_remote_id or 0).first()
    assert owner
    assert design
    assert text
    asked: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        ("proposals.mark_lost", {"words": "Too dear"}, {"status": "lost"}),
        ("proposals.set_owner", {"owner": owner}, {"account_user_id": owner.remote_id}),
        ("proposals.set_design", {"template": design.pk}, {"design_template_id": design.remote_id}),
        ("proposals.set_text", {"template": str(text.pk)}, {"text_template_id": text.remote_id}),
        ("proposals.set_value", {"value": "1234,50"}, {"price_total": 1234.5}),
        ("proposals.rename", {"pattern": "{name} / {company}"}, {"name": f"{row.name} / {row.company_name}"}),
    ]
    for name, options, body in asked:
        job = work_off(start(name, [row], options))
        assert (job.state, reasons_of(job)) == (Job.State.DONE, []), name
        assert writes_to(simulator)[-1] == ("PATCH", f"/proposals/{row.remote_id}/details/", body)
    row.refresh_from_db()
    assert (row.status, row.owner, row.design_template, row.text_template) == ("lost", owner, design, text)
    assert (row.price_total, row.name) == (Decimal("1234.5"), asked[-1][2]["name"])
    assert Job.objects.filter(action="proposals.mark_lost").get().options["words"] == "Too dear"


@pytest.mark.parametrize("status", ["won", "lost", "closed", "open", "edit"])
def test_a_proposal_that_is_so_already_is_left_out(start: Start, status: str) -> None:
    job = start(f"proposals.mark_{status}", [make_proposal(make_connection(), status=status)])
    planning.plan(job.pk)
    assert reasons_of(job) == [ALREADY[status]()]


def test_contacts_are_those_of_each_company(simulator: Simulator, account: Connection, start: Start) -> None:
    remote = simulator.account("bouw")
    row = Proposal.objects.filter(company__people__isnull=False, status="edit").distinct().first()
    row = row or Proposal.objects.filter(company__people__isnull=False).distinct().first()
    assert row is not None
    assert row.company is not None
    people = [one for one in row.company.people.order_by("remote_id") if one.email]
    job = work_off(start("proposals.set_contacts", [row], {"who": "everyone"}))
    assert job.state == Job.State.DONE
    assert remote.proposals[row.remote_id]["contacts"] == [one.remote_id for one in people]
    assert reasons_of(work_off(start("proposals.set_contacts", [row], {}))) == [JobReason.ALREADY_SO()]
    stranger = make_person(account, remote_id=99_999)
    chosen = {"who": "chosen", "people": [stranger]}
    assert reasons_of(work_off(start("proposals.set_contacts", [row], chosen))) == [JobReason.NOBODY_CHOSEN()]
    later = start("proposals.set_contacts", [row], {"who": "chosen", "people": [people[0], stranger]})
    if len(people) > 1:
        work_off(later)
        assert remote.proposals[row.remote_id]["contacts"] == [people[0].remote_id]


def test_contacts_need_a_company_with_people(start: Start) -> None:
    connection = make_connection()
    rows = [make_proposal(connection), make_proposal(connection, company_remote_id=7)]
    make_person(connection, company_remote_id=7, email="")
    job = start("proposals.set_contacts", rows)
    planning.plan(job.pk)
    assert reasons_of(job) == [JobReason.NO_COMPANY(), JobReason.NOBODY_TO_MAIL()]


def test_a_name_is_filled_in_only_with_what_is_known(start: Start) -> None:
    connection = make_connection()
    rows = [
        make_proposal(connection, name="A", number="7", company_name="Kok"),
        make_proposal(connection, name="B", company_name="Kok"),
        make_proposal(connection, name="C", number="8"),
        make_proposal(connection, name="7 {name} Kok", number="7", company_name="Kok"),
    ]
    job = start("proposals.rename", rows, {"pattern": " {number} {name} {company} "})
    planning.plan(job.pk)
    assert reasons_of(job) == [JobReason.NO_NUMBER(), JobReason.NO_COMPANY()]
    assert [one.draft["name"] for one in job.operations.filter(reason__isnull=True).order_by("pk")] == [
        "7 A Kok",
        "7 7 {name} Kok Kok",
    ]
    same = start("proposals.rename", rows[1:2], {"pattern": "{name}"})
    planning.plan(same.pk)
    assert reasons_of(same) == [JobReason.ALREADY_SO()]
    dated = start("proposals.rename", rows[1:2], {"pattern": "{date}"})
    assert dated.options["date"]


@pytest.mark.parametrize(
    ("name", "options", "at"),
    [
        ("proposals.rename", {"pattern": " "}, "pattern"),
        ("proposals.rename", {"pattern": "{number} {price}"}, "pattern"),
        ("proposals.set_value", {"value": "-1"}, "value"),
        ("proposals.set_value", {"value": "much"}, "value"),
        ("proposals.set_value", {"value": "9" * 15}, "value"),
        ("proposals.set_value", {"value": "NaN"}, "value"),
        ("proposals.set_value", {}, "value"),
        ("proposals.set_owner", {}, "owner"),
        ("proposals.set_owner", {"owner": "12345"}, "owner"),
        ("proposals.set_owner", {"owner": "x"}, "owner"),
        ("proposals.set_contacts", {"who": "nobody"}, "who"),
        ("proposals.set_contacts", {"who": "chosen"}, "people"),
    ],
)
def test_options_that_make_no_sense_are_refused(name: str, options: Mapping[str, Any], at: str) -> None:
    with pytest.raises(ValidationError) as refused:
        registry.find(name).clean(options)
    assert list(refused.value.message_dict) == [at]


def test_the_thing_that_was_chosen_is_of_one_account(start: Start) -> None:
    here, there = make_connection("here"), make_connection("there")
    owner = make_account_user(here)
    job = start("proposals.set_owner", [make_proposal(here), make_proposal(there)], {"owner": owner})
    planning.plan(job.pk)
    assert reasons_of(job) == [JobReason.OTHER_ACCOUNT()]
    assert registry.find(job.action).describe(job.options) == "Change owner: Pim Kok"


def test_deleted_proposals_are_gone(simulator: Simulator, account: Connection, start: Start) -> None:
    rows = list(Proposal.objects.order_by("pk")[:2])
    job = work_off(start("proposals.delete", rows))
    assert job.state == Job.State.DONE
    assert not {row.remote_id for row in rows} & simulator.account("bouw").proposals.keys()
    assert undoing.can_undo(job) == JobReason.NOT_UNDOABLE()
    assert Proposal.objects.exclude(removed_at=None).count() == 2


def test_refreshing_reads_each_and_writes_nothing(simulator: Simulator, account: Connection, start: Start) -> None:
    rows = list(Proposal.objects.order_by("remote_id")[:4])
    remote = simulator.account("bouw")
    for row in rows:
        remote.update_proposal(row.remote_id, name=f"Renamed {row.remote_id}")
    remote.delete_proposal(rows[1].remote_id)
    simulator.faults.add(
        Fault(kind="unavailable_503_html", path=f"/proposals/{rows[2].remote_id}/details/", times=None)
    )
    written = len(writes_to(simulator))
    job = start("proposals.refresh", rows)
    planning.plan(job.pk)
    job.refresh_from_db()
    assert (job.state, job.planned, bool(job.reason)) == (Job.State.RUNNING, 2, True)
    progress = counts.progress(job)
    assert (progress.ended, progress.total, progress.counts) == (2, 4, {"done": 1, "skipped": 1})
    simulator.faults.clear()
    control.sweep()
    planning.plan(job.pk)
    job.refresh_from_db()
    progress = counts.progress(job)
    assert (job.state, progress.ended, progress.total) == (Job.State.DONE, 4, 4)
    assert progress.counts == {"done": 3, "skipped": 1}
    assert job.operations.get().reason == Reason(Code.GONE)
    assert Proposal.objects.filter(name__startswith="Renamed").count() == 3
    assert len(writes_to(simulator)) == written


def test_refreshing_waits_its_turn_and_stops_when_told(
    simulator: Simulator, account: Connection, start: Start, boss: Any
) -> None:
    rows = list(Proposal.objects.order_by("pk")[:2])
    simulator.faults.add(Fault(kind="rate_limited", path=r"/proposals/.*", retry_after=1))
    job = start("proposals.refresh", rows)
    assert control.pause(job, boss)
    planning.plan(job.pk)
    job.refresh_from_db()
    assert (job.state, job.planned) == (Job.State.PAUSED, 0)
    assert control.resume(job, boss)
    planning.plan(job.pk, seconds=0.2)
    job.refresh_from_db()
    assert job.planned == 0
    planning.plan(job.pk, seconds=10)
    job.refresh_from_db()
    assert (job.state, job.planned) == (Job.State.DONE, 2)


def test_refreshing_names_what_can_not_be_read(simulator: Simulator, account: Connection, start: Start) -> None:
    row, gone = Proposal.objects.order_by("pk")[:2]
    job = start("proposals.refresh", [row, gone])
    Proposal.objects.filter(pk=gone.pk).delete()
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    planning.plan(job.pk)
    job.refresh_from_db()
    assert (job.state, job.planned, job.reason) == (Job.State.DONE, 2, JobReason.MISSING())
    assert job.operations.get().state == Operation.State.SKIPPED
    assert reasons_of(job) == [Reason(Code.NOT_CONNECTED)]
    assert Person.objects.exists()


def test_why_they_were_lost_is_kept_for_each_and_ends_with_the_undo(start: Start, account: Connection) -> None:
    rows = list(Proposal.objects.filter(status="open").order_by("pk")[:2])
    reason = LostReason.objects.get(default="too_expensive")
    other = LostReason.objects.get(default="no_budget")
    job = start("proposals.mark_lost", rows, losses.to_options(Why(reason, "Veel", "Bouwcombi")))
    LostReason.objects.filter(pk=reason.pk).update(is_active=False, merged_into=other)
    work_off(job)
    found = losses.current(Proposal.objects.all())
    assert {losses.describe(loss) for loss in found.values()} == {"No budget · Competitor: Bouwcombi · “Veel”"}
    assert set(found) == {row.pk for row in rows}
    assert job.requested_by
    work_off(undoing.undo(job, by=job.requested_by))
    assert losses.current(Proposal.objects.all()) == {}
    assert Loss.objects.filter(ended_at=None).count() == 0


def test_jobs_of_before_still_say_why() -> None:
    action = registry.find("proposals.mark_lost")
    assert action.describe({"reason": "te duur"}) == "Mark as lost: te duur"
    assert action.describe({"reason": 1, "default": "", "name": "Prijs"}) == "Mark as lost: Prijs"
