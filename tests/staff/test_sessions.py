"""Where one is signed in, and what ends that."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from offorte_portal.staff import sessions
from offorte_portal.staff.models import SecurityEvent
from tests.support.signing_in import PASSWORD, confirm, is_signed_in, make_member, sign_in

pytestmark = pytest.mark.django_db

PAGE = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 "
    "Safari/537.36 Edg/138.0.0.0"
)


@pytest.fixture
def anna() -> User:
    return make_member("anna")


def open_browser(user_agent: str = FIREFOX, address: str = "192.0.2.1") -> Client:
    client = Client(headers={"user-agent": user_agent}, REMOTE_ADDR=address)
    sign_in(client, "anna")
    return client


def is_still_in(client: Client) -> bool:
    return client.get("/").status_code == 200


@pytest.mark.usefixtures("anna")
def test_the_page_lists_device_place_and_time() -> None:
    laptop, _phone = open_browser(), open_browser(IPHONE, "192.0.2.2")
    page = confirm(laptop).get(PAGE).content.decode()
    for text in ("Firefox on Windows", "192.0.2.1", "This device", "Safari on iPhone", "192.0.2.2"):
        assert text in page
    assert page.count("This device") == 1
    assert page.index("Firefox") < page.index("Safari")


def test_others_sessions_are_nobodys_business(anna: User) -> None:
    make_member("bram")
    bram = Client(REMOTE_ADDR="203.0.113.5")
    sign_in(bram, "bram")
    laptop = confirm(open_browser())
    assert "203.0.113.5" not in laptop.get(PAGE).content.decode()
    laptop.post(PAGE, {"session": str(UserSession.objects.get(user__username="bram").pk)})
    assert is_still_in(bram)


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("bad", ["abc", "-1", "9" * 40, "0"])
def test_a_session_that_is_gone_is_told(bad: str) -> None:
    page = confirm(open_browser()).post(PAGE, {"session": bad}, follow=True).content.decode()
    assert "had already ended" in page


@pytest.mark.usefixtures("anna")
def test_one_session_is_ended() -> None:
    laptop, phone, tablet = open_browser(), open_browser(IPHONE), open_browser(EDGE)
    chosen = UserSession.objects.get(user_agent=IPHONE)
    confirm(laptop).post(PAGE, {"session": str(chosen.pk)})
    assert [is_still_in(client) for client in (laptop, phone, tablet)] == [True, False, True]


def test_signing_out_everywhere_else_ends_what_is_not_listed_too(anna: User) -> None:
    laptop, phone, unlisted = open_browser(), open_browser(IPHONE), Client()
    unlisted.force_login(anna)
    page = confirm(laptop).post(PAGE, follow=True).content.decode()
    assert "2 other sessions were ended" in page
    assert [is_still_in(client) for client in (laptop, phone, unlisted)] == [True, False, False]
    event = SecurityEvent.objects.get(kind="sessions_ended")
    assert (event.by, event.details) == (anna, {"count": 2})


@pytest.mark.usefixtures("anna")
def test_a_new_password_ends_the_other_sessions() -> None:
    laptop, phone = open_browser(), open_browser(IPHONE)
    form = {"oldpassword": PASSWORD, "password1": "another-one-2", "password2": "another-one-2"}
    laptop.post("/accounts/password/change/", form)
    assert [is_still_in(client) for client in (laptop, phone)] == [True, False]
    assert "Safari" not in confirm(laptop).get(PAGE).content.decode()


def test_a_new_password_by_an_administrator_ends_all_sessions(anna: User) -> None:
    phone, boss = open_browser(), Client()
    boss.force_login(make_member("boss"))
    form = {"password1": "another-one-2", "password2": "another-one-2", "usable_password": "true"}
    assert confirm(boss).post(f"/auth/user/{anna.pk}/password/", form).status_code == 302
    assert [is_still_in(client) for client in (phone, boss)] == [False, True]
    event = SecurityEvent.objects.get(kind="password_changed")
    assert (event.by_name, event.about) == ("boss", anna)


@pytest.mark.parametrize("field", ["is_active", "is_staff"])
def test_who_left_is_not_signed_in_again_by_coming_back(anna: User, field: str) -> None:
    phone = open_browser()
    for value in (False, True):
        setattr(anna, field, value)
        anna.save()
    assert not is_still_in(phone)
    assert SecurityEvent.objects.filter(kind="sessions_ended", about=anna).count() == 1


@pytest.mark.usefixtures("anna")
def test_a_sessions_last_use_is_noted_once_in_ten_minutes() -> None:
    laptop = open_browser()
    laptop.get("/")
    earlier = timezone.now() - timedelta(hours=1)
    UserSession.objects.update(last_seen_at=earlier)
    laptop.get("/")
    assert UserSession.objects.get().last_seen_at == earlier, "noted a moment ago"
    caches["local"].clear()
    laptop.get("/", REMOTE_ADDR="192.0.2.77")
    session = UserSession.objects.get()
    assert session.last_seen_at > earlier
    assert session.ip == "192.0.2.77"


@pytest.mark.usefixtures("anna")
def test_sessions_that_ended_by_themselves_are_removed() -> None:
    old, new = open_browser(), open_browser(IPHONE)
    Session.objects.filter(pk=old.session.session_key).update(expire_date=timezone.now() - timedelta(days=1))
    assert sessions.drop_expired() == 1
    assert [session.user_agent for session in UserSession.objects.all()] == [IPHONE]
    assert is_still_in(new)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [(FIREFOX, "Firefox, Windows"), (IPHONE, "Safari, iPhone"), (EDGE, "Edge, macOS"), ("curl/8", ""), ("", "")],
)
def test_browsers_go_by_the_names_that_people_know(user_agent: str, words: str) -> None:
    assert sessions.describe_browser(user_agent) == words


@pytest.mark.usefixtures("anna")
def test_signing_in_begins_a_new_session_and_signing_out_ends_it() -> None:
    client = Client()
    client.post("/i18n/setlang/", {"language": "nl"})
    before = client.session
    before["planted"] = "by somebody else"
    before.save()
    client.cookies["sessionid"] = before.session_key or ""
    sign_in(client, "anna")
    assert client.session.session_key != before.session_key
    after = client.session.session_key
    client.get("/accounts/logout/")
    assert is_signed_in(client), "looking at the page changes nothing"
    client.post("/accounts/logout/")
    assert not Session.objects.filter(pk=after).exists()
