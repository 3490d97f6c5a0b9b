"""Who somebody is at Offorte: said by an administrator, one to one, and written down."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from offorte_portal.connections.models import Connection
from offorte_portal.staff import links
from offorte_portal.staff.identity import identify
from offorte_portal.staff.models import OfforteUserLink, SecurityEvent
from proposals.models import AccountUser
from tests.staff.conftest import make_member, sign_in
from tests.staff.pages import LIST, url, values
from tests.support.factories import link, make_account_user, make_connection, make_proposal, make_staff

pytestmark = pytest.mark.django_db
LINKS = f"{LIST}links/"


@pytest.fixture
def client(administrator: User) -> Client:
    """The administrator's browser, who has confirmed the password a moment ago."""
    return sign_in(administrator)


@pytest.fixture
def bram(roles: None) -> User:
    return make_member("bram", "Seller", email="bram@bouw.example")


@pytest.fixture
def account() -> Connection:
    return make_connection("bouw", label="Bouw")


def linked(user: User) -> list[int]:
    return list(OfforteUserLink.objects.filter(user=user).order_by("pk").values_list("remote_id", flat=True))


def test_the_same_address_is_a_proposal_and_no_more(client: Client, bram: User, account: Connection) -> None:
    found = make_account_user(account, firstname="Bram", lastname="Bos", email="BRAM@bouw.example")
    proposal = make_proposal(account, owner_remote_id=found.remote_id, owner_email=bram.email)
    page = client.get(url(bram)).content.decode()
    assert "Offorte user with the same address: <b>Bram Bos</b>" in page
    assert not identify(bram).owns(proposal)
    client.post(url(bram), values(bram))
    assert linked(bram) == [], "saving something else links nobody"
    client.post(url(bram), values(bram, link=f"{bram.pk}:{found.pk}"))
    assert linked(bram) == [found.remote_id]
    assert identify(User.objects.get(pk=bram.pk)).owns(proposal)
    assert "same address" not in client.get(url(bram)).content.decode()


def test_a_link_is_set_changed_and_ended(client: Client, administrator: User, bram: User, account: Connection) -> None:
    first, second = (
        make_account_user(account, email="a@x.nl"),
        make_account_user(account, firstname="An", email="b@x.nl"),
    )
    field = f"offorte_{account.pk}"
    for chosen, expected in ((first.remote_id, [first.remote_id]), (second.remote_id, [second.remote_id]), ("", [])):
        assert client.post(url(bram), values(bram) | {field: chosen}).status_code == 302
        assert linked(bram) == expected
    events = list(SecurityEvent.objects.filter(about=bram).order_by("pk"))
    assert [event.kind.removeprefix("offorte_user_") for event in events] == [
        "linked", "unlinked", "linked", "unlinked",
    ]  # fmt: skip
    assert {event.by for event in events} == {administrator}
    assert events[0].details == {"account": "bouw", "offorte_user": first.remote_id, "offorte_name": "Pim Kok"}
    history = client.get(url(bram, "history")).content.decode()
    assert "An Kok (Bouw)" in history


def test_one_offorte_user_is_one_person(client: Client, bram: User, account: Connection) -> None:
    found = make_account_user(account, email=bram.email)
    other = make_member("an", "Seller")
    link(other, account_user=found)
    response = client.post(url(bram), values(bram) | {f"offorte_{account.pk}": found.remote_id})
    assert "is linked to someone else" in str(response.context["form"].errors)
    assert links.find_matches([bram]) == []
    with pytest.raises(links.TakenError):
        links.link(bram, found, by=make_staff())
    assert linked(bram) == []


def test_in_each_account_somebody_is_somebody_else(client: Client, bram: User, account: Connection) -> None:
    south = make_connection("zuid")
    here, there = make_account_user(account), make_account_user(south)
    client.post(
        url(bram), values(bram) | {f"offorte_{account.pk}": here.remote_id, f"offorte_{south.pk}": there.remote_id}
    )
    assert identify(User.objects.get(pk=bram.pk)).offorte_users == {
        account.pk: here.remote_id, south.pk: there.remote_id,
    }  # fmt: skip


def test_who_is_gone_at_offorte_gives_no_rights_and_comes_back(client: Client, bram: User, account: Connection) -> None:
    found = make_account_user(account, email="old@x.nl")
    link(bram, account_user=found)
    proposal = make_proposal(account, owner_remote_id=found.remote_id)
    AccountUser.objects.update(removed_at=timezone.now())
    assert not identify(User.objects.get(pk=bram.pk)).owns(proposal)
    assert "(no longer in Offorte)" in client.get(url(bram)).content.decode()
    client.post(url(bram), values(bram, last_name="Bos"))
    assert linked(bram) == [found.remote_id], "kept"
    AccountUser.objects.all().delete()
    assert not identify(User.objects.get(pk=bram.pk)).is_linked
    make_account_user(account, remote_id=found.remote_id)
    assert identify(User.objects.get(pk=bram.pk)).owns(proposal)


def test_all_matches_are_looked_at_and_linked_at_once(client: Client, bram: User, account: Connection) -> None:
    an = make_member("an", "Viewer", email="an@bouw.example")
    boss = make_staff("boss", email="boss@bouw.example")
    users = [make_account_user(account, email=one.email.upper(), firstname=one.username) for one in (bram, an, boss)]
    for _number in range(2):
        make_account_user(account, email="anna@example.com", firstname="Twice")
    page = client.get(LINKS)
    assert [match.user for match in page.context["matches"]] == [bram, an], (
        "not whom she may not manage, nor Anna twice"
    )
    assert "Link all 2 matches" in page.content.decode()
    assert not OfforteUserLink.objects.exists(), "looking links nobody"
    keys = [match.key for match in page.context["matches"]]
    response = client.post(LINKS, {"match": [keys[0], f"{boss.pk}:{users[2].pk}", "9:9"]}, follow=True)
    assert "1 link was made." in response.content.decode()
    assert "2 matches no longer apply." in response.content.decode()
    assert (linked(bram), linked(an), linked(boss)) == ([users[0].remote_id], [], [])
    client.post(LINKS, {"match": keys})
    assert linked(an) == [users[1].remote_id]
    assert SecurityEvent.objects.filter(kind="offorte_user_linked").count() == 2
    assert "Nothing to link" in client.get(LINKS).content.decode()


@pytest.mark.parametrize("role", ["Viewer", "Seller", "Manager"])
def test_nobody_links_themselves(roles: None, role: str, account: Connection) -> None:
    user = make_member("cas", role)
    found = make_account_user(account, email=user.email)
    theirs = sign_in(user)
    key = f"{user.pk}:{found.pk}"
    for address, form in ((url(user), values(user, link=key)), (LINKS, {"match": key})):
        assert theirs.post(address, form).status_code == 403
    with pytest.raises(PermissionDenied):
        links.link(user, found, by=user)
    with pytest.raises(PermissionDenied):
        links.unlink(user, account, by=user)
    assert linked(user) == []
