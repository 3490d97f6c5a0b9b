"""How VAT groups, product directories and products are mirrored."""

from collections.abc import Iterable, Mapping
from typing import Any

from catalog.models import Product, ProductDirectory, VatGroup
from offorte_portal.api.payloads import DirectoryPayload, ProductPayload, VatGroupPayload
from offorte_portal.mirror.registry import register
from offorte_portal.mirror.resource import Link, Resource
from offorte_portal.mirror.search_parts import Place, SearchPart, named


def directory_buckets(connection_id: int) -> Iterable[str]:
    """Return the ids of the directories known so far, since products are listed per directory."""
    directories = ProductDirectory.objects.filter(connection_id=connection_id).present()
    return map(str, directories.order_by("remote_id").values_list("remote_id", flat=True))


def product_search(product: Mapping[str, Any]) -> list[SearchPart]:
    """Return what a product is found by: name and SKU."""
    return [*named(Place.NAME, product.get("name")), *named(Place.NUMBER, product.get("sku"))]


VAT_GROUPS = Resource(position=20, name="vat_groups", model=VatGroup, payload=VatGroupPayload)

DIRECTORIES = Resource(position=60, name="directories", model=ProductDirectory, payload=DirectoryPayload)

PRODUCTS = Resource(
    position=90,
    name="products",
    model=Product,
    payload=ProductPayload,
    links=(
        Link(column="directory", source="directory_remote_id", target=ProductDirectory),
        Link(column="vat_group", source="vat_remote_id", target=VatGroup),
    ),
    search=product_search,
    bucket="directory_remote_id",
    buckets=directory_buckets,
)

register(VAT_GROUPS, DIRECTORIES, PRODUCTS)
