"""The inbox of questions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offorte_portal.activity.models import Activity
from offorte_portal.desk import inbox
from offorte_portal.desk.models import CommentState
from proposals.models import Proposal
from tests.support.factories import link, make_proposal, make_staff

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def seller(name: str, role: str = "Seller") -> User:
    user = make_staff(name, is_superuser=False, first_name=name.capitalize())
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def sanne(client: Client) -> User:
    user = seller("sanne")
    link(user)
    client.force_login(user)
    return user


def ask(proposal: Proposal, text: str = "Kan het eerder?", **fields: Any) -> Activity:
    known = {"kind": "commented", "happened_at": timezone.now() - HOUR, "key": f"c{Activity.objects.count()}"}
    known |= {"person": "Kees", "text": text, "owner_key": proposal.owner_key}
    return Activity.objects.create(connection=proposal.connection, proposal=proposal, **(known | fields))


def mine(**fields: Any) -> Proposal:
    return make_proposal(**({"owner_email": "sanne@example.com"} | fields))


def texts(client: Client, query: str = "") -> list[str]:
    return [one.entry.text for one in client.get(f"/inbox/{query}").context["questions"]]


def badge(client: Client, title: str = "Inbox") -> int:
    caches["local"].clear()
    groups = client.get("/inbox/").context["portal"].navigation
    return next(int(link.badge) for _, links in groups for link in links if str(link.title) == title)


def test_the_unread_ones_of_mine_come_first(client: Client, sanne: User) -> None:
    ask(mine(), "Oud", happened_at=timezone.now() - 2 * HOUR)
    ask(mine(), "Nieuw")
    ask(mine(), "Gelezen", read_at=timezone.now())
    ask(make_proposal(owner_email="pim@example.com"), "Van Pim")
    ask(mine(removed_at=timezone.now()), "Weg")
    ask(mine(), "Bekeken", kind="viewed")
    assert texts(client) == ["Nieuw", "Oud"]
    assert texts(client, "?state=read") == ["Gelezen"]
    assert set(texts(client, "?who=team")) == {"Nieuw", "Oud", "Van Pim"}
    assert badge(client) == 2


def test_a_question_is_shown_with_what_it_is_about(client: Client, sanne: User) -> None:
    proposal = mine(name="Dak <b>", company_name="De Vries")
    ask(proposal, "Eén\n<script>alert(1)</script>")
    html = client.get("/inbox/").content.decode()
    assert "Eén<br>&lt;script&gt;" in html
    assert "Dak &lt;b&gt;" in html
    assert f'href="{proposal.connection.web_url}/"' in html
    assert "Answered" not in html
    ask(proposal, kind="answered", happened_at=timezone.now())
    assert "Answered" in client.get("/inbox/").content.decode()


def test_marking_as_read_is_for_everybody(client: Client, sanne: User) -> None:
    entry = ask(mine())
    response = client.post(reverse("inbox_read", args=[entry.pk]), {"next": "/inbox/?who=mine"})
    assert response["Location"] == "/inbox/?who=mine"
    entry.refresh_from_db()
    assert entry.read_at is not None
    assert entry.read_by == sanne
    assert texts(client) == []
    assert "Read by Sanne" in client.get("/inbox/?state=read").content.decode()


def test_a_question_is_given_to_a_colleague_and_back(client: Client, sanne: User) -> None:
    pim = seller("pim")
    entry = ask(mine())
    url = reverse("inbox_assign", args=[entry.pk])
    client.post(url, {"person": pim.pk})
    state = CommentState.objects.get()
    assert (state.assigned_to, state.assigned_by) == (pim, sanne)
    assert texts(client) == []
    theirs = Client()
    theirs.force_login(pim)
    assert texts(theirs) == ["Kan het eerder?"]
    assert badge(theirs) == 1
    assert theirs.post(reverse("inbox_read", args=[entry.pk])).status_code == 302
    assert Activity.objects.get(pk=entry.pk).read_by == pim
    client.post(url, {"person": ""})
    assert not CommentState.objects.exists()


def test_only_who_works_on_a_proposal_deals_with_its_questions(client: Client, sanne: User) -> None:
    entry = ask(make_proposal(owner_email="pim@example.com"))
    page = client.get("/inbox/?who=team")
    assert [one.may_settle for one in page.context["questions"]] == [False]
    for name in ("inbox_read", "inbox_assign"):
        assert client.post(reverse(name, args=[entry.pk]), {"person": sanne.pk}).status_code == 403
    client.force_login(seller("manager", "Manager"))
    assert client.post(reverse("inbox_read", args=[entry.pk])).status_code == 302


def test_nobody_gets_in_without_the_permission(client: Client) -> None:
    client.force_login(make_staff("nobody", is_superuser=False))
    entry = ask(mine())
    assert client.get("/inbox/").status_code == 403
    assert client.post(reverse("inbox_read", args=[entry.pk])).status_code == 403


def test_mistakes_change_nothing(client: Client, sanne: User) -> None:
    entry = ask(mine())
    viewed = ask(mine(), kind="viewed")
    gone = User.objects.create_user("gone", is_staff=True, is_active=False)
    assert client.post(reverse("inbox_assign", args=[entry.pk]), {"person": gone.pk}).status_code == 302
    assert not CommentState.objects.exists()
    assert client.post(reverse("inbox_read", args=[viewed.pk])).status_code == 404
    response = client.post(reverse("inbox_read", args=[entry.pk]), {"next": "https://elsewhere.example/"})
    assert response["Location"] == "/inbox/"
    for number in ("abc", "-1", "0", "9" * 40, "\0"):
        assert client.get("/inbox/", {"p": number}).status_code == 200


def test_pages_follow_each_other(client: Client, sanne: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "PER_PAGE", 2)
    proposal = mine()
    for number in range(3):
        ask(proposal, str(number), happened_at=timezone.now() - number * HOUR)
    first = client.get("/inbox/")
    assert [one.entry.text for one in first.context["questions"]] == ["0", "1"]
    assert first.context["newer_url"] == ""
    assert texts(client, first.context["older_url"]) == ["2"]
    second = client.get("/inbox/" + first.context["older_url"])
    assert second.context["older_url"] == ""
    assert texts(client, second.context["newer_url"]) == ["0", "1"]


def test_it_takes_few_queries(client: Client, sanne: User, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    for _ in range(5):
        ask(mine())
    client.get("/inbox/")
    with django_assert_max_num_queries(9):
        client.get("/inbox/")
