"""Directories and products are written as documented."""

from decimal import Decimal
from typing import Any

import pytest

from offorte_portal.simulator.account import Account
from tests.simulator.client import Client


def test_directory_is_created_renamed_and_deleted(api: Client, account: Account) -> None:
    id = api("POST", "/products/directories/", {"name": "Nieuw"}).json()["id"]
    assert api("PATCH", f"/products/directories/{id}/", {"name": "Anders"}).json() == {"id": id, "name": "Anders"}
    assert account.directories[id]["name"] == "Anders"
    assert api("DELETE", f"/products/directories/{id}/").status_code == 204
    assert api.get(f"/products/{id}/").status_code == 410


def test_full_directory_is_not_deleted(api: Client, account: Account) -> None:
    answer = api("DELETE", "/products/directories/1001/")
    assert answer.status_code == 400
    assert "products" in answer.json()["message"]
    assert 1001 in account.directories


def test_create_product_with_quoted_values(api: Client, account: Account) -> None:
    vat_id = next(iter(account.vat_groups))
    body = {"sku": "abc", "price": "1000", "vat_id": vat_id, "optional": "true", "name": "P", "descr_short": "D"}
    answer = api("POST", "/products/1001/", body)
    assert answer.json().keys() == {"product_id"}
    product = account.products[answer.json()["product_id"]]
    assert product["price"] == Decimal(1000)
    assert product["optional"] is True
    assert product["directory_id"] == 1001


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"price": 1}, "name"),
        ({"name": "P", "price": "a lot"}, "price"),
        ({"name": "P", "price": True}, "price"),
        ({"name": "P", "price": "NaN"}, "price"),
        ({"name": "P", "vat_id": 99}, "vat_id"),
        ({"name": "P", "vat_id": 1.5}, "vat_id"),
        ({"name": "P", "optional": "yes"}, "optional"),
        ({"name": "P", "directory_id": 1001}, "directory_id"),
    ],
)
def test_bad_product_is_refused(api: Client, body: dict[str, Any], field: str) -> None:
    answer = api("POST", "/products/1001/", body)
    assert answer.status_code == 400
    assert answer.json()["errors"].keys() == {field}


def test_product_is_updated_by_the_singular_path(api: Client, account: Account) -> None:
    other = list(account.directories)[1]
    answer = api("PATCH", "/product/1001/", {"price": 12.5, "directory_id": other})
    assert answer.json() == {"id": 1001, "name": account.products[1001]["name"]}
    assert account.products[1001]["price"] == Decimal("12.5")
    assert account.products[1001]["directory_id"] == other


def test_product_is_deleted_by_the_plural_path(api: Client, account: Account) -> None:
    id = max(account.products)
    assert api("DELETE", f"/product/{id}/").status_code == 405
    assert api("PATCH", f"/products/{id}/", {"name": "x"}).status_code == 405
    assert api("DELETE", f"/products/{id}/").status_code == 204
    assert api("DELETE", f"/products/{id}/").status_code == 410
