"""Sending many proposals: each once, to its own receivers, and nothing that somebody may have already."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import Company, Person
from offorte_portal.compose import sending
from offorte_portal.compose.document import Row, Table
from offorte_portal.compose.models import Approval, ApprovalSettings
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import planning, previews, registry
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.simulator import Simulator
from offorte_portal.text.reason import Reason
from offorte_portal.tracking.models import FollowUp
from offorte_portal.writes import draining
from offorte_portal.writes.models import Operation
from proposals.models import AccountUser, EmailTemplate, Proposal
from tests.jobs.conftest import Start, make_seller, work_off
from tests.support.factories import link, make_person, make_proposal, make_staff

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {"send_message": "Dag {company_people_firstname}, zie {proposal_name}"}


@pytest.fixture
def drafts(account: Connection, start: Start) -> list[Proposal]:
    """Three proposals in edit, made by a job, each for everyone at its company."""
    companies = (
        Company.objects.filter(people__email__contains="@", people__firstname__gt="").distinct().order_by("pk")[:3]
    )
    table = Table("pricetable1", rows=[Row(text="Dak", count="2", price="500", vat="21")])
    options = {"pattern": "Voor {company}", "tables": [table], "account_user_id": AccountUser.objects.order_by("pk")[0]}
    job = work_off(start("companies.create_proposals", companies, options))
    return list(Proposal.objects.filter(remote_id__in=job.operations.values("remote_id")).order_by("pk"))


def mails(simulator: Simulator) -> list[tuple[int, tuple[str, ...], str]]:
    return [(mail.proposal_id, mail.receivers, mail.message) for mail in simulator.account("bouw").sent_mails]


def reasons_of(job: Job) -> list[Reason | None]:
    return list(job.operations.exclude(reason__isnull=True).order_by("pk").values_list("reason", flat=True))


def addresses(proposal: Proposal) -> list[str]:
    return sorted(Person.objects.filter(company=proposal.company).exclude(email="").values_list("email", flat=True))


def test_the_page_of_a_send_that_is_done_offers_the_sender_a_follow_up_of_each(
    drafts: list[Proposal], start: Start, boss: User, client: Client
) -> None:
    job = work_off(start("proposals.send", drafts[:2], WORDS))
    client.force_login(boss)
    url = reverse("admin:jobs_job_change", args=[job.pk])
    page = client.get(url)
    assert set(page.context["remind"]) == {one.pk for one in drafts[:2]}
    client.post(reverse("followup_remind"), {"_selected_action": page.context["remind"], "days": "3", "next": url})
    assert FollowUp.objects.filter(assigned_to=boss).count() == 2
    assert client.get(url).context["remind"] == []
    client.force_login(make_staff("other"))
    assert client.get(url).context["remind"] == [], "it is for the sender"


def test_each_goes_once_to_its_own_receivers(simulator: Simulator, drafts: list[Proposal], start: Start) -> None:
    job = work_off(start("proposals.send", drafts, WORDS))
    assert (job.state, reasons_of(job)) == (Job.State.DONE, [])
    sent = mails(simulator)
    assert [(remote_id, sorted(to)) for remote_id, to, _ in sent] == [(one.remote_id, addresses(one)) for one in drafts]
    assert [text for _, _, text in sent] == [f"Dag {{company_people_firstname}}, zie {one.name}" for one in drafts]
    assert set(Proposal.objects.filter(pk__in=[one.pk for one in drafts]).values_list("status", flat=True)) == {"open"}
    again = work_off(start("proposals.send", drafts, WORDS))
    assert reasons_of(again) == [JobReason.SENT_BEFORE()] * 3
    assert len(mails(simulator)) == 3


def test_two_jobs_at_once_send_once(simulator: Simulator, drafts: list[Proposal], start: Start) -> None:
    first, second = (start("proposals.send", drafts, WORDS) for _ in range(2))
    planning.plan(first.pk)
    work_off(second)
    assert reasons_of(second) == [JobReason.SENDING()] * 3
    assert len(mails(simulator)) == 3


def test_what_was_sent_in_offorte_itself_is_not_sent_again(
    simulator: Simulator, drafts: list[Proposal], start: Start
) -> None:
    simulator.account("bouw").send_proposal(drafts[0].remote_id, message="Dag")
    job = work_off(start("proposals.send", drafts, WORDS))
    assert [remote_id for remote_id, _, _ in mails(simulator)] == [one.remote_id for one in drafts]
    skipped = job.operations.get(state=Operation.State.SKIPPED)
    assert (skipped.remote_id, skipped.conflicts) == (drafts[0].remote_id, {"status": "open"})


def test_an_order_of_a_colleague_and_a_job_do_not_both_send(
    simulator: Simulator, drafts: list[Proposal], start: Start, boss: User
) -> None:
    job = start("proposals.send", drafts[:1], WORDS)
    seen = sending.find_marks(drafts[0])
    planning.plan(job.pk)
    ids = [one.remote_id for one in sending.people_of(drafts[0]) if one.email]
    order = sending.Order(contacts=ids, send_message="Dag")
    with pytest.raises(sending.NotSentError):
        sending.order_send(drafts[0], order, seen=seen, key=job.key, by=boss)
    draining.drain(drafts[0].connection_id)
    assert len(mails(simulator)) == 1


def test_everyone_at_the_company_receives_it_where_that_is_asked(
    simulator: Simulator, account: Connection, start: Start
) -> None:
    company = Company.objects.filter(people__email__contains="@", people__firstname__gt="").order_by("pk")[0]
    job = start("companies.create_proposals", [company], {"pattern": "Voor {company}", "who": "nobody"})
    made = work_off(job).operations.values("remote_id")
    proposals = list(Proposal.objects.filter(remote_id__in=made))
    assert reasons_of(work_off(start("proposals.send", proposals, WORDS))) == [JobReason.RECEIVER_UNKNOWN()]
    work_off(start("proposals.send", proposals, WORDS | {"who": "everyone"}))
    assert [sorted(to) for _, to, _ in mails(simulator)] == [addresses(proposals[0])]


def test_whoever_lost_their_address_is_named_and_left_out(
    simulator: Simulator, drafts: list[Proposal], boss: User, start: Start
) -> None:
    person = Person.objects.filter(company=drafts[0].company).exclude(email="").order_by("pk")[0]
    Person.objects.filter(company=drafts[0].company).update(email="")
    action = registry.find("proposals.send")
    preview = previews.preview(action, [one.pk for one in drafts], action.clean(WORDS), boss)
    assert preview.reasons == {JobReason.RECEIVER_UNKNOWN(): 1}
    assert f"{person} ({person.company})" in preview.warnings[0]
    assert preview.value == 2000


def test_a_hole_in_a_letter_keeps_it_back(drafts: list[Proposal], start: Start) -> None:
    Person.objects.filter(company=drafts[0].company).update(firstname=" ")
    assert reasons_of(work_off(start("proposals.send", drafts, WORDS))) == [JobReason.HOLE_IN_MESSAGE()]


def test_what_needs_a_manager_waits_for_one(
    simulator: Simulator, drafts: list[Proposal], start: Start, boss: User
) -> None:
    ApprovalSettings.objects.create(pk=1, amount_above=900)
    seller = make_seller("send_proposal", "view_proposal")
    link(seller, account_user=drafts[0].owner)
    assert reasons_of(work_off(start("proposals.send", drafts[:2], WORDS, by=seller))) == [
        JobReason.APPROVAL_NEEDED(),
        JobReason.APPROVAL_NEEDED(),
    ]
    Approval.objects.create(proposal=drafts[0], requested_by=seller, key=uuid4())
    assert reasons_of(work_off(start("proposals.send", drafts[:2], WORDS, by=boss))) == [JobReason.APPROVAL_WAITING()]
    assert [remote_id for remote_id, _, _ in mails(simulator)] == [drafts[1].remote_id]


def test_a_seller_sends_their_own_only(drafts: list[Proposal], start: Start) -> None:
    seller = make_seller("send_proposal", "view_proposal")
    link(seller, account_user=drafts[0].owner)
    foreign = make_proposal(drafts[0].connection, status="edit", details_as_of=timezone.now())
    assert reasons_of(work_off(start("proposals.send", [drafts[0], foreign], WORDS, by=seller))) == [
        JobReason.NOT_YOURS()
    ]
    with pytest.raises(PermissionDenied):
        start("proposals.send", [foreign], WORDS, by=seller)


def test_what_can_not_be_sent_says_why(account: Connection, start: Start) -> None:
    company = Company.objects.filter(people__email__contains="@").order_by("pk")[0]
    known = {"company": company, "company_remote_id": company.remote_id, "details_as_of": timezone.now()}
    rows = [
        make_proposal(account, status="won", **known),
        make_proposal(account, **known | {"status": "edit", "details_as_of": None}),
        make_proposal(account, status="edit", details_as_of=timezone.now()),
    ]
    assert reasons_of(work_off(start("proposals.send", rows, WORDS))) == [
        JobReason.NOT_A_DRAFT(),
        JobReason.NOT_READ(),
        JobReason.NO_COMPANY(),
    ]


def test_what_was_made_and_not_read_yet_is_sent_like_the_others(
    simulator: Simulator, drafts: list[Proposal], start: Start
) -> None:
    simulator.account("bouw").update_proposal(drafts[1].remote_id, status="won")
    Proposal.objects.filter(pk__in=[one.pk for one in drafts[:2]]).update(status="", details_as_of=None)
    job = work_off(start("proposals.send", drafts, WORDS))
    assert [remote_id for remote_id, _, _ in mails(simulator)] == [drafts[0].remote_id, drafts[2].remote_id]
    assert job.operations.get(state=Operation.State.SKIPPED).conflicts == {"status": "won"}


def test_a_template_of_the_account_gives_the_words(simulator: Simulator, drafts: list[Proposal], start: Start) -> None:
    template = EmailTemplate.objects.order_by("pk")[0]
    make_person(drafts[0].connection)
    work_off(start("proposals.send", drafts, {"words": "template", "send_message_id": template.pk}))
    assert {text for _, _, text in mails(simulator)} == {template.name}


@pytest.mark.parametrize("options", [{}, {"words": "template"}, {"send_message": "x", "who": "y"}])
def test_words_there_have_to_be(db: None, options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        registry.find("proposals.send").clean(options)
