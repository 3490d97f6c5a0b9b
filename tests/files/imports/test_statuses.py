"""Files of proposal statuses: found again at Offorte, lost for a reason that is kept, and undone."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import translation

from offorte_portal.connections.models import Connection
from offorte_portal.files.exports.sheets import find
from offorte_portal.files.imports.guessing import guess
from offorte_portal.files.imports.importing import start
from offorte_portal.files.imports.kinds.statuses import OTHER, REASONS, UNKNOWN
from offorte_portal.files.models import Upload
from offorte_portal.files.reasons import ImportReason
from offorte_portal.jobs import planning, undoing
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.simulator import Simulator
from offorte_portal.sync.refreshing import refresh
from offorte_portal.tracking import losses
from offorte_portal.tracking.models import Loss, LostReason
from offorte_portal.writes.reasons import WriteReason
from proposals.models import Proposal
from tests.files.imports.conftest import MakeUpload, outcomes, row_of
from tests.files.imports.statuses import choose, read
from tests.jobs.conftest import make_seller, work_off
from tests.support.factories import link, make_proposal

pytestmark = pytest.mark.django_db

HEADER = ["Nummer", "Status", "Reden van verlies", "Concurrent", "Toelichting"]
BY_ID = ["Offorte ID", *HEADER[1:]]


def lost_file(upload: MakeUpload, connection: Connection, *rows: list[str]) -> Upload:
    for number in {row[0] for row in rows}:
        make_proposal(connection, number=number, name=f"Offerte {number}")
    return upload("statuses", [HEADER, *rows])


@pytest.mark.parametrize("name", ["Te duur", "too expensive", "TOO EXPENSIVE"])
def test_a_reason_is_found_in_any_language(
    connection: Connection, upload: MakeUpload, dear: LostReason, name: str
) -> None:
    made = lost_file(upload, connection, ["1", "verloren", name, "Bouwcombi", "10% lager"], ["2", "Won", "", "", ""])
    assert outcomes(made) == ["change", "change"]
    first, second = row_of(made, 2), row_of(made, 3)
    assert losses.from_options(first.loss) == losses.Why(dear, "10% lager", "Bouwcombi")
    assert (first.draft, second.draft, second.loss) == ({"status": "lost"}, {"status": "won"}, {})


def test_an_unknown_reason_is_chosen_once_for_the_file(
    connection: Connection, upload: MakeUpload, dear: LostReason
) -> None:
    with translation.override("nl"):
        made = lost_file(
            upload,
            connection,
            ["1", "Lost", "Te duurr", "", ""],
            ["2", "Lost", "te duurr", "", ""],
            ["3", "Lost", "Iets", "", "nooit"],
        )
    assert outcomes(made) == ["problem"] * 3
    assert row_of(made, 2).problem == ImportReason.REASON_CLOSE(name="Te duurr", close="Te duur")
    assert row_of(made, 4).problem == ImportReason.NO_REASON(name="Iets")
    assert [unknown["name"] for unknown in made.options[UNKNOWN]] == ["Te duurr", "Iets"]
    choose(made, teduurr=str(dear.pk), iets=OTHER)
    assert outcomes(made) == ["change"] * 3
    assert [losses.from_options(row.loss) for row in made.rows.all()] == [
        losses.Why(dear),
        losses.Why(dear),
        losses.Why(words="Iets. nooit"),
    ]


def test_rows_without_a_reason_are_asked_once(connection: Connection, upload: MakeUpload, dear: LostReason) -> None:
    made = lost_file(upload, connection, ["1", "Lost", "", "Bouwcombi", ""], ["2", "Lost", "", "", "Stopgezet"])
    assert outcomes(made) == ["problem", "change"]
    assert row_of(made, 2).problem == ImportReason.LOSS_UNSAID()
    choose(made, **{"": OTHER})
    assert outcomes(made) == ["problem", "change"], "nothing would be kept"
    choose(made, **{"": str(dear.pk)})
    assert losses.from_options(row_of(made, 2).loss) == losses.Why(dear, "", "Bouwcombi")
    assert losses.from_options(row_of(made, 3).loss) == losses.Why(words="Stopgezet")


def test_what_is_lost_already_asks_nothing(connection: Connection, upload: MakeUpload) -> None:
    make_proposal(connection, number="7", status="lost")
    assert outcomes(upload("statuses", [HEADER, ["7", "Verloren", "", "", ""]])) == ["same"]


def test_a_merged_reason_is_the_other(connection: Connection, upload: MakeUpload, dear: LostReason) -> None:
    LostReason.objects.create(name="Prijs", is_active=False, merged_into=dear)
    made = lost_file(upload, connection, ["1", "Lost", "prijs", "", ""])
    assert losses.from_options(row_of(made, 2).loss).reason == dear


def test_a_row_that_is_no_proposal_creates_none(connection: Connection, upload: MakeUpload) -> None:
    make_proposal(connection, number="1", name="Dak")
    made = upload(
        "statuses", [["Offerte", "Nummer", "Status"], ["Dak", "2", "Won"], ["Dak", "", "Won"], ["Dak", "1", "Huh"]]
    )
    assert outcomes(made) == ["problem", "change", "problem"]
    assert row_of(made, 2).problem == ImportReason.NO_PROPOSAL()


def test_one_proposal_in_two_rows_is_a_problem(connection: Connection, upload: MakeUpload) -> None:
    dak = make_proposal(connection, number="1", name="Dak")
    make_proposal(connection, number="2", name="Dak")
    rows = [["ID", "Nummer", "Status"], [dak.remote_id, "", "Won"], ["", "1", "Closed"], ["", "2", "Closed"]]
    assert outcomes(upload("statuses", rows)) == ["change", "problem", "change"]


def test_a_seller_changes_only_their_own(connection: Connection, upload: MakeUpload) -> None:
    seller = make_seller("change_proposal", "view_proposal")
    mine = link(seller, connection)
    make_proposal(connection, number="1", owner=mine, owner_remote_id=mine.remote_id)
    make_proposal(connection, number="2", owner_name="Pieter")
    made = upload("statuses", [HEADER, ["1", "Won", "", "", ""], ["2", "Won", "", "", ""]], by=seller)
    assert outcomes(made) == ["change", "problem"]
    assert row_of(made, 3).problem == ImportReason.NOT_YOURS()


def test_losses_are_kept_and_taken_back(
    simulator: Simulator, mirrored: list[Proposal], boss: User, dear: LostReason
) -> None:
    first, second, third = mirrored
    rows: list[list[Any]] = [
        BY_ID,
        [first.remote_id, "Verloren", "Te duur", "Bouwcombi", ""],
        [second.remote_id, "Lost", "", "", "Stopgezet"],
        [third.remote_id, "Won", "", "", ""],
    ]
    job = work_off(start(read(first.connection, rows, boss), by=boss))
    at_offorte = simulator.account("bouw").proposals
    assert [at_offorte[row.remote_id]["status"] for row in mirrored] == ["lost", "lost", "won"]
    kept = losses.current(mirrored)
    assert {key: losses.describe(loss) for key, loss in kept.items()} == {
        first.pk: "Too expensive · Competitor: Bouwcombi",
        second.pk: "Stopgezet",
    }
    assert {loss.by for loss in kept.values()} == {boss}
    work_off(undoing.undo(job, by=boss))
    assert [at_offorte[row.remote_id]["status"] for row in mirrored] == ["open"] * 3
    assert losses.current(mirrored) == {}
    assert not losses.counting().exists()
    assert Loss.objects.count() == 2


def test_whose_job_it_is_decides_not_whose_file(simulator: Simulator, mirrored: list[Proposal], boss: User) -> None:
    (proposal, *_others) = mirrored
    made = read(proposal.connection, [BY_ID, [str(proposal.remote_id), "Won", "", "", ""]], boss)
    seller = make_seller("change_proposal", "view_proposal", "view_others_jobs")
    job = work_off(start(made, by=seller))
    operation = job.operations.get()
    assert (operation.state, operation.reason) == ("skipped", JobReason.NOT_YOURS())
    assert simulator.account("bouw").proposals[proposal.remote_id]["status"] == "open"


@pytest.mark.parametrize("language", ["en", "nl"])
def test_an_exported_list_is_read_back(language: str) -> None:
    with translation.override(language):
        sheet = find("proposals.proposal")
        assert sheet is not None
        labels = {column.name: str(column.label) for column in sheet.columns}
    columns = guess(Upload.Kind.STATUSES, list(labels.values()))
    assert columns == {
        "id": labels["remote_id"],
        "number": labels["number"],
        "name": labels["name"],
        "status": labels["status"],
        "lost_reason": labels["lost_reason"],
        "competitor": labels["competitor"],
        "lost_words": labels["lost_words"],
    }


@pytest.mark.parametrize("shown", ["", "new", "left_out", "problem"])
def test_the_page_asks_for_the_reason_by_name(
    connection: Connection, upload: MakeUpload, boss: User, dear: LostReason, shown: str
) -> None:
    made = lost_file(upload, connection, ["1", "Lost", "Te duurr", "", ""])
    client = Client()
    client.force_login(boss)
    page = client.get(reverse("upload_review", args=[made.pk]), {"show": shown})
    assert [tab.value for tab in page.context["tabs"]] == ["change", "same", "problem"]
    assert set(page.context["form"].fields) == {"reason_0"}
    client.post(reverse("upload_review", args=[made.pk]), {"rematch": "1", "reason_0": str(dear.pk)})
    made.refresh_from_db()
    assert made.options[REASONS] == {"teduurr": str(dear.pk)}


@pytest.mark.parametrize("status", ["won", "lost"])
def test_a_proposal_that_was_decided_after_the_review_stays(
    simulator: Simulator, mirrored: list[Proposal], boss: User, status: str
) -> None:
    first, second, _third = mirrored
    rows: list[list[Any]] = [
        BY_ID,
        [first.remote_id, "Lost", "Te duur", "", ""],
        [second.remote_id, "Lost", "Te duur", "", ""],
    ]
    made = read(first.connection, rows, boss)
    at_offorte = simulator.account("bouw").proposals
    at_offorte[first.remote_id]["status"] = status
    refresh(first)
    job = work_off(start(made, by=boss))
    assert [at_offorte[row.remote_id]["status"] for row in (first, second)] == [status, "lost"]
    assert set(losses.current(mirrored)) == {second.pk}
    skipped = job.operations.get(state="skipped")
    assert (skipped.remote_id, skipped.reason) == (first.remote_id, WriteReason.STATUS_CHANGED(status=status))


def test_a_proposal_that_was_decided_while_its_row_waited_stays(
    simulator: Simulator, mirrored: list[Proposal], boss: User
) -> None:
    (first, *_others) = mirrored
    job = start(read(first.connection, [BY_ID, [first.remote_id, "Lost", "Te duur", "", ""]], boss), by=boss)
    planning.plan(job.pk)
    simulator.account("bouw").proposals[first.remote_id]["status"] = "won"
    refresh(first)
    work_off(job)
    assert simulator.account("bouw").proposals[first.remote_id]["status"] == "won"
    assert job.operations.get().reason == WriteReason.STATUS_CHANGED(status="won")
