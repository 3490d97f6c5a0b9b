"""From a list to a job: what was chosen is frozen, shown and confirmed once, by who may."""

import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.test import Client
from django.urls import reverse

from catalog.models import Product
from contacts.models import Company
from offorte_portal.adminkit import selection
from offorte_portal.adminkit.selection import Chosen, Selection
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import registry
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.pages import confirm
from proposals.models import Proposal
from tests.support.bulk import REQUIRED, choose, make_member, open_confirm, sign_in
from tests.support.factories import (
    link,
    make_company,
    make_connection,
    make_person,
    make_product,
    make_proposal,
    make_staff,
)

pytestmark = pytest.mark.django_db


ACTIONS = sorted(registry.ACTIONS)


def test_a_job_starts_with_what_was_confirmed(client: Client, opened: list[Proposal], manager: User) -> None:
    page = open_confirm(client, "proposals.mark_lost", opened[:2])
    assert "What will change" not in page.html
    html = page.preview(reason="other", words="te duur")
    for text in ("Dak 1", "Open", "Lost", "Mark as lost: 2 proposals", "€\u00a03.00", "This can be undone."):
        assert text in html
    assert "Dak 3" not in html
    assert not Job.objects.exists()
    response = page.confirm(reason="other", words="te duur")
    job = Job.objects.get()
    assert response["Location"] == f"/jobs/job/{job.pk}/change/"
    assert (job.action, job.options["words"], job.requested_by) == ("proposals.mark_lost", "te duur", manager)
    assert sorted(job.selection) == [row.pk for row in opened[:2]]


def test_an_action_without_options_is_previewed_at_once(client: Client, opened: list[Proposal]) -> None:
    assert "Mark as won: 3 proposals" in open_confirm(client, "proposals.mark_won", opened).html


def test_what_the_list_finds_is_frozen_when_it_is_confirmed(client: Client, opened: list[Proposal]) -> None:
    for number in range(60):
        make_proposal(name=f"Gevel {number}", status="won")
    page = open_confirm(client, "proposals.mark_lost", Proposal, query="?status=open")
    job = page.start(**REQUIRED["proposals.mark_lost"])
    assert sorted(job.selection) == [row.pk for row in opened]
    make_proposal(name="Later")
    job.refresh_from_db()
    assert job.size == 3


def test_everything_of_the_account_that_the_list_was_of(client: Client, opened: list[Proposal]) -> None:
    other = make_connection(label="Zuid")
    make_proposal(other, name="Elders")
    client.post(reverse("account"), {"account": str(opened[0].connection_id)})
    page = open_confirm(client, "proposals.mark_lost", Proposal)
    client.post(reverse("account"), {"account": "all"})
    assert sorted(page.start(**REQUIRED["proposals.mark_lost"]).selection) == [row.pk for row in opened]


def test_several_accounts_are_named(client: Client, opened: list[Proposal]) -> None:
    elsewhere = make_proposal(make_connection(label="Zuid"), name="Elders")
    html = open_confirm(client, "proposals.mark_won", [*opened, elsewhere]).html
    assert "This affects several accounts:" in html
    assert "<strong>De Vries</strong> (3)" in html
    assert "<strong>Zuid</strong> (1)" in html


def test_what_is_left_out_is_told_with_its_reason(client: Client, opened: list[Proposal]) -> None:
    won = make_proposal(name="Gewonnen", status="won")
    gone = make_proposal(name="Weg")
    html = open_confirm(client, "proposals.mark_won", [*opened, won]).html
    assert "Already won." in html
    assert "Gewonnen" in html
    assert "Mark as won: 3 proposals" in html
    assert "Weg" not in html
    assert gone.pk


def test_a_page_that_was_confirmed_twice_starts_one_job(client: Client, opened: list[Proposal]) -> None:
    page = open_confirm(client, "proposals.mark_won", opened)
    first, second = page.confirm(), page.confirm()
    assert first["Location"] == second["Location"]
    assert Job.objects.count() == 1


def test_other_options_than_were_shown_are_shown_first(client: Client, opened: list[Proposal]) -> None:
    page = open_confirm(client, "proposals.rename", opened)
    page.preview(pattern="{name} oud")
    response = page.confirm(pattern="{name} nieuw")
    assert response.status_code == 200
    assert "Rows or options have changed" in page.html
    assert not Job.objects.exists()
    assert page.confirm(pattern="{name} nieuw").status_code == 302


def test_a_selection_that_has_grown_is_shown_first(client: Client, opened: list[Proposal]) -> None:
    page = open_confirm(client, "proposals.mark_won", Proposal, query="?status=open")
    make_proposal(name="Nieuw")
    assert page.confirm().status_code == 200
    assert "Rows or options have changed" in page.html
    assert "Mark as won: 4 proposals" in page.html


@pytest.mark.parametrize("key", ["", "x", "1" * 400])
def test_a_confirmation_without_a_key_is_shown_again(client: Client, opened: list[Proposal], key: str) -> None:
    page = open_confirm(client, "proposals.mark_won", opened)
    assert page.post(confirm="1", key=key, seen="").status_code == 200
    assert not Job.objects.exists()


def test_deleting_asks_whether_one_knows(client: Client, opened: list[Proposal]) -> None:
    page = open_confirm(client, "proposals.delete", opened)
    assert "This can’t be undone." in page.html
    assert page.confirm().status_code == 200
    assert "Tick the box to confirm" in page.html
    assert not Job.objects.exists()
    assert page.confirm(understood="1").status_code == 302


def test_nothing_is_started_where_all_is_left_out(client: Client, account: Connection) -> None:
    won = make_proposal(status="won")
    page = open_confirm(client, "proposals.mark_won", [won])
    assert 'name="confirm"' not in page.html
    assert 'name="seen"' not in page.html
    assert page.post(confirm="1", key=str(uuid4()), seen="").status_code == 200
    assert "nothing to do" in page.html
    assert not Job.objects.exists()


def test_nothing_is_chosen_without_a_tick(client: Client, opened: list[Proposal]) -> None:
    url = reverse("admin:proposals_proposal_changelist") + "?status=open"
    response = client.post(url, {"bulk": "proposals.mark_won", "_selected_action": ["x", ""]}, follow=True)
    assert response.redirect_chain == [(url, 302)]
    assert "Select something first." in response.content.decode()


@pytest.mark.parametrize("token", ["", "abc", "a:b:c"])
def test_a_selection_that_was_tampered_with_is_refused(client: Client, opened: list[Proposal], token: str) -> None:
    response = client.get(reverse("job_new", args=["proposals.mark_won"]), {"s": token}, follow=True)
    assert response.redirect_chain == [("/proposals/proposal/", 302)]
    assert "Select the rows again." in response.content.decode()


def test_a_selection_is_for_one_person_one_model_and_one_day(
    client: Client, opened: list[Proposal], manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = Selection(Proposal, [opened[0].pk], "", None)
    url = reverse("job_new", args=["proposals.mark_won"])
    assert client.get(url, {"s": chosen.sign(manager)}).status_code == 200
    assert client.get(url, {"s": chosen.sign(make_staff())}).status_code == 302
    companies = Selection(Company, [opened[0].pk], "", None)
    assert client.get(url, {"s": companies.sign(manager)}).status_code == 302
    monkeypatch.setattr(selection, "LONGEST", -1)
    assert client.get(url, {"s": chosen.sign(manager)}).status_code == 302
    assert signing.loads(chosen.sign(manager), salt=selection.SALT)["k"] == [opened[0].pk]


def test_more_rows_than_a_job_takes_have_to_be_narrowed(
    client: Client, opened: list[Proposal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "MOST_ROWS", 2)
    response = choose(client, "proposals.mark_won", Proposal)
    response = client.get(response["Location"], follow=True)
    assert "Filter the list first." in response.content.decode()


def test_there_is_no_page_for_an_action_that_is_none(client: Client) -> None:
    assert client.get("/jobs/new/proposals.explode/").status_code == 404
    assert client.get("/jobs/new/proposals.mark_won/").status_code == 302


def test_the_bar_offers_what_a_person_may_do(opened: list[Proposal], manager: User) -> None:
    def offered(user: User) -> set[str]:
        html = sign_in(user).get("/proposals/proposal/").content.decode()
        return set(re.findall(r'name="bulk" value="([^"]+)"', html))

    assert offered(make_member("Viewer", "vic")) == set()
    seller = offered(make_member("Seller", "sam"))
    assert "proposals.mark_lost" in seller
    assert not seller & {"proposals.delete", "proposals.set_owner"}
    assert {"proposals.delete", "proposals.set_owner"} < offered(manager)


@pytest.mark.parametrize("name", ACTIONS)
def test_without_its_permission_an_action_answers_403(account: Connection, name: str) -> None:
    action = registry.find(name)
    rows = {Proposal: make_proposal, Company: make_company, Product: make_product}
    row = rows.get(action.model, make_person)()
    user = make_member("Viewer", "vic")
    client = sign_in(user)
    assert choose(client, name, [row]).status_code == 403
    token = Selection(action.model, [row.pk], "", None).sign(user)
    url = f"{reverse('job_new', args=[name])}?s={token}"
    assert client.get(url).status_code == 403
    assert client.post(url, {"confirm": "1", "key": str(uuid4())}).status_code == 403
    assert not Job.objects.exists()


def test_a_seller_acts_on_their_own_proposals_only(account: Connection) -> None:
    seller = make_member("Seller", "sam")
    mine = make_proposal(name="Van mij", owner_remote_id=link(seller).remote_id)
    other = make_proposal(name="Van een ander", owner_email="piet@example.com")
    client = sign_in(seller)
    page = open_confirm(client, "proposals.mark_won", [mine, other])
    assert "You don’t have permission to change this." in page.html
    assert "Mark as won: 1 proposal" in page.html
    page = open_confirm(client, "proposals.mark_won", [other])
    assert 'name="confirm"' not in page.html
    seen = confirm.sign_preview(Chosen([other.pk], frozenset({account.pk})), {}, {other.pk: "open"})
    assert page.post(confirm="1", key=str(uuid4()), seen=seen).status_code == 403
    assert not Job.objects.exists()


def test_a_permission_that_was_taken_away_is_asked_for_again(account: Connection, opened: list[Proposal]) -> None:
    user = make_member("Manager", "max")
    page = open_confirm(sign_in(user), "proposals.delete", opened)
    user.groups.clear()
    assert page.confirm(understood="1").status_code == 403
    assert not Job.objects.exists()
