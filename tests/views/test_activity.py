"""The feed, what renews itself on it, notifications and their settings: what they show, to whom, at what cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from offorte_portal.models import Connection
from offorte_portal.services.activity.preferences import read_choices
from proposals.models import Activity, Notification, Proposal
from tests.factories import make_account_user, make_connection, make_proposal

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
Kind = Activity.Kind


@pytest.fixture(autouse=True)
def _fresh_options() -> None:
    caches["local"].clear()


@pytest.fixture
def connection() -> Connection:
    return make_connection("bouw")


def make_user(email: str, *permissions: str) -> User:
    user = User.objects.create_user(email.partition("@")[0], email, is_staff=True, first_name="Sanne")
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    return user


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def sanne(connection: Connection) -> User:
    """A seller who owns proposals at Offorte."""
    make_account_user(connection, email="Sanne@Example.com", firstname="Sanne", lastname="Jansen")
    return make_user("sanne@example.com", "view_proposal")


@pytest.fixture
def client(sanne: User) -> Client:
    return sign_in(sanne)


@pytest.fixture
def mine(connection: Connection) -> Proposal:
    return make_proposal(
        connection, name="Dakkapel", owner_email="sanne@example.com", company_name="De Vries", price_total="1234.50"
    )


@pytest.fixture
def theirs(connection: Connection) -> Proposal:
    return make_proposal(connection, name="Kozijnen", owner_email="pieter@example.com", owner_name="Pieter Kok")


def make_entry(proposal: Proposal, kind: Kind = Kind.VIEWED, minutes: float = 5, **columns: Any) -> Activity:
    """Something that happened so many minutes ago."""
    at = columns.pop("at", timezone.now() - timedelta(minutes=minutes))
    defaults = {"person": "Chuck", "is_client": True, "owner_key": proposal.owner_email.lower()}
    return Activity.objects.create(
        connection=proposal.connection,
        proposal=proposal,
        kind=kind,
        happened_at=at,
        key=f"{kind}:{at.isoformat()}:{Activity.objects.count()}",
        **(defaults | columns),
    )


def tell(user: User, entry: Activity | None, **columns: Any) -> Notification:
    return Notification.objects.create(user=user, activity=entry, **columns)


def page(client: Client, query: str = "") -> Any:
    response = client.get(f"/activity/{query}")
    assert response.status_code == 200
    return response


def shown(response: Any) -> list[str]:
    """The names of the proposals on the page, in order."""
    return [str(line.entry.proposal) for line in response.context["feed"].lines]


def test_a_seller_sees_what_happened_to_their_own_proposals(client: Client, mine: Proposal, theirs: Proposal) -> None:
    make_entry(mine, times=3)
    make_entry(theirs)
    response = page(client)
    html = response.content.decode()
    assert shown(response) == ["Dakkapel"]
    assert "<b><bdi>Chuck</bdi></b> viewed <a" in html
    assert reverse("admin:proposals_proposal_change", args=[mine.pk]) in html
    assert "De Vries" in html
    assert "1,234.50" in html
    assert "3 times" in html


def test_the_team_sees_everything_and_whose_it_is(client: Client, mine: Proposal, theirs: Proposal) -> None:
    make_entry(mine, minutes=3)
    make_entry(theirs, minutes=2)
    response = page(client, "?of=team")
    assert shown(response) == ["Kozijnen", "Dakkapel"]
    assert "Pieter Kok" in response.content.decode()


def test_who_owns_nothing_at_offorte_begins_with_the_team(theirs: Proposal) -> None:
    make_entry(theirs)
    client = sign_in(make_user("vera@example.com", "view_proposal"))
    assert shown(page(client)) == ["Kozijnen"]
    assert shown(page(client, "?of=mine")) == []


def test_without_an_address_nothing_is_ones_own(mine: Proposal) -> None:
    make_entry(mine, owner_key="")
    client = sign_in(User.objects.create_superuser("root"))
    assert "can't tell which are yours" in page(client, "?of=mine").content.decode()


def test_it_can_be_narrowed(client: Client, mine: Proposal, theirs: Proposal, connection: Connection) -> None:
    make_account_user(connection, email="pieter@example.com", firstname="Pieter", lastname="Kok")
    make_entry(mine, Kind.COMMENTED, 1, text="Hoe lang?")
    make_entry(mine, Kind.VIEWED, 60 * 24 * 120)
    make_entry(theirs, Kind.WON, 2)
    assert shown(page(client, "?kind=commented")) == ["Dakkapel"]
    assert shown(page(client, "?kind=won")) == []
    assert shown(page(client, "?of=team&kind=won")) == ["Kozijnen"]
    assert shown(page(client, "?when=quarter")) == ["Dakkapel"]
    response = page(client, "?owner=pieter@example.com")
    assert shown(response) == ["Kozijnen"]
    assert [(chip.title, chip.value, chip.remove_url) for chip in response.context["chips"]] == [
        ("Owner", "Pieter Kok", "?")
    ]


def test_the_chosen_account_narrows_it_too(client: Client, mine: Proposal) -> None:
    other = make_proposal(make_connection("zuid"), name="Zuid", owner_email="sanne@example.com")
    make_entry(mine, minutes=1)
    make_entry(other, minutes=2)
    response = page(client)
    assert shown(response) == ["Dakkapel", "Zuid"]
    assert ">zuid</span>" in response.content.decode()
    client.post("/account/", {"account": other.connection.pk})
    assert shown(page(client)) == ["Zuid"]


def test_pages_follow_each_other_without_a_gap(client: Client, mine: Proposal) -> None:
    now = timezone.now()
    keys = [make_entry(mine, at=now - timedelta(minutes=number // 3)).pk for number in range(120)]
    found: list[int] = []
    url = ""
    for _number in range(3):
        response = page(client, url)
        found += [line.entry.pk for line in response.context["feed"].lines]
        url = response.context["feed"].older_url
    assert url == ""
    assert sorted(found) == sorted(keys)
    assert response.context["feed"].newest_url == "?"
    assert 'hx-get="/activity/latest/' not in response.content.decode()


HUGE = "9" * 40
UNREADABLE = (
    "before=x", "before=2026-13-40T00:00:00,1", "before=2026-01-01,1", f"before=2026-01-01T00:00:00Z,{HUGE}",
    "before=%00", "of=%00", "kind=%00", "when_from=abc", "owner=nobody", "account=abc", f"account={HUGE}",
)  # fmt: skip


@pytest.mark.parametrize("query", UNREADABLE)
def test_what_cannot_be_read_is_left_out(client: Client, mine: Proposal, query: str) -> None:
    make_entry(mine)
    assert shown(page(client, f"?{query}")) == ["Dakkapel"]
    assert client.get(f"/activity/latest/?{query}").status_code == 200


def test_what_people_wrote_is_only_text(client: Client, mine: Proposal) -> None:
    evil = "<script>alert(1)</script> %(person)s %s"
    Proposal.objects.update(name=evil, company_name=evil)
    make_entry(mine, Kind.COMMENTED, person=evil, text=evil)
    html = page(client).content.decode()
    assert "<script>alert" not in html
    assert html.count(escape(evil)) == 4


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("person", ["Chuck", ""])
def test_every_kind_has_its_words(client: Client, mine: Proposal, kind: Kind, person: str) -> None:
    entry = make_entry(mine, kind, person=person)
    tell(User.objects.get(), entry)
    for url in ("/activity/", "/activity/notifications/"):
        html = client.get(url).content.decode()
        assert "Dakkapel" in html
        assert ("Chuck" in html) == bool(person)


def test_days_are_named(client: Client, mine: Proposal) -> None:
    for days in (0, 1, 2, 400):
        make_entry(mine, at=timezone.now() - timedelta(days=days))
    names = [day for day, _lines in page(client).context["days"]]
    assert names[:2] == ["Today", "Yesterday"]
    assert names[2].startswith((timezone.localtime() - timedelta(days=2)).strftime("%A"))
    assert names[3].endswith((timezone.localtime() - timedelta(days=400)).strftime("%Y"))


# What renews itself


def latest_url(client: Client, query: str = "") -> str:
    url: str = page(client, query).context["feed"].latest_url
    return url


def test_a_page_that_shows_all_is_told_so_by_three_queries(
    client: Client, mine: Proposal, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        make_entry(mine, minutes=number)
    for query in ("", "?of=team", "?kind=viewed"):
        url = latest_url(client, query)
        with django_assert_num_queries(3):
            response = client.get(url, headers=HTMX)
        assert (response.status_code, response.content) == (204, b"")


def test_a_new_entry_comes_with_the_list(client: Client, mine: Proposal) -> None:
    make_entry(mine)
    url = latest_url(client)
    make_entry(mine, Kind.COMMENTED, 0, text="Hoe lang duurt het?")
    response = client.get(url, headers=HTMX)
    html = response.content.decode()
    assert response.status_code == 200
    assert "Hoe lang duurt het?" in html
    assert 'id="feed"' in html
    assert "<html" not in html
    assert client.get(response.context["feed"].latest_url, headers=HTMX).status_code == 204


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: Activity.objects.update(times=2),
        lambda entry: Activity.objects.update(read_at=timezone.now()),
        lambda entry: Proposal.objects.update(status="won"),
        lambda entry: Proposal.objects.update(price_total="9.00"),
    ],
    ids=["seen again", "read", "status", "total"],
)
def test_a_line_that_changes_comes_too(client: Client, mine: Proposal, change: Callable[[Activity], object]) -> None:
    entry = make_entry(mine, Kind.COMMENTED)
    url = latest_url(client)
    change(entry)
    assert client.get(url, headers=HTMX).status_code == 200


def test_what_the_page_does_not_show_is_no_news_to_it(client: Client, mine: Proposal, theirs: Proposal) -> None:
    make_entry(mine)
    url = latest_url(client)
    make_entry(theirs, minutes=0)
    assert client.get(url, headers=HTMX).status_code == 204


def test_a_page_whose_session_has_ended_stops_asking(client: Client, mine: Proposal) -> None:
    url = latest_url(client)
    client.logout()
    for address in (url, "/activity/unread/?known=0"):
        response = client.get(address, headers=HTMX)
        assert (response.status_code, response.content, response["HX-Reswap"]) == (286, b"", "none")
        assert client.get(address).status_code == 302


def test_who_may_not_see_proposals_sees_nothing_of_it(mine: Proposal) -> None:
    entry = make_entry(mine, Kind.COMMENTED)
    user = make_user("nobody@example.com")
    client = sign_in(user)
    for url in ("/activity/", "/activity/latest/", "/activity/notifications/", "/activity/settings/"):
        assert client.get(url).status_code == 403
    posts = [f"/activity/{entry.pk}/read/", "/activity/notifications/read/", "/activity/settings/"]
    posts.append(f"/activity/notifications/{tell(user, entry).pk}/open/")
    for url in posts:
        assert client.post(url).status_code == 403
    assert Activity.objects.get().is_unread
    assert 'id="bell"' not in client.get("/").content.decode()


# Questions


def test_the_owner_marks_a_question_as_read(client: Client, sanne: User, mine: Proposal) -> None:
    entry = make_entry(mine, Kind.COMMENTED)
    tell(sanne, entry)
    assert "Mark as read" in page(client).content.decode()
    response = client.post(f"/activity/{entry.pk}/read/", {"next": "/activity/?of=team"})
    assert response.headers["Location"] == "/activity/?of=team"
    entry.refresh_from_db()
    assert (entry.is_unread, entry.read_by) == (False, sanne)
    assert Notification.objects.get().read_at
    assert "Mark as read" not in page(client).content.decode()


def test_the_questions_of_others_are_not_ones_own_to_read(client: Client, theirs: Proposal) -> None:
    entry = make_entry(theirs, Kind.COMMENTED)
    html = page(client, "?of=team").content.decode()
    assert "Mark as read" not in html
    assert "Not read yet" in html
    assert client.post(f"/activity/{entry.pk}/read/").status_code == 403
    assert Activity.objects.get().is_unread


def test_only_questions_are_read(client: Client, mine: Proposal) -> None:
    entry = make_entry(mine, Kind.VIEWED)
    assert client.post(f"/activity/{entry.pk}/read/").status_code == 404
    assert client.get(f"/activity/{entry.pk}/read/").status_code == 405


def test_nobody_is_led_elsewhere(client: Client, mine: Proposal) -> None:
    entry = make_entry(mine, Kind.COMMENTED)
    response = client.post(f"/activity/{entry.pk}/read/", {"next": "https://example.com/"})
    assert response.headers["Location"] == "/activity/"


# Notifications


def test_the_bell_counts_on_every_page(client: Client, sanne: User, mine: Proposal) -> None:
    tell(sanne, make_entry(mine))
    tell(sanne, None, count=7)
    tell(make_user("pieter@example.com", "view_proposal"), make_entry(mine, minutes=9))
    html = client.get("/").content.decode()
    assert 'aria-label="2 unread notifications"' in html
    assert '<span class="nav-badge" id="nav-unread">2</span>' in html


def test_the_bell_is_told_that_nothing_is_new_by_three_queries(
    client: Client, sanne: User, mine: Proposal, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tell(sanne, make_entry(mine))
    with django_assert_num_queries(3):
        assert client.get("/activity/unread/?known=1", headers=HTMX).status_code == 204


@pytest.mark.parametrize(("known", "is_told"), [("0", True), ("2", False), ("", False), ("9" * 40, False)])
def test_the_bell_renews_itself_and_says_what_is_new(
    client: Client, sanne: User, mine: Proposal, known: str, is_told: bool
) -> None:
    tell(sanne, make_entry(mine))
    html = client.get(f"/activity/unread/?known={known}", headers=HTMX).content.decode()
    assert 'id="bell"' in html
    assert "unread/?known=1" in html
    assert 'id="nav-unread" hx-swap-oob="true">1</span>' in html
    assert ('id="bell-news"' in html) == is_told


def test_opening_a_notification_reads_it_and_its_question(client: Client, sanne: User, mine: Proposal) -> None:
    row = tell(sanne, make_entry(mine, Kind.COMMENTED, text="Hoe lang?"))
    assert "Hoe lang?" in client.get("/activity/notifications/").content.decode()
    assert client.get(f"/activity/notifications/{row.pk}/open/").status_code == 405
    response = client.post(f"/activity/notifications/{row.pk}/open/")
    assert response.headers["Location"] == reverse("admin:proposals_proposal_change", args=[mine.pk])
    row.refresh_from_db()
    assert row.read_at
    assert not Activity.objects.get().is_unread


def test_a_count_of_many_leads_to_the_feed(client: Client, sanne: User) -> None:
    row = tell(sanne, None, count=20)
    assert "And 20 more events" in client.get("/activity/notifications/").content.decode()
    assert client.post(f"/activity/notifications/{row.pk}/open/").headers["Location"] == "/activity/"


def test_nobody_opens_the_notifications_of_others(client: Client, mine: Proposal) -> None:
    row = tell(make_user("pieter@example.com", "view_proposal"), make_entry(mine, Kind.COMMENTED))
    assert client.post(f"/activity/notifications/{row.pk}/open/").status_code == 404
    row.refresh_from_db()
    assert row.read_at is None
    assert client.get("/activity/notifications/").context["notifications"] == []


def test_all_that_was_shown_is_read_at_once(client: Client, sanne: User, mine: Proposal) -> None:
    tell(sanne, make_entry(mine))
    html = client.get("/activity/notifications/")
    tell(sanne, make_entry(mine, minutes=1))
    client.post("/activity/notifications/read/", {"newest": html.context["newest"]})
    assert Notification.objects.filter(read_at=None).count() == 1
    for bad in ("", "abc", "9" * 40):
        assert client.post("/activity/notifications/read/", {"newest": bad}).status_code == 302
    assert Notification.objects.filter(read_at=None).count() == 1


def test_notifications_have_pages(client: Client, sanne: User, mine: Proposal) -> None:
    entries = [make_entry(mine, minutes=number) for number in range(60)]
    Notification.objects.bulk_create(Notification(user=sanne, activity=entry) for entry in entries)
    first = client.get("/activity/notifications/")
    second = client.get(f"/activity/notifications/?before={first.context['older']}")
    assert [len(page.context["notifications"]) for page in (first, second)] == [50, 10]
    assert second.context["older"] is None
    assert len(client.get("/activity/notifications/?before=abc").context["notifications"]) == 50


def test_people_choose_what_they_are_told_of(client: Client, sanne: User) -> None:
    response = client.get("/activity/settings/")
    choices = response.context["form"].initial
    assert choices["commented_own"] == "mail"
    assert choices["won_team"] == "off"
    answer = client.post("/activity/settings/", choices | {"won_team": "mail", "viewed_own": "off"}, follow=True)
    assert "You will be told as you have chosen." in answer.content.decode()
    assert read_choices(sanne)["won", "team"] == "mail"
    assert read_choices(sanne)["viewed", "own"] == "off"


def test_a_choice_that_there_is_not_is_refused(client: Client, sanne: User) -> None:
    before = read_choices(sanne)
    response = client.post("/activity/settings/", {"won_team": "pigeon"})
    assert response.status_code == 200
    assert "pigeon is not one of the available choices" in response.content.decode()
    assert read_choices(sanne) == before


def test_without_an_address_the_settings_say_what_is_lacking() -> None:
    client = sign_in(User.objects.create_superuser("root"))
    assert "You have no e-mail address" in client.get("/activity/settings/").content.decode()
