"""The customers of imported quotes, and who they are at Offorte."""

from collections.abc import Callable

import pytest
from django.test import Client

from offorte_portal.connections.models import Connection
from offorte_portal.other_systems.models import PartyMatch, Source
from offorte_portal.writes.models import Operation
from tests.other_systems.pages.quotes.pages import MATCHES, QUOTES, first, told
from tests.other_systems.sources import member
from tests.support.factories import make_company, make_connection, make_person

pytestmark = pytest.mark.django_db


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
        assert "Undo match" in told(client, f"{MATCHES}{match.pk}/change/")
        client.post(f"/quotes/customers/{match.pk}/reopen/")
        match.refresh_from_db()
        assert match.state == "proposed"
        quote = first(source)
        response = client.post(f"/quotes/customers/{match.pk}/new/", {"quote": quote.pk})
        assert response["Location"] == f"{QUOTES}{quote.pk}/change/"
        match.refresh_from_db()
        assert match.state == "new"
        assert told(client, MATCHES, state="new").count("New in Offorte") >= 1

    @pytest.mark.parametrize("row", ["", "abc", "999999", "9" * 30])
    def test_only_what_is_there_can_be_confirmed(self, row: str, client: Client, load: Callable[..., Source]) -> None:
        match = load().matches.filter(kind="company").first()
        assert match is not None
        elsewhere = make_company(make_connection(), name="Elsewhere")
        for given in (row, str(elsewhere.pk)):
            client.post(f"/quotes/customers/{match.pk}/confirm/", {"row": given})
            match.refresh_from_db()
            assert match.state == "open"

    def test_companies_and_people_are_lists_of_their_own(
        self, client: Client, load: Callable[..., Source], account: Connection
    ) -> None:
        source = load()
        busiest = source.matches.filter(kind="company").order_by("pk")[0]
        source.quotes.update(company=busiest)
        source.quotes.filter(pk=first(source).pk).update(missing_since=source.created_at)
        companies = client.get(MATCHES, {"o": "-1"}).context["cl"].result_list
        assert {row.kind for row in companies} == {"company"}
        assert next((row.pk, row.number_of_quotes) for row in companies) == (busiest.pk, 11)
        shown = client.get(MATCHES, {"kind": "person", "o": "-1"})
        people = shown.context["cl"].result_list
        assert {row.kind for row in people} == {"person"}
        assert people[0].number_of_quotes == source.quotes.present().filter(people=people[0]).count() > 0
        assert [(tab.label, tab.is_active) for tab in shown.context["tabs"]] == [("Companies", False), ("People", True)]
        assert client.get(MATCHES, {"quotes_min": "1"}).context["cl"].result_count == 1
        assert client.get(MATCHES, {"kind": "thing"}).context["cl"].result_count == 0

    def test_matched_unmatched_and_suggested_are_filtered_and_shown(
        self, client: Client, load: Callable[..., Source], account: Connection
    ) -> None:
        company = make_company(account, name="Any", vat_number="NL000000521B01")
        source = load()
        shown = client.get(MATCHES, {"state": "proposed"})
        assert [row.remote_id for row in shown.context["cl"].result_list] == [company.remote_id]
        assert "Any" in shown.content.decode()
        assert "To confirm" in shown.content.decode()
        rest = client.get(MATCHES, {"state": "open"}).context["cl"].result_count
        assert rest == source.matches.filter(kind="company").count() - 1
        company.delete()
        assert f"#{company.remote_id}" in told(client, MATCHES)

    def test_only_the_kind_that_is_listed_is_confirmed(
        self, client: Client, load: Callable[..., Source], account: Connection
    ) -> None:
        source = load()
        source.matches.update(state="proposed", confidence=95)
        people = source.matches.filter(kind="person").count()
        response = client.post("/quotes/customers/certain/", {"kind": "person"})
        assert response["Location"] == f"{MATCHES}?kind=person"
        assert source.matches.filter(state="confirmed").count() == people
        assert source.matches.filter(kind="company", state="confirmed").count() == 0

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
        assert "Confirm 1 sure match" in told(client, MATCHES)
        client.post("/quotes/customers/certain/")
        assert source.matches.filter(state="confirmed").count() == 1
        assert "sure match" not in told(client, MATCHES)

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
        assert "can’t be undone" in client.post(f"/quotes/customers/{match.pk}/reopen/", follow=True).content.decode()
