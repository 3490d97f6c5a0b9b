"""Proposals by the hundred from the browser's side: options, confirming, and the way on to sending."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.jobs.models import Job
from offorte_portal.simulator import Simulator
from proposals.models import Proposal, ProposalTemplate
from tests.support.bulk import ConfirmPage, make_member, open_confirm, sign_in, work_off
from tests.support.factories import AS_OF, make_connection, make_proposal
from tests.support.forms import Mirror

pytestmark = pytest.mark.django_db
CREATE = "companies.create_proposals"


@pytest.fixture
def connection(mirror: Mirror) -> Connection:
    return mirror()


@pytest.fixture
def manager() -> User:
    return make_member("Manager", "mia")


def able() -> Any:
    return Company.objects.filter(people__email__contains="@", people__firstname__gt="").distinct().order_by("pk")[:3]


@pytest.mark.usefixtures("connection")
def test_drafts_are_made_then_sent_from_the_job_s_page(simulator: Simulator, manager: User) -> None:
    client = sign_in(manager)
    template = ProposalTemplate.objects.order_by("pk")[0]
    page = open_confirm(client, CREATE, list(able()))
    job = page.start(pattern="Onderhoud {company}", proposal_template_id=template.pk, who="everyone")
    work_off(job)
    shown = client.get(f"/jobs/job/{job.pk}/change/")
    made = shown.context["made"]
    assert (made.count, made.drafts) == (3, 3)
    assert "Send 3 proposals" in shown.content.decode()
    listed = client.get(made.url)
    assert sorted(row.pk for row in listed.context["cl"].result_list) == sorted(
        Proposal.objects.filter(name__startswith="Onderhoud ").values_list("pk", flat=True)
    )
    send = ConfirmPage(client, made.send_url, client.get(made.send_url).content.decode())
    assert "Dear {company_people_firstname}" in send.html
    work_off(send.start(who="chosen", send_method="offorte", words="message", send_message="Dag"))
    assert len(simulator.account("bouw").sent_mails) == 3
    assert "/jobs/new/proposals.send" not in client.get(f"/jobs/job/{job.pk}/change/").content.decode()


def test_sending_says_who_gets_what_and_that_there_is_no_undo(
    manager: User, proposal: Proposal, person: Person
) -> None:
    unread = make_proposal(proposal.connection, status="edit")
    page = open_confirm(sign_in(manager), "proposals.send", [proposal, unread])
    options = {"who": "everyone", "send_method": "offorte", "words": "message", "send_message": "Dag"}
    html = page.preview(**options)
    assert f"{person} &lt;{person.email}&gt;" in html
    assert "haven’t been read yet" in html
    page.confirm(**options)
    assert any("Tick the box to confirm" in one for one in page.complaints)
    assert not Job.objects.exists()


def test_rows_are_those_of_a_proposal_that_is_found_by_its_name(
    simulator: Simulator, manager: User, proposal: Proposal
) -> None:
    page = open_confirm(sign_in(manager), CREATE, list(able()))
    template = ProposalTemplate.objects.order_by("pk")[0]
    options = {"pattern": "Kopie {company}", "who": "nobody"}
    assert "No proposal found" in page.preview(**options, words="zzzz")
    duplicates = [make_proposal(proposal.connection, name="Zelfde naam", details_as_of=AS_OF) for _ in range(2)]
    assert "Choose one of these." in page.preview(**options, words="zelfde naam")
    assert "preview" in page.preview(**options, words="zelfde naam", source=duplicates[0].pk)
    unread = make_proposal(proposal.connection, name="Nooit gelezen")
    assert "hasn’t loaded the rows of" in page.preview(**options, words=unread.name)
    simulator.account("bouw").proposal_templates[template.remote_id]["tables"] = ["t"]
    job = page.start(**options, words=proposal.name, proposal_template_id=template.pk)
    work_off(job)
    made = Proposal.objects.filter(name__startswith="Kopie ")
    remote = simulator.account("bouw").proposals
    assert [[row.content for row in remote[one.remote_id]["pricetables"][0].rows] for one in made] == [
        ["<p>Dak</p>", "<p>Korting</p>"]
    ] * 3


@pytest.mark.usefixtures("connection")
def test_a_seller_does_not_choose_whose_they_are() -> None:
    seller = make_member("Seller", "sem")
    page = open_confirm(sign_in(seller), CREATE, list(able()))
    assert "account_user_id" not in page.html
    viewer = make_member("Viewer", "vera")
    response = sign_in(viewer).get(page.url)
    assert response.status_code == 403


@pytest.mark.usefixtures("simulator")
def test_many_companies_are_confirmed_before_any_is_planned() -> None:
    connection = make_connection("bouw")
    rows = (
        Company(connection=connection, remote_id=n, as_of=AS_OF, name=f"Firma {n}", search_text=f"firma {n}")
        for n in range(1, 20_001)
    )
    Company.objects.bulk_create(rows, batch_size=2_000)
    page = open_confirm(sign_in(make_member("Manager", "mia")), CREATE, Company)
    page.preview(pattern="Voor {company}", who="everyone")
    with CaptureQueriesContext(database) as queries:
        response = page.confirm(pattern="Voor {company}", who="everyone")
    assert response.status_code == 302
    assert len(queries) < 60
    job = Job.objects.get()
    assert (job.size, job.planned) == (20_000, 0)
