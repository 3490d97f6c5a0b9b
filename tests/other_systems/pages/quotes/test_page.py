"""The page of an imported quote, beside its original."""

from collections.abc import Callable

import pytest
from django.test import Client

from offorte_portal.api.codes import Code
from offorte_portal.connections.models import Connection
from offorte_portal.other_systems.models import ImportedQuote, Source
from offorte_portal.simulator.sources import SourceSimulator
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation
from tests.other_systems.pages.quotes.pages import COPY, QUOTES, first, told
from tests.other_systems.sources import member
from tests.support.factories import make_proposal

pytestmark = pytest.mark.django_db


class TestPage:
    @pytest.mark.parametrize("system", ["workspace", "cirrus", "fynn", "administrate"])
    def test_it_lies_beside_its_original(self, system: str, client: Client, load: Callable[..., Source]) -> None:
        source = load(system)
        for quote in source.quotes.all():
            page = told(client, f"{QUOTES}{quote.pk}/change/")
            assert f"Original data from {source}" in page
            assert quote.title in page

    def test_notes_in_words_and_no_copying_while_one_blocks(self, client: Client, load: Callable[..., Source]) -> None:
        quote = first(load(options={}))
        page = told(client, f"{QUOTES}{quote.pk}/change/")
        assert "know yet which unit the amounts are in" in page
        assert COPY not in page

    def test_what_became_of_it(self, client: Client, load: Callable[..., Source], account: Connection) -> None:
        quote = first(load())
        proposal = make_proposal(account, name="Copied")
        operation = Operation.objects.create(
            connection=account, verb="create", target="proposals", state="done", remote_id=proposal.remote_id
        )
        ImportedQuote.objects.filter(pk=quote.pk).update(created_with=operation)
        page = told(client, f"{QUOTES}{quote.pk}/change/")
        assert f"/proposals/proposal/{proposal.pk}/change/" in page
        assert COPY not in page
        Operation.objects.update(state="rejected", reason=Reason(Code.REJECTED))
        page = told(client, f"{QUOTES}{quote.pk}/change/")
        assert "Rejected by Offorte" in page
        assert COPY in page, "nothing was created, so it can be copied once more"

    def test_the_proposal_and_its_quote_show_each_others_state(
        self, client: Client, load: Callable[..., Source], account: Connection
    ) -> None:
        quote = first(load())
        proposal, other = make_proposal(account, name="Copied", status="lost"), make_proposal(account)
        operation = Operation.objects.create(
            connection=account, verb="create", target="proposals", state="done", remote_id=proposal.remote_id
        )
        shown = {"created_with": operation, "status": "won", "order_number": "O-12", "ordered_on": "2026-02-21"}
        ImportedQuote.objects.filter(pk=quote.pk).update(**shown)
        page = told(client, f"{QUOTES}{quote.pk}/change/")
        assert '<span class="pill pill-lost">Lost</span>' in page
        assert "O-12" in page
        address = f"/proposals/proposal/{proposal.pk}/change/"
        page = told(client, address)
        assert f"{QUOTES}{quote.pk}/change/" in page
        assert "Won, order O-12" in page
        assert "Copied from" not in told(client, f"/proposals/proposal/{other.pk}/change/")
        ImportedQuote.objects.filter(pk=quote.pk).update(status="lost", order_number="", lost_reason="Too expensive")
        assert "Lost: Too expensive" in told(client, address)
        assert "Too expensive" in told(client, f"{QUOTES}{quote.pk}/change/")
        assert "Copied from" not in told(member("view_proposal"), address)
        proposal.removed_at = proposal.as_of
        proposal.save()
        assert "Deleted in Offorte" in told(client, f"{QUOTES}{quote.pk}/change/")

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
        assert "download the document" in told(client, f"/quotes/{quote.pk}/documents/99/")
        other.add_fault("unavailable_503_html", times=None)
        assert "download the document" in told(client, f"/quotes/{quote.pk}/documents/0/")
        assert member("view_company").get(f"/quotes/{quote.pk}/documents/0/").status_code == 403

    def test_html_of_outside_is_text(self, client: Client, load: Callable[..., Source], other: SourceSimulator) -> None:
        other.workspace.quotations[0] |= {"name": "<script>x()</script>", "description": "<img src=x>"}
        quote = first(load())
        page = told(client, f"{QUOTES}{quote.pk}/change/")
        assert "<script>x()" not in page
        assert "<img src=x" not in page
