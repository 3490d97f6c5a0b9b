"""The pages of products, directories and VAT groups tell what is known, and what is not."""

from decimal import Decimal

import pytest
from django.test import Client

from tests.support.factories import make_directory, make_product, make_staff, make_vat_group

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(make_staff("sanne"))
    return client


def show(client: Client, path: str) -> str:
    response = client.get(f"/catalog/{path}/change/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_product_of_which_only_the_name_is_known_says_so(client: Client) -> None:
    page = show(client, f"product/{make_product().pk}")
    assert page.count("Unknown") >= 5
    assert "0.00" not in page


def test_a_known_product_is_shown_with_a_clean_description(client: Client) -> None:
    group, directory = make_vat_group(), make_directory()
    product = make_product(
        price=Decimal("12.50"),
        sku="ABC",
        is_optional=False,
        descr_short="<p onclick=x>Vuren</p><script>x</script>",
        vat_group=group,
        directory=directory,
    )
    page = show(client, f"product/{product.pk}")
    assert "€\u00a012.50" in page
    assert "<p>Vuren</p>" in page
    assert "onclick" not in page
    assert f'href="/catalog/vatgroup/{group.pk}/change/"' in page
    assert f'href="/catalog/productdirectory/{directory.pk}/change/"' in page
    assert "Unknown" not in page


def test_a_directory_shows_its_products_and_a_vat_group_its_rate(client: Client) -> None:
    group, directory = make_vat_group(vat=Decimal("21.0000")), make_directory()
    make_product(name="Vuren balk", directory=directory, vat_group=group)
    make_product(name="Elders")
    for path in (f"productdirectory/{directory.pk}", f"vatgroup/{group.pk}"):
        page = show(client, path)
        assert "Vuren balk" in page
        assert "Elders" not in page
    assert "21%" in page


def test_a_long_directory_shows_its_beginning(client: Client) -> None:
    directory = make_directory()
    for number in range(51):
        make_product(name=f"Balk {number:02}", directory=directory)
    page = show(client, f"productdirectory/{directory.pk}")
    assert "Balk 49" in page
    assert "Balk 50" not in page
    assert "See all products" in page
