"""The Dutch catalogue is whole, and a Dutch page is Dutch. (`makemessages` itself needs tools that may be missing.)"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, override

from offorte_portal.api import errors
from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import RunReason, put_into_words
from offorte_portal.sync.models import SyncRun
from offorte_portal.sync.reasons import SyncReason
from proposals.models import PriceTable
from tests.support.factories import (
    AS_OF,
    make_company,
    make_connection,
    make_person,
    make_product,
    make_proposal,
    make_staff,
)

FOLDER = settings.LOCALE_PATHS[0] / "nl" / "LC_MESSAGES"
CATALOGUE = polib.pofile(str(FOLDER / "django.po"))
PLACEHOLDER_OR_TAG = re.compile(r"%\(\w+\)[sd]|%[sd%]|</?\w+[^>]*>")
SHOWN_ATTRIBUTES = {"aria-label", "title", "placeholder", "alt", "data-label"}

PAGES = [
    ("/", "Offertes per status"),
    ("/proposals/proposal/", "Laatst bekeken"),
    ("/proposals/proposal/?status=won", "Gewonnen"),
    ("/contacts/company/", "Plaats"),
    ("/contacts/person/", "Contactpersonen"),
    ("/catalog/product/", "Producten"),
    ("/connections/connection/", "Offorte-accounts"),
    ("/sync/syncrun/", "Synchronisaties"),
]

Key = tuple[str | None, str]


def texts(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    """The translations of an entry: one, or singular and plural."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def translations(catalogue: polib.POFile | polib.MOFile) -> dict[Key, list[str]]:
    return {(entry.msgctxt, entry.msgid): texts(entry) for entry in catalogue}


class Words(HTMLParser):
    """The texts of a page: between its tags, and in the attributes that people read or hear."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.found.add(" ".join(data.split()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.update(value for name, value in attrs if value and name in SHOWN_ATTRIBUTES)


def english_words() -> set[str]:
    """Texts that are English for certain: no Dutch text of ours, nor the name of the other language in the switch."""
    dutch = {text.lower() for entry in CATALOGUE for text in texts(entry)}
    own = {entry.msgid for entry in CATALOGUE} | {entry.msgid_plural for entry in CATALOGUE}
    return {text for text in own if text.lower() not in dutch} - {"", "English"}


def show(client: Client, path: str) -> set[str]:
    """The words of a page for a Dutch browser."""
    response = client.get(path, headers={"accept-language": "nl"})
    assert response.status_code == 200
    assert response.headers["Content-Language"] == "nl"
    return Words(response.content.decode()).found


@pytest.fixture
def client() -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(make_staff("sanne"))
    return client


def test_every_text_is_translated() -> None:
    assert [entry.msgid for entry in CATALOGUE if entry.fuzzy or entry.obsolete or not all(texts(entry))] == []


def test_translations_keep_placeholders_and_tags() -> None:
    def parts(text: str) -> list[str]:
        return sorted(PLACEHOLDER_OR_TAG.findall(text))

    originals = [[entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid] for entry in CATALOGUE]
    pairs = [
        pair
        for known, entry in zip(originals, CATALOGUE, strict=True)
        for pair in zip(known, texts(entry), strict=True)
    ]
    assert [text for original, text in pairs if parts(original) != parts(text)] == []


def test_the_compiled_catalogue_is_the_one_that_is_read() -> None:
    assert translations(polib.mofile(str(FOLDER / "django.mo"))) == translations(CATALOGUE)


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "word"), PAGES)
def test_a_list_is_dutch(client: Client, path: str, word: str) -> None:
    make_proposal(company=make_company())
    make_proposal(status="won")
    make_person()
    make_product()
    words = show(client, path)
    assert word in words
    assert words & english_words() == set()


@pytest.mark.django_db
def test_a_proposal_is_dutch(client: Client) -> None:
    proposal = make_proposal(company=make_company(), details_as_of=AS_OF, view_count=2)
    PriceTable.objects.create(proposal=proposal, key="opties", position=0, rows_include_vat=False)
    words = show(client, f"/proposals/proposal/{proposal.pk}/change/")
    assert {"Home", "Offertes", "Openstaand", "Prijstabel", "Activiteit", "2 keer bekeken"} <= words
    assert words & english_words() == set()


@pytest.mark.django_db
def test_a_sync_tells_its_reason_in_dutch(client: Client) -> None:
    reason = errors.Unavailable().reason
    run = SyncRun.objects.create(connection=make_connection(), state=SyncRun.State.FAILED, reason=reason)
    run.warnings.create(resource="products", reason=SyncReason.LIST_UNREADABLE(error=reason))
    words = show(client, f"/sync/syncrun/{run.pk}/change/")
    assert "Deze lijst kon niet worden opgehaald: Offorte is op dit moment niet bereikbaar." in words
    assert words & english_words() == set()


@pytest.mark.django_db
def test_a_broken_connection_tells_its_reason_in_dutch(client: Client) -> None:
    reason = errors.AuthenticationFailed().reason
    connection = make_connection(state=Connection.State.RECONNECT, state_reason=reason)
    told = "Offorte accepteert deze koppeling niet meer. Het account moet opnieuw worden gekoppeld."
    assert told in show(client, "/")
    words = show(client, f"/connections/connection/{connection.pk}/change/")
    assert told in words
    assert words & english_words() == set()


@pytest.mark.django_db
def test_sign_in_is_dutch() -> None:
    words = show(Client(headers={"host": "127.0.0.1"}), "/accounts/login/")
    assert "Inloggen" in words
    assert words & english_words() == set()


def all_errors(error: type[errors.OfforteError] = errors.OfforteError) -> Iterator[type[errors.OfforteError]]:
    yield error
    for kind in error.__subclasses__():
        yield from all_errors(kind)


@pytest.mark.parametrize("error", list(all_errors()), ids=lambda error: error.__name__)
def test_every_error_is_told_in_dutch(error: type[errors.OfforteError]) -> None:
    with override("nl"):
        dutch = put_into_words(error().reason)
    assert dutch not in {put_into_words(error().reason), error.code}


def test_what_is_not_known_stays_as_it_is() -> None:
    with override("nl"):
        assert put_into_words(None) == ""
        assert put_into_words(RunReason.UNEXPECTED(error="KeyError")) == "Onverwachte fout: KeyError"


def test_our_dutch_wins_over_django_s() -> None:
    with override("nl"):
        assert gettext("Home") == "Home"
        assert gettext("now") == "zojuist"
