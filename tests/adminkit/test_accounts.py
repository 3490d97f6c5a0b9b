"""Choosing the account to look at."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.test import Client, RequestFactory

from offorte_portal.adminkit.accounts import available, select, selected
from offorte_portal.connections.models import Connection

pytestmark = pytest.mark.django_db


def make(account: str, label: str = "") -> Connection:
    return Connection.objects.create(account=account, label=label, client_id="x")


@pytest.fixture
def request_(rf: RequestFactory, client: Client) -> HttpRequest:
    request = rf.get("/")
    request.session = client.session
    request.user = AnonymousUser()
    return request


def test_accounts_are_in_the_order_of_what_they_are_called(request_: HttpRequest) -> None:
    make("a", "zuid")
    make("b", "Bouw")
    make("c")
    assert [str(one) for one in available(request_)] == ["Bouw", "c", "zuid"]


def test_nothing_chosen_means_all(request_: HttpRequest) -> None:
    make("bouw")
    assert selected(request_) is None


def test_the_choice_is_remembered(request_: HttpRequest) -> None:
    bouw = make("bouw")
    assert select(request_, str(bouw.pk)) == bouw
    assert selected(request_) == bouw
    assert select(request_, "all") is None
    assert selected(request_) is None


def test_an_account_that_is_gone_means_all(request_: HttpRequest) -> None:
    bouw = make("bouw")
    select(request_, str(bouw.pk))
    del request_._portal_accounts  # type: ignore[attr-defined]
    bouw.delete()
    assert selected(request_) is None


@pytest.mark.parametrize(
    ("target", "expected"),
    [("/proposals/proposal/?status=open", "/proposals/proposal/?status=open"), ("https://elsewhere.example/", "/")],
)
def test_the_switch_goes_back_to_a_page_of_ours_only(admin_client: Client, target: str, expected: str) -> None:
    bouw = make("bouw")
    answer = admin_client.post("/account/", {"account": bouw.pk, "next": target})
    assert answer.status_code == 302
    assert answer["Location"] == expected
    assert admin_client.session["account"] == bouw.pk


def test_looking_at_the_switch_changes_nothing(admin_client: Client) -> None:
    assert admin_client.get("/account/?account=1").status_code == 405


def test_the_switch_is_for_staff(client: Client) -> None:
    client.force_login(User.objects.create_user("guest"))
    bouw = make("bouw")
    client.post("/account/", {"account": bouw.pk})
    assert "account" not in client.session
