"""The pages about connections to other systems: making one, its settings, its secret, tests and imports by button."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django_q.models import OrmQ
from pytest_django import Settings

from offorte_portal import ports
from offorte_portal.other_systems import runs, work
from offorte_portal.other_systems.models import ImportedQuote, QuoteImport, Source
from offorte_portal.other_systems.systems.registry import SYSTEMS
from offorte_portal.simulator.sources import SourceSimulator
from tests.other_systems.sources import connect, member
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db

LIST = "/other_systems/source/"
NEW = f"{LIST}add/?system=workspace"


def fields(other: SourceSimulator, **changed: Any) -> dict[str, Any]:
    """What the form of Workspace holds."""
    plain = {
        "label": "Workspace",
        "base_url": other.workspace.url,
        "secret_text": other.workspace.secret,
        "interval": "0",
        "requests_per_second": "5",
        "option_statuses": "",
    }
    return plain | changed


def page(source: Source) -> str:
    return f"{LIST}{source.pk}/change/"


def test_the_system_is_chosen_first(client: Client) -> None:
    told = client.get(f"{LIST}add/").content.decode()
    assert all(system.label in told for system in SYSTEMS.values())
    assert "12 May 2026" in told
    assert client.get(f"{LIST}add/?system=salesforce").status_code == 200
    assert "API token" in client.get(NEW).content.decode()


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_has_a_form_and_a_page(system: str, client: Client, other: SourceSimulator) -> None:
    response = client.get(f"{LIST}add/?system={system}")
    form = response.context["form"]
    given = {name: field.initial for name, field in form.fields.items() if field.initial not in (None, False)}
    given = {name: form[name].value() for name in given} | fields(other, label="New one", base_url="https://c.example")
    given |= {"option_username": "a@b.example", "secret_text": "some-secret"}
    assert client.post(f"{LIST}add/?system={system}", given).status_code == 302
    source = Source.objects.get()
    assert (source.system, source.secret) == (system, "some-secret")
    told = client.get(page(source)).content.decode()
    assert "some-secret" not in told
    assert "What to check" in told


def test_a_connection_is_made_and_its_secret_never_shown_again(client: Client, other: SourceSimulator) -> None:
    response = client.post(NEW, fields(other, option_statuses="9 = lost\n 3=Won"))
    source = Source.objects.get()
    assert response["Location"] == page(source)
    assert (source.options, source.secret) == ({"statuses": {"9": "lost", "3": "won"}}, other.workspace.secret)
    told = client.get(page(source)).content.decode()
    assert other.workspace.secret not in told
    assert "9 = lost" in told
    assert other.workspace.secret not in str(Source.objects.values("secret", "token"))


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"base_url": "http://api.workspace.nl"}, "base_url"),
        ({"base_url": "https://user:pw@api.workspace.nl"}, "base_url"),
        ({"base_url": "javascript:alert(1)"}, "base_url"),
        ({"secret_text": ""}, "secret_text"),
        ({"option_statuses": "9"}, "option_statuses"),
        ({"option_statuses": "9 = perhaps"}, "option_statuses"),
        ({"interval": "7"}, "interval"),
    ],
)
def test_what_cant_be_saved_is_said_beside_the_field(
    changed: dict[str, str], where: str, client: Client, other: SourceSimulator
) -> None:
    response = client.post(NEW, fields(other, **changed))
    assert response.status_code == 200
    assert where in response.context["form"].errors
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "localhost.", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1"]
)
def test_a_private_address_is_refused_beside_its_field(
    host: str, client: Client, other: SourceSimulator, settings: Settings
) -> None:
    settings.PORTAL_PRIVATE_NETWORKS = ()
    response = client.post(NEW, fields(other, base_url=f"https://{host}/api"))
    assert "private network" in str(response.context["form"].errors["base_url"])
    cirrus = f"{LIST}add/?system=cirrus"
    told = fields(other, base_url="https://c.example", option_token_url=f"https://{host}/oauth/token")
    response = client.post(cirrus, told | {"option_authentication": "oauth"})
    assert "private network" in str(response.context["form"].errors["option_token_url"])
    assert not Source.objects.exists()


def test_without_a_key_no_secret_is_taken(client: Client, other: SourceSimulator, settings: Settings) -> None:
    settings.PORTAL_ENCRYPTION_KEYS = []
    response = client.post(NEW, fields(other))
    assert "PORTAL_ENCRYPTION_KEYS" in str(response.context["form"].errors)


def test_an_empty_secret_keeps_the_stored_one_of_its_address(client: Client, other: SourceSimulator) -> None:
    source = connect(other)
    client.post(page(source), fields(other, secret_text="", label="Offertes"))
    source = Source.objects.get()
    assert (source.label, source.secret) == ("Offertes", other.workspace.secret)
    response = client.post(page(source), fields(other, secret_text="", base_url="https://evil.example"))
    assert "secret_text" in response.context["form"].errors
    assert Source.objects.get().base_url == other.workspace.url
    assert other.workspace.secret not in response.content.decode()
    client.post(page(source), fields(other, secret_text="new-secret", base_url="https://new.example"))
    source = Source.objects.get()
    assert (source.base_url, source.secret, source.state) == ("https://new.example", "new-secret", Source.State.NEW)


def test_a_page_whose_secret_no_key_fits(client: Client, other: SourceSimulator, settings: Settings) -> None:
    source = connect(other)
    settings.PORTAL_ENCRYPTION_KEYS = ["b3RoZXIta2V5LW90aGVyLWtleS1vdGhlci1rZXktMDE="]
    assert "can’t decrypt" in client.get(page(source)).content.decode()


def test_settings_that_change_map_anew(client: Client, other: SourceSimulator) -> None:
    source = connect(other)
    work.import_now(runs.request(source, trigger=QuoteImport.Trigger.COMMAND, is_queued=False))
    assert ImportedQuote.objects.filter(status="edit").count() == 2
    client.post(page(source), fields(other, secret_text="", option_statuses="1 = lost"))
    assert ImportedQuote.objects.filter(status="lost").count() == 6
    assert ImportedQuote.objects.filter(status="won").count() == 2


def test_testing_says_how_it_went(client: Client, other: SourceSimulator) -> None:
    source = connect(other)
    told = client.post(f"/sources/{source.pk}/test/", follow=True).content.decode()
    assert "The connection to Workspace works." in told
    assert "Example data, anonymised" in told
    other.workspace.secret = "another-secret"
    told = client.post(f"/sources/{source.pk}/test/", follow=True).content.decode()
    assert "The test failed." in told
    assert "rejected the credentials" in told
    assert "The connection to Workspace works." not in told


def test_importing_queues_and_cancelling_ends(
    client: Client, other: SourceSimulator, django_capture_on_commit_callbacks: Any
) -> None:
    source = connect(other, system="administrate", options={"username": "rest@acme.example"})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/sources/{source.pk}/import/")
    assert OrmQ.objects.count() == 1
    run = QuoteImport.objects.get()
    assert (run.trigger, str(run.requested_by)) == ("person", "anna@example.com")
    told = client.get(page(source)).content.decode()
    assert "Reading the list" in told
    assert "import_cancel" not in told
    assert f"/sources/imports/{run.pk}/progress/" in told
    assert "Reading the list" in client.get(f"/sources/imports/{run.pk}/progress/").content.decode()
    client.post(f"/sources/imports/{run.pk}/cancel/")
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert client.get(f"/sources/imports/{run.pk}/progress/")["HX-Refresh"] == "true"
    QuoteImport.objects.all().delete()
    run = runs.request(source, trigger=QuoteImport.Trigger.COMMAND, is_queued=False)
    assert work.import_now(run).state == "done"
    client.post(f"/sources/{source.pk}/import/", {"everything": "1"})
    assert QuoteImport.objects.first().since is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("day", "said", "unsaid"), [(11, "will end this API", "ended this API"), (12, "ended this API", "will end")]
)
def test_an_api_that_ends_says_so_before_a_secret_is_entered(
    day: int, said: str, unsaid: str, client: Client, other: SourceSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "now", lambda: datetime(2026, 5, day, 12, tzinfo=UTC))
    source = connect(other, "administrate")
    for url in (f"{LIST}add/", f"{LIST}add/?system=administrate", page(source)):
        text = client.get(url).content.decode()
        assert said in text
        assert unsaid not in text


@pytest.mark.parametrize("what", ["test", "import", "calibrate"])
def test_only_by_post_and_with_permission(what: str, client: Client, other: SourceSimulator) -> None:
    source = connect(other)
    url = f"/sources/{source.pk}/{what}/"
    assert client.get(url).status_code == 405
    assert member("view_source", "view_importedquote").post(url).status_code == 403
    assert Client().post(url).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_staff("strict"))
    assert strict.post(url).status_code == 403
    assert client.post(f"/sources/999/{what}/").status_code == 404
    assert other.requests == []
    assert not QuoteImport.objects.exists()


def test_what_could_not_be_read_is_said_on_the_pages(client: Client, other: SourceSimulator) -> None:
    other.fynn.rights.discard("customer:read")
    other.add_fault("malformed_json", path=f"/fynn/api/offers/{other.fynn.offers[0]['id']}", times=None)
    source = connect(other, "fynn")
    work.import_now(runs.request(source, trigger=QuoteImport.Trigger.COMMAND, is_queued=False))
    told = client.get(page(source)).content.decode()
    assert "Check that the credentials have the permission customer:read." in told
    assert f"read these quotes: {other.fynn.offers[0]['id']} (1 in total)" in told
    assert "We’ll try again at" in told
    quote = source.quotes.read().first()
    assert quote is not None
    told = client.get(f"/other_systems/importedquote/{quote.pk}/change/").content.decode()
    assert "read the customer’s details. The system refused access." in told


def test_who_may_only_look_has_no_form(other: SourceSimulator) -> None:
    source = connect(other)
    manager = member("view_source", "import_source")
    told = manager.get(page(source)).content.decode()
    assert "Import now" in told
    assert 'name="secret_text"' not in told
    assert manager.post(page(source), fields(other, label="Mine now")).status_code == 403
    assert member().get(page(source)).status_code == 403


def test_deleting_takes_along_what_was_imported(client: Client, other: SourceSimulator) -> None:
    source = connect(other)
    work.import_now(runs.request(source, trigger=QuoteImport.Trigger.COMMAND, is_queued=False))
    assert client.post(f"{LIST}{source.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not ImportedQuote.objects.exists()
    assert admin.site.is_registered(Source)


class TestBeta:
    @pytest.fixture(autouse=True)
    def _off(self, settings: Settings) -> None:
        settings.PORTAL_BETA_SYSTEMS = False

    def test_a_beta_can_be_connected_only_where_it_is_switched_on(self, client: Client, settings: Settings) -> None:
        url = f"{LIST}add/?system=fynn"
        for told in (client.get(f"{LIST}add/"), client.get(url), client.post(url, {"label": "Fynn"})):
            text = told.content.decode()
            assert "Choose a system" in text
            assert "PORTAL_BETA_SYSTEMS=True" in text
            assert 'href="?system=fynn"' not in text
            assert 'href="?system=cirrus"' in text
        assert not Source.objects.exists()
        settings.PORTAL_BETA_SYSTEMS = True
        assert "API token" in client.get(url).content.decode()

    def test_one_that_is_there_says_that_it_pauses(self, client: Client, other: SourceSimulator) -> None:
        source = connect(other, "fynn", state=Source.State.READY)
        text = client.get(page(source)).content.decode()
        assert "Imported quotes stay, but nothing new is imported." in text
        assert "Import now" not in text
        for what in ("test", "import"):
            answer = client.post(f"/sources/{source.pk}/{what}/", follow=True).content.decode()
            assert "beta systems are turned off" in answer
        source.refresh_from_db()
        assert source.state == Source.State.READY, "so that it goes on by itself once it is switched on"
        assert not source.imports.exists()
        assert other.requests == []
