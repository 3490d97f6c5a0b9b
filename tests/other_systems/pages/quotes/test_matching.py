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
