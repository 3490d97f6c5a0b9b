"""Drafts: whose they are, two sellers at one, their list."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from contacts.models import Company
from offorte_portal.compose.models import Draft
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.writes.models import Operation
from proposals.models import AccountUser
from tests.compose.composing import NEW, created, filled, sign_in, submit, told
from tests.compose.drafting import make_draft, price_row
from tests.support.factories import link_by_address, make_connection, make_staff

pytestmark = pytest.mark.django_db
State = Operation.State


def test_two_sellers_at_one_draft_overwrite_nothing_unseen(client: Client, connection: Connection, user: User) -> None:
    draft = make_draft(connection, user, price_row(), is_shared=True)
    url = f"/compose/{draft.pk}/"
    pim = sign_in("Seller", "pim")
    mine, theirs = client.get(url), pim.get(url)
    submit(pim, theirs, name="Van Pim")
    page = submit(client, mine, name="Van Sanne")
    assert page.context["is_conflict"]
    assert "Pim saved this draft" in page.content.decode()
    assert page.context["form"]["name"].value() == "Van Sanne"
    draft.refresh_from_db()
    assert draft.name == "Van Pim"
    # Mine beside theirs,
    submit(client, page, "copy")
    assert sorted(Draft.objects.values_list("name", flat=True)) == ["Van Pim", "Van Sanne"]
    # or in place of it, where nobody has saved yet again.
    submit(pim, pim.get(url), name="Nogmaals Pim")
    data = filled(page) | {"overwrite": str(page.context["draft"].version)}
    assert client.post(url, data).context["is_conflict"]
    fresh = submit(client, mine, name="Van Sanne")
    client.post(url, filled(fresh) | {"overwrite": str(fresh.context["draft"].version)})
    draft.refresh_from_db()
    assert draft.name == "Van Sanne"


def test_a_draft_of_a_colleague_is_theirs_or_taken_over(
    connection: Connection, user: User, simulator: Simulator, complete: dict[str, Any]
) -> None:
    seller = sign_in("Seller", "sem", email="bram@bouw.example")
    link_by_address(User.objects.get(username="sem"))
    own = AccountUser.objects.get(email="bram@bouw.example")
    colleague, other = AccountUser.objects.exclude(pk=own.pk).order_by("pk")[:2]
    draft = make_draft(connection, user, price_row(), is_shared=True, owner_remote_id=colleague.remote_id)
    page = seller.get(f"/compose/{draft.pk}/")
    offered = page.context["form"].fields["account_user_id"].choices
    assert dict(offered) == {str(one.remote_id): str(one) for one in (own, colleague)}
    page = submit(seller, page, "create", **complete)
    assert f"You can’t create proposals in the name of {colleague}" in str(page.context["form"].errors)
    page = submit(seller, page, "create", **complete, account_user_id=other.remote_id)
    assert "account_user_id" in page.context["form"].errors
    assert created(simulator) == []
    submit(seller, page, "create", **complete, account_user_id=own.remote_id)
    assert [body["account_user_id"] for body in created(simulator)] == [own.remote_id]


def test_what_was_typed_outlives_a_draft_thrown_away(client: Client, connection: Connection, user: User) -> None:
    draft = make_draft(connection, user, price_row(), is_shared=True)
    pim = sign_in("Seller", "pim")
    theirs = pim.get(f"/compose/{draft.pk}/")
    client.post(f"/compose/{draft.pk}/delete/")
    page = submit(pim, theirs, name="Van Pim")
    assert "What you wrote is still in the form" in page.content.decode()
    assert page.context["form"]["name"].value() == "Van Pim"
    submit(pim, page)
    kept = Draft.objects.get()
    assert (kept.name, kept.created_by.username, kept.tables) == ("Van Pim", "pim", draft.tables)
    assert pim.get(f"/compose/{draft.pk}/").status_code == 404


def test_what_was_typed_outlives_a_draft_that_was_created(
    client: Client, connection: Connection, user: User, complete: dict[str, Any], simulator: Simulator
) -> None:
    draft = make_draft(connection, user, price_row(), is_shared=True)
    pim = sign_in("Seller", "pim")
    mine, theirs = client.get(f"/compose/{draft.pk}/"), pim.get(f"/compose/{draft.pk}/")
    submit(client, mine, "create", **complete)
    page = submit(pim, theirs, "create", name="Van Pim")
    assert "This draft was sent to Offorte after you opened it" in page.content.decode()
    assert 'name="overwrite"' not in page.content.decode()
    submit(pim, page, "copy")
    assert set(Draft.objects.values_list("name", flat=True)) == {"Dakkapel", "Van Pim"}
    # The same form once more leads to the proposal.
    again = submit(client, mine, "create", **complete)
    assert any("was created from this draft" in text for text in told(again))
    assert len(created(simulator)) == 1


@pytest.mark.parametrize("seen", ["x", "9" * 40, "-1"])
def test_an_overwriting_of_nothing_is_a_conflict(client: Client, connection: Connection, user: User, seen: str) -> None:
    page = client.get(f"/compose/{make_draft(connection, user).pk}/")
    assert client.post(page.context["action"], filled(page) | {"overwrite": seen}).context["is_conflict"]


def test_a_form_that_is_nobodys_saves_nothing(client: Client, connection: Connection, user: User) -> None:
    draft = make_draft(connection, user)
    page = client.get(f"/compose/{draft.pk}/")
    for state in ("", "x", client.get(NEW).context["form_state"]):
        answer = client.post(page.context["action"], filled(page) | {"form_state": state, "name": "Anders"})
        assert answer.context["form"].non_field_errors()
    draft.refresh_from_db()
    assert draft.name == "Dak"


def test_drafts_of_others_are_listed_for_those_who_may(client: Client, connection: Connection, user: User) -> None:
    pim = make_staff("pim")
    make_draft(connection, user, name="Mijn")
    company = Company.objects.order_by("pk")[0]
    make_draft(connection, pim, name="Gedeeld", is_shared=True, company_remote_id=company.remote_id)
    make_draft(connection, pim, name="Van Pim")
    make_draft(make_connection(), user, name="Elders")

    def names(who: Client, query: str = "") -> set[str]:
        return {line.draft.name for line in who.get(f"/compose/{query}").context["lines"]}

    assert names(client) == {"Mijn", "Elders"}
    assert names(client, "?who=team") == {"Mijn", "Elders", "Gedeeld", "Van Pim"}
    seller = sign_in("Seller", "sem")
    assert names(seller, "?who=team") == {"Gedeeld"}
    (line,) = seller.get("/compose/?who=team").context["lines"]
    assert line.company == str(company)
    session = client.session
    session["account"] = connection.pk
    session.save()
    assert names(client) == {"Mijn"}


def test_a_draft_is_thrown_away_by_post_alone(client: Client, connection: Connection, user: User) -> None:
    draft = make_draft(connection, user)
    assert client.get(f"/compose/{draft.pk}/delete/").status_code == 405
    page = client.post(f"/compose/{draft.pk}/delete/", follow=True)
    assert told(page) == ["Draft “Dak” discarded."]
    assert not Draft.objects.exists()


def test_a_long_list_of_drafts_takes_few_queries(
    client: Client, connection: Connection, user: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(120):
        make_draft(connection, user, name=str(number), saved_at=timezone.now() - timedelta(days=number))
    client.get("/compose/")
    with django_assert_max_num_queries(8):
        page = client.get("/compose/")
    assert (len(page.context["lines"]), page.context["is_cut"]) == (100, True)
