"""Files of proposal statuses that correct why proposals are lost: in the portal alone, and undone."""

import re
from collections.abc import Sequence
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from offorte_portal.files.imports.importing import start
from offorte_portal.files.imports.kinds.statuses import OTHER
from offorte_portal.files.models import Upload
from offorte_portal.files.reasons import ImportReason
from offorte_portal.jobs import undoing
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.simulator import Simulator
from offorte_portal.sync.refreshing import refresh
from offorte_portal.tracking import losses
from offorte_portal.tracking.models import LostReason
from offorte_portal.writes import attribution
from offorte_portal.writes.reasons import WriteReason
from proposals.models import Proposal
from tests.files.imports.conftest import outcomes, row_of
from tests.files.imports.statuses import choose, read
from tests.jobs.conftest import make_seller, work_off

pytestmark = pytest.mark.django_db

CORRECTIONS = ["Offorte ID", "Status", "Lost reason", "Competitor", "Lost note"]


@pytest.fixture
def lost(mirrored: list[Proposal], boss: User, dear: LostReason) -> Proposal:
    """A proposal that was lost to Bouwcombi for its price."""
    proposal = mirrored[0]
    losses.lose(proposal, losses.Why(dear, "Veel", "Bouwcombi"), by=boss, key=uuid4())
    proposal.refresh_from_db()
    return proposal


def correct(proposal: Proposal, by: User, reason: str = "", competitor: str = "", words: str = "") -> Upload:
    return read(proposal.connection, [CORRECTIONS, [proposal.remote_id, "Lost", reason, competitor, words]], by)


def why(proposal: Proposal) -> str:
    loss = losses.current([proposal]).get(proposal.pk)
    return losses.describe(loss) if loss else ""


def changes_at_offorte(simulator: Simulator) -> list[str]:
    return [request.path for request in simulator.requests if request.method != "GET"]


def test_a_reason_is_corrected_without_offorte_and_taken_back(
    simulator: Simulator, lost: Proposal, boss: User, dear: LostReason
) -> None:
    budget = LostReason.objects.get(default="no_budget")
    made = correct(lost, boss, "No budget", "", "Pas in maart")
    assert outcomes(made) == ["change"]
    row = row_of(made, 2)
    assert (row.draft, row.changes) == (
        {},
        [["lost_reason", dear.pk, budget.pk], ["lost_words", "Veel", "Pas in maart"]],
    )
    sent = changes_at_offorte(simulator)
    job = work_off(start(made, by=boss))
    assert why(lost) == "No budget · Competitor: Bouwcombi · “Pas in maart”"
    operation = job.operations.get()
    assert (operation.state, operation.reason, operation.sent_at) == ("done", JobReason.KEPT_HERE(), None)
    assert job.state == "done"
    work_off(undoing.undo(job, by=boss))
    assert why(lost) == "Too expensive · Competitor: Bouwcombi · “Veel”"
    operation.refresh_from_db()
    assert operation.state == "undone"
    assert changes_at_offorte(simulator) == sent
    assert simulator.account("bouw").proposals[lost.remote_id]["status"] == "lost"


def test_the_review_shows_what_is_corrected(lost: Proposal, boss: User) -> None:
    made = correct(lost, boss, "No budget", "Zuid BV")
    client = Client()
    client.force_login(boss)
    html = client.get(reverse("upload_review", args=[made.pk])).content.decode()
    shown = [
        " ".join(re.sub(r"<[^>]*>", " ", line).split())
        for line in re.findall(r"(?s)<li><span class=\"change-label.*?</li>", html)
    ]
    assert shown == ["Lost reason Too expensive No budget", "Competitor Bouwcombi Zuid BV"]
    client.post(reverse("upload_review", args=[made.pk]), {"confirm": "1", "seen": made.examined_at.isoformat()})  # type: ignore[union-attr]
    job = work_off(Job.objects.get())
    html = client.get(reverse("admin:jobs_job_change", args=[job.pk])).content.decode()
    assert "The reason was saved in the portal. Nothing was sent to Offorte." in html


@pytest.mark.parametrize(
    "cells", [("", "", ""), ("Te duur", "", ""), ("too expensive", "bouwcombi", "Veel"), ("", "Bouwcombi", "")]
)
def test_what_the_file_leaves_empty_or_says_too_is_the_same(lost: Proposal, boss: User, cells: Sequence[str]) -> None:
    assert outcomes(correct(lost, boss, *cells)) == ["same"]


def test_a_loss_without_a_reason_gets_one_and_none_again(
    simulator: Simulator, mirrored: list[Proposal], boss: User
) -> None:
    (proposal, *_others) = mirrored
    simulator.account("bouw").proposals[proposal.remote_id]["status"] = "lost"
    refresh(proposal)
    assert row_of(correct(proposal, boss, "", "Bouwcombi"), 2).problem == ImportReason.LOSS_UNSAID()
    job = work_off(start(correct(proposal, boss, "", "", "Stopgezet"), by=boss))
    assert why(proposal) == "Stopgezet"
    work_off(undoing.undo(job, by=boss))
    assert why(proposal) == ""
    assert not losses.counting().exists()


def test_an_unknown_reason_of_a_correction_is_chosen_once(lost: Proposal, boss: User) -> None:
    made = correct(lost, boss, "Verhuisd")
    assert row_of(made, 2).problem == ImportReason.NO_REASON(name="Verhuisd")
    choose(made, verhuisd=OTHER)
    work_off(start(made, by=boss))
    assert why(lost) == "Competitor: Bouwcombi · “Verhuisd. Veel”"
    again = correct(lost, boss, "Verhuisd")
    assert outcomes(again) == ["same"]


def test_a_reason_that_a_colleague_corrected_after_the_review_stays(lost: Proposal, boss: User) -> None:
    made = correct(lost, boss, "No budget")
    losses.explain(lost, losses.Why(words="Verhuisd"), by=boss)
    job = work_off(start(made, by=boss))
    assert (job.operations.get().state, job.operations.get().reason) == ("skipped", JobReason.CHANGED_SINCE())
    assert why(lost) == "Verhuisd"


def test_a_proposal_that_was_reopened_after_the_review_is_not_lost_again(
    simulator: Simulator, lost: Proposal, boss: User
) -> None:
    made = correct(lost, boss, "No budget")
    simulator.account("bouw").proposals[lost.remote_id]["status"] = "open"
    refresh(lost)
    job = work_off(start(made, by=boss))
    assert job.operations.get().reason == WriteReason.STATUS_CHANGED(status="open")
    assert simulator.account("bouw").proposals[lost.remote_id]["status"] == "open"


def test_a_reason_that_was_corrected_again_is_not_taken_back(lost: Proposal, boss: User) -> None:
    job = work_off(start(correct(lost, boss, "No budget"), by=boss))
    losses.explain(lost, losses.Why(words="Verhuisd"), by=boss)
    undo = work_off(undoing.undo(job, by=boss))
    assert undo.operations.get().reason == JobReason.REASON_CHANGED()
    assert why(lost) == "Verhuisd"


def test_a_seller_corrects_only_their_own(lost: Proposal, boss: User) -> None:
    seller = make_seller("change_proposal", "view_proposal", "view_others_jobs")
    assert row_of(correct(lost, seller, "No budget"), 2).problem == ImportReason.NOT_YOURS()
    assert outcomes(correct(lost, seller, "Te duur")) == ["same"]
    job = work_off(start(correct(lost, boss, "No budget"), by=seller))
    assert job.operations.get().reason == JobReason.NOT_YOURS()
    assert why(lost).startswith("Too expensive")
    done = work_off(start(correct(lost, boss, "No budget"), by=boss))
    work_off(undoing.undo(done, by=seller))
    assert why(lost).startswith("No budget")


def test_a_correction_is_nothing_that_offorte_did(lost: Proposal, boss: User) -> None:
    job = work_off(start(correct(lost, boss, "No budget"), by=boss))
    operation = job.operations.get()
    deeds = attribution.read_deeds(attribution.find_operations(lost.connection_id, lost.remote_id))
    assert operation.pk not in {deed.operation_id for deed in deeds}
    client = Client()
    client.force_login(boss)
    html = client.get(reverse("admin:writes_operation_change", args=[operation.pk])).content.decode()
    assert "This was changed in the portal only. You can undo it with its bulk job." in html
