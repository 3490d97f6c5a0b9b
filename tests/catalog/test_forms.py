"""Creating, changing, moving and deleting products and their directories."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from catalog.models import Product, ProductDirectory, VatGroup
from offorte_portal.simulator import Simulator
from offorte_portal.writes import draining
from offorte_portal.writes.models import Operation
from tests.support.factories import make_staff
from tests.support.forms import Mirror, again, form_url, save, staff_client, told, writes_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def product(mirror: Mirror) -> Product:
    mirror("vat_groups", "directories", "products")
    return Product.objects.select_related("directory").order_by("pk")[0]


@pytest.fixture
def client(product: Product) -> Client:
    return staff_client()


def path_of(product: Product) -> str:
    return f"/product/{product.remote_id}/"


def test_a_product_of_unknown_price_is_renamed_without_one(
    simulator: Simulator, client: Client, product: Product
) -> None:
    save(client, form_url(product), name="Eiken balk")
    assert writes_of(simulator) == [("PATCH", path_of(product), {"name": "Eiken balk"})]
    product.refresh_from_db()
    assert (product.name, product.price) == ("Eiken balk", None)


@pytest.mark.parametrize(
    ("typed", "sent"), [("1.234,50", 1234.5), ("1234.5", 1234.5), ("€ 12", 12), ("0,005", 0.005), ("1,000", 1000)]
)
def test_a_price_is_read_as_people_write_it(
    simulator: Simulator, client: Client, product: Product, typed: str, sent: float
) -> None:
    save(client, form_url(product), price=typed)
    assert writes_of(simulator) == [("PATCH", path_of(product), {"price": sent})]
    page = save(client, form_url(product))
    assert told(page)[0][0] == "info", "shown as it is written, it is no change"


@pytest.mark.parametrize("typed", ["1.2.3", "5%", "twelve", "9" * 16, "1.00005"])
def test_a_price_that_is_none_is_asked_about(
    simulator: Simulator, client: Client, product: Product, typed: str
) -> None:
    page = save(client, form_url(product), price=typed)
    assert list(page.context["form"].errors) == ["price"]
    assert page.context["form"]["price"].value() == typed
    assert writes_of(simulator) == []


def test_a_price_below_nought_is_confirmed(simulator: Simulator, client: Client, product: Product) -> None:
    page = save(client, form_url(product), price="-5")
    assert "is negative" in page.content.decode()
    assert writes_of(simulator) == []
    again(client, page, form_url(product))
    assert writes_of(simulator) == [("PATCH", path_of(product), {"price": -5})]


def test_a_known_price_can_not_be_forgotten(simulator: Simulator, client: Client, product: Product) -> None:
    Product.objects.filter(pk=product.pk).update(price=12)
    page = save(client, form_url(product), price="")
    assert list(page.context["form"].errors) == ["price"]
    assert writes_of(simulator) == []


def test_a_product_is_moved_by_its_directory(simulator: Simulator, client: Client, product: Product) -> None:
    target = ProductDirectory.objects.exclude(pk=product.directory_id or 0).order_by("pk")[0]
    save(client, form_url(product), directory_id=str(target.remote_id), optional="true")
    body = {"directory_id": target.remote_id, "optional": True}
    assert writes_of(simulator) == [("PATCH", path_of(product), body)]
    product.refresh_from_db()
    assert (product.directory, product.is_optional) == (target, True)


def test_a_product_is_created_in_a_directory(simulator: Simulator, client: Client, product: Product) -> None:
    group = VatGroup.objects.order_by("pk")[0]
    url = f"{form_url(Product)}?directory={product.directory_id}"
    page = save(client, url, name="Lat", price="2,50", vat_id=str(group.remote_id), descr_short="a\r\nb")
    assert told(page) == [("success", "“Lat” was created in Offorte.")]
    directory = product.directory
    assert directory is not None
    body = {"name": "Lat", "price": 2.5, "vat_id": group.remote_id, "descr_short": "a\nb"}
    assert writes_of(simulator) == [("POST", f"/products/{directory.remote_id}/", body)]
    assert Product.objects.get(name="Lat").directory == directory


def test_a_product_is_deleted_by_its_own_path(simulator: Simulator, client: Client, product: Product) -> None:
    page = save(client, form_url(product, "delete"))
    assert told(page)[0][0] == "success"
    assert writes_of(simulator) == [("DELETE", f"/products/{product.remote_id}/", None)]
    assert not Product.objects.present().filter(pk=product.pk).exists()


def test_a_choice_that_is_gone_stays_as_it_is(simulator: Simulator, client: Client, product: Product) -> None:
    Product.objects.filter(pk=product.pk).update(vat_remote_id=999)
    page = client.get(form_url(product))
    assert "#999 (no longer available)" in page.content.decode()
    save(client, form_url(product), name="Lat")
    assert writes_of(simulator) == [("PATCH", path_of(product), {"name": "Lat"})]


def test_a_directory_is_created_renamed_and_deleted(simulator: Simulator, client: Client) -> None:
    save(client, form_url(ProductDirectory), name="Leeg")
    directory = ProductDirectory.objects.get(name="Leeg")
    save(client, form_url(directory), name="Leeg hout")
    page = save(client, form_url(directory, "delete"))
    assert told(page) == [("success", "“Leeg hout” was deleted in Offorte.")]
    path = f"/products/directories/{directory.remote_id}/"
    assert writes_of(simulator) == [
        ("POST", "/products/directories/", {"name": "Leeg"}),
        ("PATCH", path, {"name": "Leeg hout"}),
        ("DELETE", path, None),
    ]


def test_a_directory_with_products_moves_them_first(simulator: Simulator, client: Client, product: Product) -> None:
    directory, target = (
        product.directory,
        ProductDirectory.objects.exclude(pk=product.directory_id or 0).order_by("pk")[0],
    )
    assert directory is not None
    products = list(Product.objects.filter(directory=directory))
    page = save(client, form_url(directory, "delete"))
    assert "Choose the directory" in page.context["refusal"]
    assert not Operation.objects.exists()
    page = save(client, form_url(directory, "delete"), move_to=str(target.pk))
    assert told(page)[0][0] == "warning"
    page = client.post(form_url(directory, "delete"), page.request | {"move_to": target.pk})
    assert Operation.objects.count() == len(products) + 1
    assert writes_of(simulator) == [], "the worker sends them"
    draining.drain(directory.connection_id)
    moves = [("PATCH", path_of(one), {"directory_id": target.remote_id}) for one in products]
    assert sorted(writes_of(simulator)[:-1]) == sorted(moves)
    assert writes_of(simulator)[-1] == ("DELETE", f"/products/directories/{directory.remote_id}/", None)
    assert not ProductDirectory.objects.present().filter(pk=directory.pk).exists()
    assert Product.objects.filter(directory=target, pk__in=[one.pk for one in products]).count() == len(products)


def test_who_may_not_change_products_can_not_empty_a_directory(simulator: Simulator, product: Product) -> None:
    user = make_staff(is_superuser=False)
    names = ["view_productdirectory", "delete_productdirectory"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    client = Client()
    client.force_login(user)
    directory, target = (
        product.directory,
        ProductDirectory.objects.exclude(pk=product.directory_id or 0).order_by("pk")[0],
    )
    assert directory is not None
    page = client.get(form_url(directory, "delete"))
    assert not page.context["can_delete"]
    data = {"form_state": page.context["form_state"], "move_to": target.pk}
    assert client.post(form_url(directory, "delete"), data).status_code == 403
    assert not Operation.objects.exists()
