"""The lists of the catalogue: unknown prices stay unknown."""

import pytest
from django.utils import timezone

from catalog.models import Product, ProductDirectory, VatGroup
from tests.support.factories import make_directory, make_product, make_vat_group
from tests.support.lists import open_list

pytestmark = pytest.mark.django_db


def test_a_product_that_only_its_name_is_known_of() -> None:
    make_product(name="Vuren balk")
    page = open_list(Product)
    for column in ("price_text", "vat", "optional"):
        assert "Unknown" in page.cell(column)
        assert "0" not in page.cell(column)


def test_a_product_that_all_is_known_of() -> None:
    make_product(
        name="Vuren balk",
        sku="HX-100",
        price="12.5",
        is_optional=False,
        directory=make_directory(name="Hout"),
        vat_group=make_vat_group(name="Hoog"),
    )
    page = open_list(Product)
    assert "HX-100 · Hout" in page.cell("title")
    assert "12.50" in page.cell("price_text")
    assert ">Hoog<" in page.cell("vat")
    assert page.cell("optional") == "No"


def test_a_product_for_nothing_costs_nought() -> None:
    make_product(price=0)
    assert "0.00" in open_list(Product).cell("price_text")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?price=yes", {"known", "free"}),
        ("?price=no", {"unknown"}),
        ("?optional=yes", {"known"}),
        ("?optional=no", {"free"}),
        ("?q=unkn", {"unknown"}),
        ("?q=hx-1", {"known"}),
    ],
)
def test_what_narrows_products(query: str, expected: set[str]) -> None:
    make_product(name="known", price=5, sku="HX-100", is_optional=True)
    make_product(name="free", price=0, is_optional=False)
    make_product(name="unknown")
    page = open_list(Product, query)
    assert (set(page.names), page.errors) == (expected, [])


def test_products_by_directory_and_vat_group() -> None:
    wood, high = make_directory(name="Hout"), make_vat_group()
    make_product(name="hit", directory=wood, vat_group=high)
    make_product(name="miss")
    for query in (f"?directory={wood.pk}", f"?vat={high.pk}"):
        assert open_list(Product, query).names == ["hit"]


def test_directories_and_vat_groups_count_what_is_in_them() -> None:
    wood, high = make_directory(name="Hout"), make_vat_group(name="Hoog", vat=21)
    make_product(directory=wood, vat_group=high)
    make_product(directory=wood, removed_at=timezone.now())
    assert ">1<" in open_list(ProductDirectory).cell("product_count")
    page = open_list(VatGroup)
    assert ">21%<" in page.cell("rate")
    assert ">1<" in page.cell("product_count")


def test_an_unknown_rate_is_unknown() -> None:
    make_vat_group(vat=None)
    assert "Unknown" in open_list(VatGroup).cell("rate")
