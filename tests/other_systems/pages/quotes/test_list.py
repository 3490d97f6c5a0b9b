"""The list of imported quotes, and what can be ticked in it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from offorte_portal.mirror.search_parts import write_search_text
from offorte_portal.other_systems.mapping import find_parts
from offorte_portal.other_systems.models import ImportedQuote, PartyMatch, Source
from offorte_portal.other_systems.pages import copying
from tests.other_systems.pages.quotes.pages import COPY, QUOTES, first, told
from tests.other_systems.sources import member

pytestmark = pytest.mark.django_db


class TestList:
    def test_empty(self, client: Client) -> None:
        assert "No imported quotes yet" in told(client, QUOTES)

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
            ({"source": "999"}, 0),
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

    def test_quotes_and_customers_are_found_and_sorted_in_any_spelling(
        self, client: Client, load: Callable[..., Source]
    ) -> None:
        source = load()
        for number, title in enumerate(("Łódź", "Lama", "Müller")):
            quote = ImportedQuote.objects.create(
                source=source, external_id=f"x{number}", status="open", title=title, number=f"Q-20{number}"
            )
            quote.search_text = write_search_text(find_parts(quote, []))
            quote.save()
        PartyMatch.objects.create(source=source, kind="company", key="x", name="Özgür Bouw")
        for text, expected in (("lodz", ["Łódź"]), ("MUELLER", ["Müller"]), ("q202", ["Müller"])):
            page = client.get(reverse("admin:other_systems_importedquote_changelist"), {"q": text})
            assert [row.title for row in page.context["cl"].result_list] == expected
        page = client.get(reverse("admin:other_systems_partymatch_changelist"), {"q": "oezguer"})
        assert [row.name for row in page.context["cl"].result_list] == ["Özgür Bouw"]
        titles = ImportedQuote.objects.filter(external_id__startswith="x").order_by("title_key")
        assert [quote.title for quote in titles] == ["Lama", "Łódź", "Müller"]

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
        return client.post(f"{QUOTES}{query}", {"bulk": "quotes.copy", "select_across": "0"} | given)

    def test_single_rows_go_on_to_copying(self, client: Client, load: Callable[..., Source]) -> None:
        pks = list(load().quotes.order_by("pk").values_list("pk", flat=True)[:3])
        page = client.get(QUOTES).content.decode()
        assert page.count('class="action-select"') == 12
        assert "Copy to Offorte…" in page
        response = self.tick(client, "?status=won", _selected_action=pks)
        assert response["Location"] == f"{COPY}?" + "&".join(f"pk={pk}" for pk in pks)
        assert "3 quotes selected" in client.get(response["Location"]).content.decode()

    def test_all_that_match_are_a_flag(self, client: Client, load: Callable[..., Source]) -> None:
        pk = first(load()).pk
        response = self.tick(client, "?status=won", _selected_action=[pk], select_across="1")
        assert response["Location"] == f"{COPY}?status=won"
        assert "3 quotes selected" in client.get(response["Location"]).content.decode()

    def test_more_than_a_job_takes_is_said_and_nothing_is_dropped(
        self, client: Client, load: Callable[..., Source], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pks = list(load().quotes.values_list("pk", flat=True))
        monkeypatch.setattr(copying, "MOST", 11)
        for query in ({}, {"pk": pks}):
            assert "more than 11 quotes" in client.get(COPY, query, follow=True).content.decode()
        monkeypatch.setattr(copying, "MOST", 12)
        assert "12 quotes selected" in told(client, COPY)

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
