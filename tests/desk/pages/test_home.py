"""The home page: whom to call, what is done about it, and figures that lead to their rows."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from offorte_portal.connections.models import Connection
from offorte_portal.desk import thresholds
from offorte_portal.tracking.models import FollowUp
from tests.support.factories import link, make_connection, make_proposal, make_staff
from tests.support.feed import bring_up_to_date
from tests.support.lists import ListPage

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def fill() -> None:
    for user in User.objects.filter(username="sanne"):
        link(user)
    now = timezone.now()
    shared: dict[str, Any] = {"owner_email": "sanne@example.com", "price_total": Decimal(100)}
    for fields in (
        {"view_count": 0, "remote_created_at": now - 5 * DAY},
        {"view_count": 2, "viewed_at": now - 6 * DAY},
        {"view_count": 2, "viewed_at": now - timedelta(minutes=5), "name": "Heet"},
        {"status": "won", "won_at": now, "remote_created_at": now},
        {"status": "lost", "remote_modified_at": now, "remote_created_at": now},
    ):
        make_proposal(**(shared | fields))
    make_proposal(view_count=0, remote_created_at=now - 5 * DAY)
    bring_up_to_date()


def shown(client: Client, **parameters: Any) -> list[str]:
    return [row.call.proposal.name for row in client.get("/", parameters).context["list"].rows]


def overview(client: Client, **parameters: Any) -> Any:
    return client.get("/home/overview/", parameters).context


def test_it_lists_whom_to_call_and_why(client: Client, sanne: User) -> None:
    fill()
    page = client.get("/", {"who": "mine"})
    rows = page.context["list"].rows
    assert [row.call.reasons[0] for row in rows] == [
        "looked today, no answer yet", "looked 6 days ago, no answer yet", "sent 5 days ago, never opened",
    ]  # fmt: skip
    assert b"sent 5 days ago, never opened" in page.content
    assert len(shown(client, who="team")) == 4


def test_a_reason_narrows_the_list_and_its_count_is_as_many_rows(client: Client, sanne: User) -> None:
    fill()
    for who in ("mine", "team"):
        choices = client.get("/", {"who": who}).context["list"].choices
        for choice in choices[1:]:
            rows = client.get(f"/{choice.url}").context["list"].rows
            assert len(rows) == choice.count, choice.label


@pytest.mark.parametrize("address", ["?why=nothing", "?page=0", "?page=-1", "?page=9999", "?page=%00", "?why=%27"])
def test_an_address_that_makes_no_sense_shows_the_list(client: Client, sanne: User, address: str) -> None:
    fill()
    assert client.get(f"/{address}").status_code == 200


def test_done_without_a_script_goes_back_and_can_be_undone(client: Client, sanne: User) -> None:
    fill()
    first = client.get("/").context["list"].rows[0].call.proposal
    page = client.post(f"/home/calls/{first.pk}/done/", {"next": "?who=mine"}, follow=True)
    assert page.redirect_chain == [("/?who=mine", 302)]
    assert first.name not in [row.call.proposal.name for row in page.context["list"].rows]
    assert f'action="/home/calls/{first.pk}/undo/"' in page.content.decode()
    (at,) = re.findall(r'name="at" value="([^"]+)"', page.content.decode())
    client.post(f"/home/calls/{first.pk}/undo/", {"at": at})
    assert client.get("/").context["list"].rows[0].call.proposal == first


@pytest.mark.parametrize("at", ["", "tomorrow", "2026-13-45T00:00", "2026-05-04T12:00", "2026-05-04T12:00+00:00"])
def test_a_step_that_was_never_made_is_not_undone(client: Client, sanne: User, at: str) -> None:
    fill()
    first = client.get("/").context["list"].rows[0].call.proposal
    client.post(f"/home/calls/{first.pk}/done/")
    page = client.post(f"/home/calls/{first.pk}/undo/", {"at": at}, follow=True)
    assert "nothing to undo" in page.content.decode()
    assert first.name not in shown(client)


def test_done_with_htmx_replaces_the_row(client: Client, sanne: User) -> None:
    fill()
    first = client.get("/").context["list"].rows[0].call.proposal
    page = client.post(f"/home/calls/{first.pk}/done/", headers={"HX-Request": "true"})
    assert page.content.decode().startswith('<li class="call-done"')


def test_snoozing_asks_until_when(client: Client, sanne: User) -> None:
    fill()
    first = client.get("/").context["list"].rows[0].call.proposal
    page = client.post(f"/home/calls/{first.pk}/snooze/", {"days": "999"}, follow=True)
    assert "wasn’t snoozed" in page.content.decode()
    client.post(f"/home/calls/{first.pk}/snooze/", {"days": "3"})
    assert first.name not in shown(client)


def test_nobody_finishes_another_s_follow_up_from_the_list(client: Client, sanne: User) -> None:
    fill()
    proposal = client.get("/").context["list"].rows[0].call.proposal
    pim = make_staff("pim")
    row = FollowUp.objects.create(
        connection=proposal.connection, proposal=proposal, assigned_to=pim, created_by=pim, due_at=timezone.now()
    )
    seller = make_staff("kees", is_superuser=False)
    seller.groups.add(Group.objects.get(name="Seller"))
    client.force_login(seller)
    assert client.post(f"/home/calls/{proposal.pk}/done/", {"follow_up": row.pk}).status_code == 403
    row.refresh_from_db()
    assert row.done_at is None


def test_a_seller_takes_a_colleague_s_follow_up_off_their_own_list_only(client: Client, sanne: User) -> None:
    fill()
    proposal = client.get("/").context["list"].rows[0].call.proposal
    row = FollowUp.objects.create(
        connection=proposal.connection, proposal=proposal, assigned_to=sanne, created_by=sanne, due_at=timezone.now()
    )
    seller = make_staff("kees", is_superuser=False)
    seller.groups.add(Group.objects.get(name="Seller"))
    client.force_login(seller)
    found = client.get("/", {"who": "team"}).context["list"].rows[0]
    assert (found.call.proposal, found.follow_up) == (proposal, None)
    client.post(f"/home/calls/{proposal.pk}/done/")
    assert proposal.name not in shown(client, who="team")
    row.refresh_from_db()
    assert row.done_at is None


def test_a_viewer_is_offered_nothing_that_changes_a_proposal(client: Client, sanne: User) -> None:
    fill()
    viewer = make_staff("vera", is_superuser=False)
    viewer.groups.add(Group.objects.get(name="Viewer"))
    client.force_login(viewer)
    html = client.get("/").content.decode()
    assert "/done/" in html
    assert "/move/" not in html
    assert "/lost/" not in html


def test_what_is_long_silent_is_one_row_to_clean_up(client: Client, sanne: User) -> None:
    make_proposal(view_count=2, viewed_at=timezone.now() - 90 * DAY, owner_email="sanne@example.com")
    fill()
    page = client.get("/", {"who": "mine"})
    assert page.context["list"].stale.count == 1
    assert len(ListPage(client.get(page.context["list"].stale_url)).rows) == 1


def test_figures_say_whose_they_are(client: Client, sanne: User) -> None:
    fill()
    assert b"My figures" in client.get("/home/overview/", {"who": "mine"}).content
    assert b"Figures of the team" in client.get("/home/overview/", {"who": "team"}).content


def test_a_new_installation_begins_with_three_steps(client: Client, sanne: User) -> None:
    page = client.get("/")
    assert [step.is_done for step in page.context["steps"]] == [False, False, False]
    connection = make_connection(synced_at=None)
    assert [step.is_done for step in client.get("/").context["steps"]] == [True, False, False]
    Connection.objects.filter(pk=connection.pk).update(synced_at=timezone.now())
    client.post("/home/steps/hide/")
    thresholds.forget()
    assert client.get("/").context["steps"] == []


def test_with_a_team_there_are_no_steps(client: Client, sanne: User) -> None:
    make_connection()
    make_staff("pim")
    assert client.get("/").context["steps"] == []


def test_every_figure_and_bar_leads_to_its_rows(client: Client, sanne: User) -> None:
    fill()
    context = overview(client)
    facts = {fact.label: fact for fact in context["facts"]}
    assert facts["Open value"].value == "€\u00a0300"
    assert facts["Open value"].note == "3 proposals"
    assert len(ListPage(client.get(facts["Open value"].url)).rows) == 3
    assert facts["Won this quarter"].value == "€\u00a0100"
    assert len(ListPage(client.get(facts["Won this quarter"].url)).rows) == 1
    assert facts["Win rate this quarter"].value == "50.0\u00a0%"
    assert len(ListPage(client.get(facts["Win rate this quarter"].url)).rows) == 2
    bars = [drawn.bar for slot in context["chart"].slots for drawn in slot.bars if drawn.bar.value]
    assert sum(len(ListPage(client.get(bar.url)).rows) for bar in bars) == 1 + 1, "won, and open of a known month"


def test_a_chart_without_bars_is_a_sentence(client: Client, sanne: User) -> None:
    make_connection()
    assert "nothing is still open" in client.get("/home/overview/").content.decode()
    fill()
    assert "nothing is still open" not in client.get("/home/overview/").content.decode()


def test_who_sees_nothing_is_told_nothing(client: Client) -> None:
    fill()
    client.force_login(make_staff("nobody", is_superuser=False))
    page = client.get("/", {"who": "team"})
    assert "list" not in page.context
    assert client.get("/home/overview/").status_code == 403
    assert b"Heet" not in page.content
    accounts = client.get("/home/accounts/")
    assert accounts.context["statuses"] == []


def test_somebody_who_is_nobody_at_offorte_sees_the_team_s(client: Client) -> None:
    fill()
    client.force_login(make_staff("x", email="sanne@example.com"))
    page = client.get("/")
    assert not page.context["scope"].is_mine
    assert len(page.context["list"].rows) == 4


def test_without_accounts_it_offers_to_connect_one(client: Client, sanne: User) -> None:
    assert b"Connect an Offorte account" in client.get("/").content
    viewer = make_staff("vera", is_superuser=False)
    client.force_login(viewer)
    assert b"Connect your first Offorte account" in client.get("/").content


def test_statuses_and_accounts_come_afterwards(client: Client, sanne: User) -> None:
    fill()
    page = client.get("/home/accounts/")
    assert {status.value: status.count for status in page.context["statuses"]} == {
        "edit": 0,
        "open": 4,
        "won": 1,
        "lost": 1,
        "closed": 0,
    }


def test_a_seller_begins_with_their_own_others_with_the_team(client: Client, sanne: User) -> None:
    fill()
    for user, who, note in ((sanne, "mine", "3 proposals"), (make_staff("vera"), "team", "4 proposals")):
        client.force_login(user)
        context = overview(client)
        facts = {fact.label: fact for fact in context["facts"]}
        assert (context["scope"].who, facts["Open value"].note) == (who, note)


def test_it_takes_eight_queries_at_most(
    client: Client, sanne: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    fill()
    seller = make_staff("pim", is_superuser=False)
    seller.groups.add(Group.objects.get(name="Seller"))
    # Every page asks for the session, the person, their permissions, the accounts, and who they are at Offorte.
    for user, most in ((sanne, 8), (seller, 9)):
        client.force_login(user)
        client.get("/")
        with django_assert_max_num_queries(most):
            client.get("/")
        client.get("/home/overview/")
        with django_assert_max_num_queries(8):
            client.get("/home/overview/")
