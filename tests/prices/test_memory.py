"""What is remembered of the prices in proposals."""

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from catalog.models import Product
from offorte_portal.connections import hooks
from offorte_portal.connections.models import Connection
from offorte_portal.mirror import wiping
from offorte_portal.prices import rollups
from offorte_portal.prices.identity import Identity, identify
from offorte_portal.prices.memory import Remembered, recall
from offorte_portal.prices.models import PriceDue, PriceGroup, PriceMemory, PriceMonth, PriceUse, ProductMemory
from proposals.models import PriceRow, PriceTable, Proposal
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


def remember(product: Product, connection: Connection | None = None) -> Remembered | None:
    identity = identify(product)
    return recall((connection or product.connection).pk, [identity]).get(identity)


def known(product: Product) -> Remembered:
    found = remember(product)
    assert found
    return found


def figures(row: object, *names: str) -> list[Any]:
    return [getattr(row, name) for name in names]


def prices(memories: QuerySet[PriceMemory]) -> list[Any]:
    return list(memories.order_by("last_price").values_list("last_price", flat=True))


def test_the_last_price_is_that_of_the_newest_proposal(account: Connection) -> None:
    product = make_product(account)
    offer(account, row(10), days_ago=9, number="2026-00180")
    newest = offer(account, row("12.5", vat_percentage=9), days_ago=2, number="2026-00181")
    offer(account, row(11), days_ago=40)
    learn()
    found = known(product)
    assert figures(found, "price", "vat", "source", "proposal_id") == [Decimal("12.5"), 9, "2026-00181", newest.pk]
    assert figures(found, "low", "high", "offered") == [10, Decimal("12.5"), 3]
    assert found.at == newest.remote_created_at


def test_a_row_is_known_by_product_then_sku_then_text(account: Connection) -> None:
    first = make_product(account, name="Balk", sku="B-1", remote_id=71)
    second = make_product(account, name="Plank", sku="P-1", remote_id=72)
    offer(account, row(10, "Plank", product=71, sku="P-1"), row(20, "Balk", sku="p 1"), row(30, " BÁLK! "))
    learn()
    assert prices(PriceMemory.objects.filter(product=first)) == [10, 30]
    assert known(second).price == 20


def test_a_sku_of_two_products_is_nobodys_price(account: Connection) -> None:
    first, second = (make_product(account, name=name, sku="S") for name in ("Balk", "Plank"))
    offer(account, row(10, "Balk", sku="S"))
    learn()
    assert remember(first) is None
    assert remember(second) is None
    Product.objects.filter(pk=second.pk).update(removed_at=timezone.now())
    learn()
    assert known(first).price == 10


def test_a_renamed_product_keeps_its_prices_until_another_takes_the_name(account: Connection) -> None:
    product = make_product(account, name="Balk")
    offer(account, row(10, "Balk"))
    learn()
    Product.objects.filter(pk=product.pk).update(name="Balk 2.0")
    learn()
    assert known(product).price == 10
    other = make_product(account, name="Balk")
    learn()
    assert known(other).price == 10
    assert remember(product) is None


def test_the_description_below_the_name_is_the_same_product(account: Connection) -> None:
    product = make_product(account, name="Balk", descr_short="<p>Vuren, 4&nbsp;m</p>")
    offer(account, {**row(7), "content": "<p>Balk<br>Vuren, 4 m</p>"})
    learn()
    assert known(product).price == 7


def test_forty_prices_in_a_month_are_a_spread(account: Connection) -> None:
    product = make_product(account)
    for number in range(40):
        offer(account, row(100 + number), days_ago=40 - number)
    offer(account, row(5), days_ago=300)
    learn()
    found = known(product)
    assert figures(found, "price", "low", "offered") == [139, 5, 41]
    assert figures(found, "recent_prices", "recent_low", "recent_high") == [31, 109, 139]
    assert found.is_spread


def test_currencies_and_prices_with_vat_are_kept_apart(account: Connection) -> None:
    product = make_product(account)
    offer(account, row(10), days_ago=3, price_total_display="€ 10,00")
    offer(account, row(11), days_ago=2, price_total_display="$11.00")
    offer(account, row("12.1"), days_ago=1, incl=True, price_total_display="€ 12,10")
    learn()
    found = known(product)
    assert [(each.price, each.currency, each.includes_vat) for each in (found, *found.others)] == [
        (Decimal("12.1"), "€", True), (11, "$", False), (10, "€", False),
    ]  # fmt: skip
    without = found.with_basis(includes_vat=False)
    assert without
    assert without.price == 11


def test_the_keys_of_a_product_are_remembered_as_one(account: Connection) -> None:
    product = make_product(account, name="Balk", remote_id=71)
    offer(account, row(10, "Balk 4 m", product=71), days_ago=2, status="won")
    offer(account, row(12, "Balk"), days_ago=1, status="lost")
    learn()
    found = known(product)
    assert figures(found, "price", "low", "high", "offered", "won", "lost") == [12, 10, 12, 2, 1, 1]
    assert figures(found, "recent_prices", "recent_low", "recent_high", "others") == [2, 10, 12, ()]


def test_zero_is_no_price_and_a_credit_no_use(account: Connection) -> None:
    product = make_product(account)
    offer(account, row(10), days_ago=5)
    offer(account, row(0), days_ago=2)
    offer(account, row(None), days_ago=2)
    offer(account, row(-99), days_ago=1)
    learn()
    found = known(product)
    assert figures(found, "price", "low", "offered") == [10, 10, 3]


def test_discounts_are_kept_beside_the_price(account: Connection) -> None:
    product = make_product(account)
    offer(account, row(100, discount=10, discount_type="percentage", subtotal=90))
    learn()
    assert known(product).price == 100
    use = PriceUse.objects.get()
    assert figures(use, "discount", "discount_type", "value") == [10, "percentage", 90]


def test_the_won_share_leaves_out_what_was_not_decided_or_not_chosen(account: Connection) -> None:
    product = make_product(account)
    for status in ("won", "won", "lost", "open", "closed", "edit"):
        offer(account, row(10), status=status)
    offer(account, row(10, userinput_optional=True, userinput_optional_checked=False), status="won")
    learn()
    found = known(product)
    assert figures(found, "offered", "won", "lost") == [7, 2, 1]
    assert round(found.share or 0) == 67


def test_a_proposal_counts_once_however_many_rows_it_has(account: Connection) -> None:
    product = make_product(account)
    offer(account, row(10), row(12), row(14), status="won")
    learn()
    found = known(product)
    assert figures(found, "offered", "won", "low", "high") == [1, 1, 10, 14]
    assert PriceMonth.objects.get().value == 36


def test_won_amounts_are_without_vat(account: Connection) -> None:
    make_product(account)
    offer(account, row(121, count=2), incl=True, status="won")
    offer(account, row(121, vat_percentage=None), incl=True, status="won")
    learn()
    month = PriceMonth.objects.get()
    assert figures(month, "value", "unvalued") == [200, 1]


def test_removed_and_unread_proposals_tell_nothing(account: Connection) -> None:
    product = make_product(account)
    removed = offer(account, row(10), days_ago=3)
    offer(account, row(12), details_as_of=None)
    learn()
    assert known(product).price == 10
    Proposal.objects.filter(pk=removed.pk).update(removed_at=timezone.now())
    learn()
    assert remember(product) is None
    assert not PriceUse.objects.exists()
    assert figures(ProductMemory.objects.get(), "price", "offered", "share") == [None, 0, None]


def test_changed_rows_replace_what_was_remembered(account: Connection) -> None:
    product = make_product(account)
    proposal = offer(account, row(10))
    learn()
    PriceRow.objects.filter(table__proposal=proposal).update(price=15)
    learn()
    found = known(product)
    assert figures(found, "price", "low", "high", "offered") == [15, 15, 15, 1]
    assert not PriceDue.objects.exists()


def test_what_has_not_changed_is_not_written_again(account: Connection) -> None:
    make_product(account)
    offer(account, row(10), row(20, "Plank"))
    learn()
    before = set(PriceUse.objects.order_by("pk").values_list("pk", flat=True))
    bring_up_to_date()
    assert set(PriceUse.objects.order_by("pk").values_list("pk", flat=True)) == before
    assert not PriceDue.objects.exists()


def test_text_that_no_product_has_can_be_recalled(account: Connection) -> None:
    offer(account, row(95, "Voorrijkosten"))
    learn()
    asked = Identity(texts=("voorrij-kosten",))
    assert recall(account.pk, [asked])[asked].price == 95
    assert recall(make_connection("elders").pk, [asked]) == {}


def test_prices_of_other_accounts_count_where_a_group_joins_them(account: Connection) -> None:
    other = make_connection("interieur")
    mine, theirs = make_product(account, sku="S"), make_product(other, sku="S", name="Eigen naam", remote_id=1)
    offer(other, row(20, product=1))
    learn()
    assert known(theirs).price == 20
    assert remember(mine) is None
    group = PriceGroup.objects.create(name="Groep")
    group.connections.set([account, other])
    found = known(mine)
    assert figures(found, "price", "connection_id") == [20, other.pk]
    offer(account, row(10), days_ago=90)
    learn()
    found = known(mine)
    assert found.price == 10
    assert [each.price for each in found.others] == [20]


def test_ids_mean_nothing_in_another_account(account: Connection) -> None:
    other = make_connection("interieur")
    mine = make_product(account, name="Balk", remote_id=5)
    make_product(other, name="Plank", remote_id=5)
    PriceGroup.objects.create(name="Groep").connections.set([account, other])
    offer(other, row(20, "Plank", product=5))
    learn()
    assert remember(mine) is None


def test_wiping_an_account_removes_all_of_it(account: Connection) -> None:
    make_product(account)
    kept = make_product(make_connection("blijft"))
    offer(account, row(10))
    offer(kept.connection, row(10))
    learn()
    Connection.objects.filter(pk=account.pk).update(state=Connection.State.DISCONNECTED)
    wiping.remove_mirror(account.pk)
    assert set(PriceMemory.objects.order_by("pk").values_list("connection", flat=True)) == {kept.connection_id}
    assert PriceUse.objects.count() == PriceMonth.objects.count() == ProductMemory.objects.count() == 1
    assert hooks.ROOMS


def test_rows_that_people_wrote_badly_do_no_harm(account: Connection) -> None:
    worst = "<" * 3000 + "a" + ">" * 3000
    offer(account, {**row(1), "content": worst}, {**row(2), "content": ""}, {**row(3), "content": "<script>x</script>"})
    offer(account, {**row(4), "content": "x" * 20_000}, {**row(5), "content": "日本"})
    learn()
    assert prices(PriceMemory.objects.all()) == [1, 4, 5]
    assert PriceTable.objects.count() == 2
