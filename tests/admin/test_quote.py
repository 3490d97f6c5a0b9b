"""The lists and pages of imported quotes and their customers, and making quotes anew from there."""

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from offorte_portal.models import Connection, ImportedQuote, Job, Operation, PartyMatch, QuoteImport, Source
from offorte_portal.services import quotes
from offorte_portal.simulator.sources import SourceSimulator
from offorte_portal.views import recreate
from tests.admin.sources import connect, member, sign_in
from tests.factories import make_company, make_connection, make_person, make_proposal, make_staff

pytestmark = pytest.mark.django_db

QUOTES = "/offorte_portal/importedquote/"
MATCHES = "/offorte_portal/partymatch/"
RECREATE = "/quotes/recreate/"


@pytest.fixture
def other() -> Iterator[SourceSimulator]:
    with SourceSimulator(quotes=12) as running:
        yield running


@pytest.fixture
def client() -> Client:
    return sign_in(make_staff("anna"))


@pytest.fixture
def account() -> Connection:
    return make_connection("bouw")


@pytest.fixture
def load(other: SourceSimulator, account: Connection) -> Callable[..., Source]:
    """Imports a system's quotes."""

    def run(system: str = "workspace", **fields: Any) -> Source:
        options = {"workspace": {"money_divisor": 1000}, "administrate": {"username": "rest@acme.example"}}
        source = connect(other, system, **({"options": options.get(system, {}), "target": account} | fields))
        done = quotes.import_now(quotes.request(source, trigger=QuoteImport.Trigger.COMMAND, is_queued=False))
        assert done.state == "done"
        return source

    return run


def first(source: Source) -> ImportedQuote:
    quote = source.quotes.order_by("pk").first()
    assert quote is not None
    return quote


def told(client: Client, url: str, **given: Any) -> str:
    response = client.get(url, given, follow=True)
    assert response.status_code == 200
    return response.content.decode()


class TestList:
    def test_empty(self, client: Client) -> None:
        assert "No quotes of other systems yet" in told(client, QUOTES)

    @pytest.mark.parametrize(
        ("given", "count"),
        [
            ({}, 12),
            ({"status": "won"}, 3),
            ({"status": "won,edit"}, 6),
            ({"q": "2013-0003"}, 1),
            ({"q": "schilderen b.v."}, 1),
            ({"q": "nothing like it"}, 0),
            ({"total_min": "1000", "total_max": "99999"}, None),
            ({"notes": "no"}, 0),
            ({"recreated": "yes"}, 0),
            ({"recreated": "no"}, 12),
            ({"gone": "yes"}, 0),
            ({"customer": "open"}, 12),
            ({"source": "999"}, 12),
            ({"p": "99"}, 12),
            ({"o": "-3"}, 12),
            ({"mine": "yes"}, 0),
            ({"seller": "none"}, 12),
            ({"currency": "eur"}, 12),
            ({"currency": "none"}, 0),
            ({"valued": "yes"}, 12),
            ({"valued": "no"}, 0),
            ({"begun_from": "1990-01-01"}, 12),
            ({"decided_to": "1990-01-01"}, 0),
        ],
    )
    def test_filters(
        self, given: dict[str, str], count: int | None, client: Client, load: Callable[..., Source]
    ) -> None:
        load()
        response = client.get(QUOTES, given)
        assert response.status_code == 200
        if count is not None:
            assert response.context["cl"].result_count == count

    def test_few_queries(self, client: Client, load: Callable[..., Source], django_assert_max_num_queries: Any) -> None:
        load()
        load("cirrus")
        client.get(QUOTES)
        with django_assert_max_num_queries(16):
            client.get(QUOTES)

    def test_amounts_are_in_their_own_currencies(self, client: Client, load: Callable[..., Source]) -> None:
        source = load("cirrus")
        page = told(client, QUOTES)
        assert "SEK\N{NO-BREAK SPACE}" in page
        assert "€" not in page
        source.quotes.update(currency="")
        page = told(client, QUOTES)
        assert "in an unknown currency" in page
        assert "€" not in page


class TestTicks:
    def tick(self, client: Client, query: str = "", **given: Any) -> Any:
        return client.post(f"{QUOTES}{query}", {"bulk": "quotes.recreate", "select_across": "0"} | given)

    def test_single_rows_go_on_to_recreating(self, client: Client, load: Callable[..., Source]) -> None:
        pks = list(load().quotes.order_by("pk").values_list("pk", flat=True)[:3])
        page = client.get(QUOTES).content.decode()
        assert page.count('class="action-select"') == 12
        assert "Recreate quotes in Offorte…" in page
        response = self.tick(client, "?status=won", _selected_action=pks)
        assert response["Location"] == f"{RECREATE}?" + "&".join(f"pk={pk}" for pk in pks)
        assert "3 quotes are chosen" in client.get(response["Location"]).content.decode()

    def test_all_that_match_are_a_flag(self, client: Client, load: Callable[..., Source]) -> None:
        pk = first(load()).pk
        response = self.tick(client, "?status=won", _selected_action=[pk], select_across="1")
        assert response["Location"] == f"{RECREATE}?status=won"
        assert "3 quotes are chosen" in client.get(response["Location"]).content.decode()

    def test_more_than_a_job_takes_is_said_and_nothing_is_dropped(
        self, client: Client, load: Callable[..., Source], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pks = list(load().quotes.values_list("pk", flat=True))
        monkeypatch.setattr(recreate, "MOST", 11)
        for query in ({}, {"pk": pks}):
            assert "more than 11 quotes" in client.get(RECREATE, query, follow=True).content.decode()
        monkeypatch.setattr(recreate, "MOST", 12)
        assert "12 quotes are chosen" in told(client, RECREATE)

    def test_nothing_ticked(self, client: Client, load: Callable[..., Source]) -> None:
        load()
        response = self.tick(client, "?status=won")
        assert response["Location"] == f"{QUOTES}?status=won"
        assert "Select something first." in client.get(QUOTES).content.decode()

    def test_only_with_permission(self, client: Client, load: Callable[..., Source]) -> None:
        load()
        viewer = member("view_importedquote")
        assert "action-select" not in viewer.get(QUOTES).content.decode()
        assert self.tick(viewer, _selected_action=[1]).status_code == 403
        assert self.tick(client, bulk="proposals.send", _selected_action=[1]).status_code == 403


class TestPage:
    @pytest.mark.parametrize("system", ["workspace", "cirrus", "fynn", "administrate"])
    def test_it_lies_beside_its_original(self, system: str, client: Client, load: Callable[..., Source]) -> None:
        source = load(system)
        for quote in source.quotes.all():
            page = told(client, f"{QUOTES}{quote.pk}/change/")
            assert f"The original, as {source} tells it" in page
            assert quote.title in page

    def test_notes_in_words_and_no_recreating_while_one_blocks(
        self, client: Client, load: Callable[..., Source]
    ) -> None:
        quote = first(load(options={}))
        page = told(client, f"{QUOTES}{quote.pk}/change/")
        assert "The unit of the amounts is not known yet" in page
        assert RECREATE not in page

    def test_what_was_made_of_it(self, client: Client, load: Callable[..., Source], account: Connection) -> None:
        quote = first(load())
        proposal = make_proposal(account, name="Made anew")
        operation = Operation.objects.create(
            connection=account, verb="create", target="proposals", state="done", remote_id=proposal.remote_id
        )
        ImportedQuote.objects.filter(pk=quote.pk).update(created_with=operation)
        page = told(client, f"{QUOTES}{quote.pk}/change/")
        assert f"/proposals/proposal/{proposal.pk}/change/" in page
        Operation.objects.update(state="rejected", reason="Offorte did not accept this.")
        page = told(client, f"{QUOTES}{quote.pk}/change/")
        assert "Rejected by Offorte" in page

    def test_documents_come_through_the_portal(
        self, client: Client, load: Callable[..., Source], other: SourceSimulator
    ) -> None:
        quote = load("fynn").quotes.exclude(documents=[]).first()
        assert quote is not None
        page = told(client, f"{QUOTES}{quote.pk}/change/")
        assert f"/quotes/{quote.pk}/documents/0/" in page
        assert "coreapi.io/secret" not in page
        assert "/media/" not in page
        response = client.get(f"/quotes/{quote.pk}/documents/0/")
        assert response.content.startswith(b"%PDF")
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"].startswith("attachment;")
        assert "sandbox" in response["Content-Security-Policy"]
        assert "could not be fetched" in told(client, f"/quotes/{quote.pk}/documents/99/")
        other.add_fault("unavailable_503_html", times=None)
        assert "could not be fetched" in told(client, f"/quotes/{quote.pk}/documents/0/")
        assert member("view_company").get(f"/quotes/{quote.pk}/documents/0/").status_code == 403

    def test_html_of_outside_is_text(self, client: Client, load: Callable[..., Source], other: SourceSimulator) -> None:
        other.workspace.quotations[0] |= {"name": "<script>x()</script>", "description": "<img src=x>"}
        quote = first(load())
        page = told(client, f"{QUOTES}{quote.pk}/change/")
        assert "<script>x()" not in page
        assert "<img src=x" not in page


class TestMatching:
    def test_a_person_confirms_makes_new_or_takes_back(
        self, client: Client, load: Callable[..., Source], account: Connection
    ) -> None:
        company = make_company(account, name="Schilders De Wit")
        source = load()
        match = source.matches.filter(kind="company").first()
        assert match is not None
        PartyMatch.objects.filter(pk=match.pk).update(name="Schilders De Wit", details={"name": "Schilders De Wit BV"})
        page = told(client, f"{MATCHES}{match.pk}/change/")
        assert str(company) in page
        client.post(f"/quotes/customers/{match.pk}/confirm/", {"row": company.pk})
        match.refresh_from_db()
        assert (match.state, match.remote_id) == ("confirmed", company.remote_id)
        assert "Take that back" in told(client, f"{MATCHES}{match.pk}/change/")
        client.post(f"/quotes/customers/{match.pk}/reopen/")
        match.refresh_from_db()
        assert match.state == "proposed"
        quote = first(source)
        response = client.post(f"/quotes/customers/{match.pk}/new/", {"quote": quote.pk})
        assert response["Location"] == f"{QUOTES}{quote.pk}/change/"
        match.refresh_from_db()
        assert match.state == "new"
        assert told(client, MATCHES, state="new").count("New to Offorte") >= 1

    @pytest.mark.parametrize("row", ["", "abc", "999999", "9" * 30])
    def test_only_what_is_there_can_be_confirmed(self, row: str, client: Client, load: Callable[..., Source]) -> None:
        match = load().matches.filter(kind="company").first()
        assert match is not None
        elsewhere = make_company(make_connection(), name="Elsewhere")
        for given in (row, str(elsewhere.pk)):
            client.post(f"/quotes/customers/{match.pk}/confirm/", {"row": given})
            match.refresh_from_db()
            assert match.state == "open"

    def test_people_too(self, client: Client, load: Callable[..., Source], account: Connection) -> None:
        person = make_person(account, fullname="Somebody")
        match = load().matches.filter(kind="person").first()
        assert match is not None
        client.post(f"/quotes/customers/{match.pk}/confirm/", {"row": person.pk})
        match.refresh_from_db()
        assert match.remote_id == person.remote_id

    def test_all_that_are_nearly_certain_at_once(
        self, client: Client, load: Callable[..., Source], account: Connection
    ) -> None:
        make_company(account, name="Any", vat_number="NL000000521B01")
        source = load()
        assert "Confirm 1 certain one" in told(client, MATCHES)
        client.post("/quotes/customers/certain/")
        assert source.matches.filter(state="confirmed").count() == 1
        assert "certain one" not in told(client, MATCHES)

    @pytest.mark.parametrize("what", ["confirm", "new", "reopen"])
    def test_only_by_post_and_with_permission(self, what: str, client: Client, load: Callable[..., Source]) -> None:
        match = load().matches.filter(kind="company").first()
        assert match is not None
        url = f"/quotes/customers/{match.pk}/{what}/"
        assert client.get(url).status_code == 405
        assert member("view_partymatch").post(url).status_code == 403
        assert member("view_partymatch").post("/quotes/customers/certain/").status_code == 403

    def test_what_was_made_from_here_stays_known(
        self, client: Client, load: Callable[..., Source], account: Connection
    ) -> None:
        match = load().matches.filter(kind="company").first()
        assert match is not None
        operation = Operation.objects.create(connection=account, verb="create", target="companies")
        PartyMatch.objects.filter(pk=match.pk).update(state="new", created_with=operation)
        assert "certain who it is" in client.post(f"/quotes/customers/{match.pk}/reopen/", follow=True).content.decode()


class TestRecreating:
    def plan(self, client: Client, pks: list[int], **changed: Any) -> Any:
        given = {
            "quote": pks, "price_table": "pricetable1", "currency": "eur", "default_vat": "21",
            "makes_unknown_customers": "on", "preview": "1",
        }  # fmt: skip
        return client.post(RECREATE, given | changed)

    def test_shown_confirmed_and_started_once(self, client: Client, load: Callable[..., Source]) -> None:
        pks = list(load().quotes.values_list("pk", flat=True))
        assert "12 quotes are chosen" in told(client, RECREATE)
        response = self.plan(client, pks)
        page = response.content.decode()
        assert "<strong>12</strong> proposals are made" in page
        key, seen = str(response.context["key"]), response.context["seen"]
        confirmed = {"key": key, "seen": seen, "confirm": "1"}
        assert "Tick that you have read" in self.plan(client, pks, **confirmed).content.decode()
        assert not Job.objects.exists()
        started = self.plan(client, pks, **confirmed, understood="1")
        job = Job.objects.get()
        assert started["Location"] == f"/offorte_portal/job/{job.pk}/change/"
        assert self.plan(client, pks, **confirmed, understood="1")["Location"] == started["Location"]
        assert Job.objects.count() == 1
        assert Operation.objects.filter(target="proposals").count() == 12
        page = told(client, started["Location"])
        assert "Recreate quotes in Offorte" in page
        assert "Being made" not in page

    @pytest.mark.parametrize("changed", [{"default_vat": "9"}, {"price_table": "another"}, {"seen": "forged"}])
    def test_what_was_not_seen_is_not_started(
        self, changed: dict[str, str], client: Client, load: Callable[..., Source]
    ) -> None:
        pks = list(load().quotes.values_list("pk", flat=True))
        response = self.plan(client, pks)
        given = {"key": str(uuid.uuid4()), "seen": response.context["seen"], "confirm": "1", "understood": "1"}
        assert "This is not what you saw" in self.plan(client, pks, **(given | changed)).content.decode()
        assert not Job.objects.exists()

    def test_nothing_to_do(self, client: Client, load: Callable[..., Source]) -> None:
        pks = list(load().quotes.values_list("pk", flat=True))
        response = self.plan(client, pks, makes_unknown_customers="")
        page = response.content.decode()
        assert "has to be confirmed first" in page
        assert not re.search(r"Make \d+ proposal", page)
        given = {"seen": response.context["seen"], "confirm": "1", "makes_unknown_customers": ""}
        assert "every quote is left out" in self.plan(client, pks, **given).content.decode()

    def test_a_form_that_cant_be_read(self, client: Client, load: Callable[..., Source]) -> None:
        pks = list(load().quotes.values_list("pk", flat=True))
        response = self.plan(client, pks, currency="EURO", default_vat="x", owner="abc", price_table="")
        assert set(response.context["form"].errors) == {"currency", "default_vat", "owner", "price_table"}

    @pytest.mark.parametrize("given", [{"pk": "999999"}, {"pk": "abc"}, {"q": "nothing like it"}])
    def test_no_quotes(self, given: dict[str, str], client: Client, load: Callable[..., Source]) -> None:
        load()
        assert "There is no quote to make anew." in told(client, RECREATE, **given)

    def test_no_account(self, client: Client, load: Callable[..., Source]) -> None:
        source = load()
        Connection.objects.update(state=Connection.State.DISCONNECTED)
        assert "Connect an Offorte account first." in told(client, RECREATE, pk=first(source).pk)

    def test_all_that_a_filter_finds(self, client: Client, load: Callable[..., Source]) -> None:
        load()
        assert "3 quotes are chosen" in told(client, RECREATE, status="won")

    def test_permission(self, load: Callable[..., Source]) -> None:
        source = load()
        seller = ("recreate_importedquote", "view_importedquote", "add_proposal", "add_company", "add_person")
        assert member(*seller).get(RECREATE, {"pk": first(source).pk}).status_code == 200
        for left_out in seller:
            others = [name for name in seller if name != left_out]
            assert member(*others).get(RECREATE, {"pk": first(source).pk}).status_code == 403
