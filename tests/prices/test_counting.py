"""A proposal counts once for a product, however many rows it has of it and however those are known."""

from datetime import date

import pytest

from catalog.models import Product
from offorte_portal.connections.models import Connection
from offorte_portal.prices import rollups, winning
from offorte_portal.prices.models import PriceUse, ProductMemory
from offorte_portal.text.months import Period
from tests.prices.pricing import offer, row
from tests.support.factories import make_connection, make_product
from tests.support.feed import bring_up_to_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Connection:
    return make_connection("bouw")


def learn() -> None:
    bring_up_to_date()
    rollups.rebuild_due()


def figures(product: Product) -> tuple[int, int, int]:
    """How often the product was offered, won and lost: the same in the list and in the report."""
    memory = ProductMemory.objects.get(product=product)
    (line,) = winning.read([product.connection_id], Period(date(2000, 1, 1), date(2100, 1, 1)))
    assert (line.offered, line.won, line.lost) == (memory.offered, memory.won, memory.lost)
    return memory.offered, memory.won, memory.lost


def test_rows_known_by_id_and_by_text_are_one_offer(account: Connection) -> None:
    product = make_product(account, name="Balk", remote_id=71)
    offer(account, row(10, "Iets", product=71), row(12, "Balk"), status="won")
    learn()
    assert figures(product) == (1, 1, 0)


def test_rows_with_vat_and_without_are_one_offer(account: Connection) -> None:
    product = make_product(account, name="Balk")
    first = offer(account, row(10, "Balk"), status="lost")
    second = offer(account, row(12, "Balk"), incl=True)
    second.price_tables.update(proposal=first, position=1)
    learn()
    assert figures(product) == (1, 0, 1)


def test_of_several_rows_one_that_was_chosen_counts(account: Connection) -> None:
    product = make_product(account, name="Balk", remote_id=71)
    left_out = row(10, "Iets", product=71, userinput_optional=True, userinput_optional_checked=False)
    offer(account, left_out, row(12, "Balk"), status="won")
    learn()
    assert figures(product) == (1, 1, 0)
    assert [use.outcome for use in PriceUse.objects.filter(counts=True)] == ["won"]


def test_rows_that_turn_out_to_be_of_one_product_are_one_offer(account: Connection) -> None:
    product = make_product(account, name="Balk")
    offer(account, row(10, "Balk"), row(12, "Vuren balk 4 m"), status="won")
    learn()
    assert PriceUse.objects.filter(counts=True).count() == 2
    Product.objects.filter(pk=product.pk).update(name="Vuren balk 4 m")
    learn()
    assert figures(product) == (1, 1, 0)


def test_rows_that_turn_out_to_be_of_two_products_are_two_offers(account: Connection) -> None:
    make_product(account, name="Balk", remote_id=71)
    offer(account, row(10, "Iets", product=71), row(12, "Balk"))
    learn()
    assert PriceUse.objects.filter(counts=True).count() == 1
    make_product(account, name="Balk", remote_id=72)
    learn()
    assert PriceUse.objects.filter(counts=True).count() == 2
