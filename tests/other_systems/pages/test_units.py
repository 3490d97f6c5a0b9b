"""Choosing the unit of a system's amounts on its page."""

from decimal import Decimal

import pytest
from django.test import Client

from offorte_portal.other_systems import runs, work
from offorte_portal.other_systems.models import ImportedQuote, QuoteImport, Source
from offorte_portal.simulator.sources import SourceSimulator
from tests.other_systems.sources import connect

pytestmark = pytest.mark.django_db


def page(source: Source) -> str:
    return f"/other_systems/source/{source.pk}/change/"


def test_calibrating_by_hand(client: Client, other: SourceSimulator) -> None:
    source = connect(other)
    work.import_now(runs.request(source, trigger=QuoteImport.Trigger.COMMAND, is_queued=False))
    assert "show totals yet" in client.get(page(source)).content.decode()
    url = f"/sources/{source.pk}/calibrate/"

    def post(**given: str) -> str:
        return client.post(url, given, follow=True).content.decode()

    assert "There is no quote with the number 9." in post(quote="9", amount="1")
    assert "doesn’t match the quote" in post(quote="2013-0001", amount="1")
    assert "This isn’t an amount" in post(quote="2013-0001", amount="much")
    euros = int(other.workspace.quotations[0]["total_price"]) // 1000
    assert "Amounts are now read as: Thousandths." in post(quote="2013-0001", amount=str(euros))
    assert ImportedQuote.objects.filter(total=euros).exists()
    assert "The unit is reset." in post(reset="1")
    assert not ImportedQuote.objects.filter(total__isnull=False).exists()


def test_the_unit_is_chosen_by_how_a_few_quotes_look(client: Client, other: SourceSimulator) -> None:
    source = connect(other)
    assert "Unit of the amounts" not in client.get(page(source)).content.decode()
    work.import_now(runs.request(source, trigger=QuoteImport.Trigger.COMMAND, is_queued=False))
    shown = client.get(page(source))
    newest = source.quotes.order_by("-quoted_on", "-pk")[:3]
    assert [example.quote.pk for example in shown.context["examples"]] == [quote.pk for quote in newest]
    raw = int(shown.context["examples"][0].total)
    cents, thousandths = (each for each in shown.context["readings"] if each.divisor in (100, 1000))
    assert cents.amounts[0] == (
        f"€\N{NO-BREAK SPACE}{raw // 100:,}.00",
        f"€\N{NO-BREAK SPACE}{Decimal(raw) / 100 * Decimal('1.21'):,.2f}",
    )
    assert not thousandths.is_chosen
    url = f"/sources/{source.pk}/calibrate/"
    answer = client.post(url, {"divisor": "1000"}, follow=True)
    assert "Amounts are now read as: Thousandths." in answer.content.decode()
    assert [each.divisor for each in answer.context["readings"] if each.is_chosen] == [1000]
    assert ImportedQuote.objects.filter(total=raw // 1000).exists()
    for divisor in ("7", "", "much", "-1", "9" * 30):
        assert "Choose the row" in client.post(url, {"divisor": divisor}, follow=True).content.decode()
    source.refresh_from_db()
    assert source.options["money_divisor"] == 1000


def test_without_a_quote_that_has_a_total_there_is_nothing_to_choose(client: Client, other: SourceSimulator) -> None:
    for quotation in other.workspace.quotations:
        quotation["total_price"] = "0"
    source = connect(other)
    work.import_now(runs.request(source, trigger=QuoteImport.Trigger.COMMAND, is_queued=False))
    shown = client.get(page(source))
    assert shown.context["examples"] == []
    assert 'name="divisor"' not in shown.content.decode()
