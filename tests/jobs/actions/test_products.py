"""What jobs on products write, and how prices are computed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError

from catalog.models import Product, ProductDirectory, VatGroup
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import planning, previews, registry
from offorte_portal.jobs import undoing as jobs_undoing
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.prices import rollups
from offorte_portal.simulator import Simulator
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation
from tests.jobs.conftest import Start, work_off
from tests.prices.pricing import offer, row
from tests.support.factories import make_connection, make_product, make_staff, make_vat_group
from tests.support.feed import bring_up_to_date

pytestmark = pytest.mark.django_db(transaction=True)


def reasons_of(job: Job) -> list[Reason | None]:
    return list(job.operations.exclude(reason__isnull=True).order_by("pk").values_list("reason", flat=True))


@pytest.mark.parametrize(
    ("price", "options", "expected"),
    [
        ("100", {"percent": "3.5"}, "103.50"),
        ("19.95", {"percent": "3,5", "rounding": "0.05"}, "20.65"),  # 20.64825
        ("10.05", {"amount": "0.025", "rounding": "0.05"}, "10.10"),  # 10.075: halfway goes up
        ("10.02", {"amount": "0.001", "rounding": "0.05", "direction": "up"}, "10.05"),
        ("10.04", {"amount": "0.001", "rounding": "0.05", "direction": "down"}, "10.00"),
        ("1", {"percent": "33.3333"}, "1.33"),
        ("12.3456", {"amount": "1", "rounding": "0.0001"}, "13.3456"),
        ("49.99", {"percent": "-10", "amount": "5", "rounding": "1"}, "50.00"),  # 49.991
        ("0", {"amount": "2.5"}, "2.50"),
        ("80", {"percent": "-100"}, "0.00"),
    ],
)
def test_a_price_follows_the_stated_rule(start: Start, price: str, options: Mapping[str, str], expected: str) -> None:
    product = make_product(make_connection(), price=Decimal(price))
    job = start("products.reprice", [product], options)
    planning.plan(job.pk)
    change = job.operations.get()
    assert change.draft == {"price": expected}
    assert Decimal(change.before["price"]) == Decimal(price)


def test_what_can_not_be_priced_is_left_out(start: Start) -> None:
    connection = make_connection()
    rows = [make_product(connection, price=price) for price in (None, 1, "999999999999", 5)]
    job = start("products.reprice", [*rows[:3]], {"percent": "10", "amount": "-2"})
    planning.plan(job.pk)
    assert reasons_of(job) == [JobReason.PRICE_UNKNOWN(), JobReason.PRICE_NEGATIVE(), JobReason.PRICE_TOO_LARGE()]
    nothing = start("products.reprice", [rows[3]], {"percent": "0"})
    planning.plan(nothing.pk)
    assert reasons_of(nothing) == [JobReason.ALREADY_SO()]


@pytest.mark.parametrize(
    ("options", "at"),
    [
        ({"percent": "x"}, "percent"),
        ({"percent": "-101"}, "percent"),
        ({"amount": "Infinity"}, "amount"),
        ({"rounding": "-0.05"}, "rounding"),
        ({"direction": "sideways"}, "direction"),
        ({"vat_group": 12345}, "vat_group"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: Mapping[str, Any], at: str) -> None:
    with pytest.raises(ValidationError) as refused:
        registry.find("products.reprice").clean(options)
    assert list(refused.value.message_dict) == [at]


def test_a_directory_is_repriced_and_brought_back(
    simulator: Simulator, account: Connection, start: Start, boss: User
) -> None:
    remote = simulator.account("bouw")
    simulator.switches.vintage = "live"
    group = VatGroup.objects.order_by("-remote_id").first()
    assert group is not None
    products = list(Product.objects.order_by("remote_id")[:4])
    for product in products:
        old = remote.products[product.remote_id]
        fields = {"price": old["price"], "vat_remote_id": old["vat_id"], "payload": {"price": str(old["price"])}}
        Product.objects.filter(pk=product.pk).update(**fields)
    before = {one.remote_id: dict(remote.products[one.remote_id]) for one in products}
    options = {"percent": "3.5", "rounding": "0.05", "vat_group": group}
    job = work_off(start("products.reprice", products, options))
    assert (job.state, reasons_of(job)) == (Job.State.DONE, [])
    for product in products:
        now, old = remote.products[product.remote_id], before[product.remote_id]
        assert now["price"] == (old["price"] * Decimal("1.035") / Decimal("0.05")).quantize(1) * Decimal("0.05")
        assert now["vat_id"] == group.remote_id
    assert registry.find(job.action).describe(job.options) == f"Reprice: +3.5%, rounded to 0.05, {group}"
    undoing = work_off(jobs_undoing.undo(job, by=boss))
    assert {one.state for one in undoing.operations.all()} == {Operation.State.DONE}
    assert {one.remote_id: remote.products[one.remote_id] for one in products} == before


def test_products_move_and_change(simulator: Simulator, account: Connection, start: Start, boss: User) -> None:
    remote = simulator.account("bouw")
    product = Product.objects.filter(directory__isnull=False).first()
    assert product is not None
    directory = ProductDirectory.objects.exclude(pk=product.directory_id or 0).first()
    group = VatGroup.objects.order_by("-remote_id").first()
    asked: list[tuple[str, dict[str, Any], str]] = [
        ("products.move", {"directory": directory}, f"Move to directory: {directory}"),
        ("products.set_vat_group", {"vat_group": group}, f"Change VAT group: {group}"),
        ("products.set_optional", {"is_optional": "on"}, "Make optional"),
        ("products.set_optional", {"is_optional": False}, "Make not optional"),
    ]
    for name, options, words in asked:
        job = work_off(start(name, [product], options))
        assert (job.state, reasons_of(job)) == (Job.State.DONE, [])
        assert registry.find(name).describe(job.options) == words
    product.refresh_from_db()
    assert (product.directory, product.vat_group, product.is_optional) == (directory, group, False)
    assert remote.products[product.remote_id]["optional"] is False
    unknown = Job.objects.get(action="products.set_vat_group")
    work_off(undoing := jobs_undoing.undo(unknown, by=boss))
    assert reasons_of(undoing) == [JobReason.BEFORE_UNKNOWN()]
    assert work_off(start("products.delete", [product])).state == Job.State.DONE
    assert product.remote_id not in remote.products


def test_a_vat_group_is_of_one_account(start: Start) -> None:
    group = make_vat_group(make_connection("here"))
    product = make_product(make_connection("there"), price=1)
    for name in ("products.reprice", "products.set_vat_group"):
        job = start(name, [product], {"vat_group": group, "percent": "1"})
        planning.plan(job.pk)
        assert reasons_of(job) == [JobReason.OTHER_ACCOUNT()]


def test_unknown_prices_start_from_proposals_only_if_somebody_says_so(start: Start) -> None:
    connection = make_connection()
    balk, plank, tegel = (make_product(connection, name=name) for name in ("Balk", "Plank", "Tegel"))
    known = make_product(connection, name="Vloer", price=Decimal(100))
    offer(connection, row(20, "Balk"), row(90, "Vloer"), number="2026-00181")
    offer(connection, row(30, "Plank"), incl=True)
    bring_up_to_date()
    rollups.rebuild_due()
    rows = [balk, plank, tegel, known]
    without = start("products.reprice", rows[:3], {"percent": "10"})
    planning.plan(without.pk)
    assert reasons_of(without) == [JobReason.PRICE_UNKNOWN()] * 3
    job = start("products.reprice", rows, {"percent": "10", "from_memory": "on"})
    items = list(previews.items(registry.find("products.reprice"), [row.pk for row in rows], job.options, make_staff()))
    assert items[0].effects == ["computed from 20 in 2026-00181"]
    assert items[3].effects == []
    planning.plan(job.pk)
    written = job.operations.filter(reason__isnull=True).order_by("remote_id").values_list("draft", flat=True)
    assert list(written) == [{"price": "22.00"}, {"price": "110.00"}]
    assert reasons_of(job) == [JobReason.PRICE_NOT_REMEMBERED()] * 2


def test_people_who_may_not_see_remembered_prices_do_not_start_from_them(start: Start) -> None:
    connection = make_connection()
    product = make_product(connection, name="Balk")
    offer(connection, row(20, "Balk"))
    bring_up_to_date()
    rollups.rebuild_due()
    user = make_staff(is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=["reprice_product", "view_product"]))
    action = registry.find("products.reprice")
    (item,) = previews.items(action, [product.pk], action.clean({"percent": "10", "from_memory": True}), user)
    assert item.skip_reason == JobReason.PRICE_UNKNOWN()
