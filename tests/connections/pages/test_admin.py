"""The administrators' pages about Offorte accounts."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client, TestCase
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import Settings

from offorte_portal.connections.models import Connection
from offorte_portal.sync.models import SyncRun
from tests.support.factories import make_company, make_staff

pytestmark = pytest.mark.django_db
LIST = "/connections/connection/"
NEW = {"account": "bouw", "label": "Bouw BV", "client_id": "abc", "secret": "hush-hush"}


@pytest.fixture
def staff() -> User:
    return make_staff("anna")


@pytest.fixture
def admin(staff: User) -> Client:
    client = Client(headers={"host": "127.0.0.1:8000"})
    client.force_login(staff)
    return client


def make(**columns: object) -> Connection:
    columns = {
        "account": "bouw",
        "client_id": "abc",
        "client_secret": "hush-hush",
        "access_token": "token-of-bouw",
        "state": Connection.State.CONNECTED,
        "connected_at": timezone.now(),
        "token_expires_at": timezone.now() + timedelta(days=20),
    } | columns
    return Connection.objects.create(**columns)


def test_a_new_account_leads_on_to_connecting_it(admin: Client) -> None:
    page = admin.get(f"{LIST}add/").content.decode()
    assert "http://127.0.0.1:8000/offorte/ACCOUNT/callback/" in page
    response = admin.post(f"{LIST}add/", NEW)
    assert response.status_code == 302
    assert response["Location"] == "/offorte/bouw/login/"
    connection = Connection.objects.get()
    assert connection.client_secret == "hush-hush"
    assert connection.state == Connection.State.NEW


@pytest.mark.parametrize("account", ["Bouw", "bouw.offorte.com", "https://bouw", "-bouw", "bo uw", "x" * 64])
def test_an_account_name_that_could_lead_elsewhere_is_refused(admin: Client, account: str) -> None:
    assert admin.post(f"{LIST}add/", NEW | {"account": account}).status_code == 200
    assert not Connection.objects.exists()


def test_a_secret_is_needed_once_and_never_shown(admin: Client) -> None:
    page = admin.post(f"{LIST}add/", NEW | {"secret": ""})
    assert page.status_code == 200
    assert not Connection.objects.exists()
    page = admin.post(f"{LIST}add/", NEW | {"account": "Wrong"})
    assert "hush-hush" not in page.content.decode()
    connection = make()
    for url in (LIST, f"{LIST}{connection.pk}/change/", f"{LIST}{connection.pk}/history/", "/offorte/bouw/login/"):
        page = admin.get(url)
        assert page.status_code == 200
        assert "hush-hush" not in page.content.decode()
        assert "token-of-bouw" not in page.content.decode()


def test_an_empty_secret_keeps_the_stored_one(admin: Client) -> None:
    connection = make(state=Connection.State.NEW, connected_at=None)
    url = f"{LIST}{connection.pk}/change/"
    assert admin.post(url, NEW | {"secret": "", "label": "Other"}).status_code == 302
    connection.refresh_from_db()
    assert (connection.client_secret, connection.label) == ("hush-hush", "Other")
    assert admin.post(url, NEW | {"secret": "new-secret"}).status_code == 302
    connection.refresh_from_db()
    assert connection.client_secret == "new-secret"


def test_saving_the_form_does_not_bring_back_an_older_token(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = make()
    save = Connection.save

    def save_after_a_refresh(self: Connection, **options: object) -> None:
        Connection.objects.update(access_token="newer", token_version=9)
        save(self, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Connection, "save", save_after_a_refresh)
    assert admin.post(f"{LIST}{connection.pk}/change/", NEW | {"label": "Other", "secret": ""}).status_code == 302
    stored = Connection.objects.get()
    assert (stored.label, stored.access_token, stored.token_version) == ("Other", "newer", 9)


def test_a_connected_account_stays_that_account(admin: Client) -> None:
    connection = make()
    admin.post(f"{LIST}{connection.pk}/change/", NEW | {"account": "zuid", "secret": ""})
    assert Connection.objects.get().account == "bouw"


def test_new_credentials_ask_for_a_reconnect(admin: Client) -> None:
    connection = make()
    page = admin.post(f"{LIST}{connection.pk}/change/", NEW | {"client_id": "other", "secret": ""}, follow=True)
    assert "Reconnect now" in page.content.decode()


def test_without_keys_the_form_says_so(admin: Client, settings: Settings) -> None:
    settings.PORTAL_ENCRYPTION_KEYS = []
    page = admin.post(f"{LIST}add/", NEW)
    assert page.status_code == 200
    assert "PORTAL_ENCRYPTION_KEYS" in page.content.decode()


def test_the_list_and_the_page_open_without_keys(admin: Client, settings: Settings) -> None:
    connection = make()
    settings.PORTAL_ENCRYPTION_KEYS = []
    assert admin.get(LIST).status_code == 200
    page = admin.get(f"{LIST}{connection.pk}/change/")
    assert "encryption key for this account is missing" in page.content.decode()


def test_disconnecting_asks_first(admin: Client) -> None:
    connection = make()
    url = f"{LIST}{connection.pk}/disconnect/"
    assert url in admin.get(f"{LIST}{connection.pk}/change/").content.decode()
    assert "Keep it" in admin.get(url).content.decode()
    assert admin.post(url, {"mirror": "what?"}).status_code == 200
    assert Connection.objects.get().is_connected


@pytest.mark.parametrize(("mirror", "tasks"), [("keep", 0), ("remove", 1)])
def test_disconnecting(admin: Client, mirror: str, tasks: int) -> None:
    connection = make()
    with TestCase.captureOnCommitCallbacks(execute=True):
        page = admin.post(f"{LIST}{connection.pk}/disconnect/", {"mirror": mirror}, follow=True)
    assert "is disconnected" in page.content.decode()
    stored = Connection.objects.get()
    assert (stored.state, stored.access_token) == (Connection.State.DISCONNECTED, "")
    assert OrmQ.objects.count() == tasks


def test_an_account_that_does_not_exist_is_not_found(admin: Client) -> None:
    assert admin.get(f"{LIST}77/disconnect/").status_code == 404


def test_only_what_is_empty_can_be_deleted(admin: Client) -> None:
    connection = make()
    url = f"{LIST}{connection.pk}/delete/"
    assert admin.get(url).status_code == 403
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    company = make_company(connection)
    assert admin.post(url, {"post": "yes"}).status_code == 403
    company.delete()
    SyncRun.objects.create(connection=connection, trigger=SyncRun.Trigger.PERSON)
    assert admin.post(url, {"post": "yes"}).status_code == 302
    assert not Connection.objects.exists()


def test_who_lacks_the_permissions_gets_nowhere(admin: Client, staff: User) -> None:
    User.objects.update(is_superuser=False)
    connection = make()
    urls = [LIST, f"{LIST}add/", *(f"{LIST}{connection.pk}/{name}/" for name in ("change", "disconnect", "delete"))]
    for url in urls:
        assert admin.get(url).status_code == 403
        assert admin.post(url, NEW | {"mirror": "keep", "post": "yes"}).status_code == 403
    assert Connection.objects.get().is_connected
