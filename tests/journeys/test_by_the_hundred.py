"""Proposals from a workbook with fifteen bad rows, sent by a job, a worker killed on the way.

What counts is what Offorte has: every good row made once, and nobody mailed twice. `make test-long`
has 200 rows and 3 kills.
"""

import io
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from offorte_portal.connections.models import Connection
from offorte_portal.jobs import control, ending, planning
from offorte_portal.jobs.models import Job
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.sync import runs as run
from offorte_portal.sync.models import SyncRun
from offorte_portal.writes.models import Operation
from tests.files.imports.storing import work_at_once
from tests.journeys.steps import run_sync
from tests.journeys.test_writes_killed import wait_until, worker
from tests.support.bulk import ConfirmPage, make_member, sign_in
from tests.support.length import usual_or_long

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
    pytest.mark.usefixtures("roles"),
    pytest.mark.long,
]

ROWS, COMPANIES, KILLS = usual_or_long((50, 15, 1), (200, 60, 3))
HEADER = ["Bedrijf", "Contactpersoon", "E-mail", "Offerte", "Omschrijving", "Aantal", "Prijs", "BTW"]
# What is wrong with a row: the cells that it has instead, and what has to be said of it.
BAD: list[tuple[dict[int, Any], str]] = [
    ({0: "Bestaat Niet BV"}, "This account has no company “Bestaat Niet BV”."),
    ({0: "Dubbel BV"}, "Several companies match “Dubbel BV”"),
    ({0: ""}, "doesn’t name a company"),
    ({1: "Onbekende", 2: ""}, "The company has no contact “Onbekende”."),
    ({2: "geen adres"}, "isn’t an e-mail address"),
    ({1: "Zonder Adres", 2: ""}, "Zonder Adres has no e-mail address"),
    ({3: "Voor {weer}"}, "can’t fill in {weer}"),
    ({4: ""}, "Enter text for this row."),
    ({5: -3}, "can’t be below zero"),
    ({6: ""}, "Enter a price."),
    ({6: "1.0.0"}, "isn’t an amount"),
    ({6: 12345678901}, "at most 10 digits"),
    ({7: "150%"}, "A VAT rate must be between 0 and 100 percent."),
    ({3: "Al onderweg"}, "already has a proposal with this name that is in edit or open"),
    ({3: "Offerte 0"}, "Row 2 is a proposal with the same name for the same company."),
]
GOOD = ROWS - len(BAD)
PLACES = [3 + ROWS // len(BAD) * n for n in range(len(BAD))]


@pytest.fixture(autouse=True)
def _worker(monkeypatch: pytest.MonkeyPatch) -> None:
    work_at_once(monkeypatch)


def test_each_good_row_is_made_and_mailed_once(simulator: Simulator, connect: Callable[[], Connection]) -> None:
    offorte, connection = simulator.account("bouw"), connect()
    people = fill(offorte)
    run_sync(run.request(connection, trigger=SyncRun.Trigger.CONNECT, is_queued=False))
    manager = make_member("Manager", "mia")
    client = sign_in(manager)
    before = set(offorte.proposals)
    simulator.faults.add(Fault("slow", times=None, seconds=0.005))

    url = upload(client, connection, people)
    page = client.get(f"{url}rows/?outcome=problem")
    assert (page.context["made"], page.context["left_out"]) == (GOOD, len(BAD))
    reported = b"".join(client.get(f"{url}left-out.csv")).decode()
    client.post(f"{url}rows/", {"seen": page.context["seen"]})
    client.post(f"{url}rows/", {"seen": page.context["seen"]})
    job = Job.objects.get()
    work_off(job, connection, simulator)
    check_made(offorte, before, job, reported)

    send_url = client.get(f"/jobs/job/{job.pk}/change/").context["made"].send_url
    sending = start_sending(client, send_url)
    work_off(sending, connection, simulator)
    # A send that was cut off may have been mailed or not: the portal looks, and what was not may be tried again.
    if sending.operations.filter(state=Operation.State.FAILED).exists():
        control.retry_failed(sending, manager)
        work_off(sending, connection, simulator, kills=0)
    check_sent(offorte, before, people)
    assert "/jobs/new/proposals.send" not in client.get(f"/jobs/job/{job.pk}/change/").content.decode()


def fill(offorte: Account) -> list[tuple[str, str, str]]:
    """Companies with one who can receive something, and what the bad rows need; answer company, name, address."""
    found = []
    for number in range(COMPANIES):
        company = offorte.create_company(name=f"Klant {number} BV")
        offorte.create_person(
            company["id"], fullname=f"Piet {number}", firstname="Piet", email=f"piet{number}@k.example"
        )
        found.append((company["name"], f"Piet {number}", f"piet{number}@k.example"))
        offorte.create_person(company["id"], fullname="Zonder Adres", email="")
        offorte.create_proposal(company["id"], name="Al onderweg", status="open")
    for _ in range(2):
        offorte.create_company(name="Dubbel BV")
    return found


def upload(client: Client, connection: Connection, people: list[tuple[str, str, str]]) -> str:
    """Upload the workbook and agree to its columns; answer the upload's address."""
    book, file = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(HEADER)
    for number in range(ROWS):
        company, name, email = people[number % COMPANIES]
        cells: list[Any] = [company, name, email, f"Offerte {number}", "Onderhoud", 1 + number % 3, 99.5, "21%"]
        if number + 2 in PLACES:
            for column, value in BAD[PLACES.index(number + 2)][0].items():
                cells[column] = value
            # The row that says what row 2 does has to be for the same company.
            cells[0] = people[0][0] if cells[3] == "Offerte 0" else cells[0]
            cells[1:3] = people[0][1:] if cells[3] == "Offerte 0" else cells[1:3]
        book.active.append(cells)
    book.save(file)
    content = SimpleUploadedFile("offertes.xlsx", file.getvalue())
    page = client.post("/compose/many/", {"account": connection.pk, "file": content}, follow=True)
    url = str(page.redirect_chain[-1][0])
    bound = [*page.context["columns"], *page.context["form"]]
    values = {field.html_name: field.value() for field in bound}
    typed = {"pattern": "Offerte", "table": "pricetable1", "vat": "21"}
    data = {name: value for name, value in values.items() if value not in (None, False)} | typed
    assert client.post(url, data).status_code == 302
    return url


def start_sending(client: Client, url: str) -> Job:
    """Preview and confirm the send of all that was made; twice, as an impatient person does."""
    page = ConfirmPage(client, url, client.get(url).content.decode())
    options = {"who": "chosen", "send_method": "offorte", "words": "message", "send_message": "Dag"}
    job = page.start(**options)
    page.confirm(understood="1", **options)
    assert (job.size, Job.objects.count()) == (GOOD, 2)
    assert parse_qs(urlsplit(url).query)["s"]
    return job


def work_off(job: Job, connection: Connection, simulator: Simulator, *, kills: int = KILLS) -> None:
    """Let workers do the job, each but the last killed at a bad moment."""
    chance = random.Random(int(os.environ.get("WRITES_SEED", time.time_ns())))
    planning.plan(job.pk)
    operations = Operation.objects.filter(job=job)
    for number in range(kills):
        with worker(connection, simulator):
            share = GOOD * (number + 1) // (kills + 1)
            wait_until(lambda: operations.filter(state="done").count() >= share, seconds=30)  # noqa: B023
            wait_until(lambda: operations.filter(state="sending").exists(), seconds=2)
            time.sleep(chance.uniform(0, 0.03))
    with worker(connection, simulator):
        wait_until(lambda: not operations.filter(state__in=Operation.PENDING).exists(), seconds=120)
    ending.finish_ended()
    job.refresh_from_db()
    assert job.state == Job.State.DONE


def check_made(offorte: Account, before: set[int], job: Job, reported: str) -> None:
    """Each good row is one draft, each bad one is told of with its number and its reason."""
    made = [one for id, one in offorte.proposals.items() if id not in before]
    assert Counter(one["name"] for one in made) == Counter(
        f"Offerte {number}" for number in range(ROWS) if number + 2 not in PLACES
    )
    assert {one["status"] for one in made} == {"edit"}
    assert Counter(job.operations.values_list("state", flat=True)) == {"done": GOOD, "skipped": len(BAD)}
    skipped = {
        one.label.partition(":")[0]: put_into_words(one.reason) for one in job.operations.filter(state="skipped")
    }
    for number, (_cells, reason) in zip(PLACES, BAD, strict=True):
        assert reason in skipped[f"Row {number}"]
        assert reason in reported


def check_sent(offorte: Account, before: set[int], people: list[tuple[str, str, str]]) -> None:
    """Each proposal was mailed once, to its own receiver."""
    addresses = {name: email for name, _person, email in people}
    made = {id: one for id, one in offorte.proposals.items() if id not in before}
    mails = Counter(mail.proposal_id for mail in offorte.sent_mails)
    assert mails == dict.fromkeys(made, 1)
    for mail in offorte.sent_mails:
        company = offorte.companies[made[mail.proposal_id]["company_id"]]
        assert mail.receivers == (addresses[company["name"]],)
    assert {one["status"] for one in made.values()} == {"open"}
