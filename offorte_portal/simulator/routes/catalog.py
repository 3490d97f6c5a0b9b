"""Product directories and products."""

from flask import Blueprint, Response

from offorte_portal.simulator import validation
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.changes.catalog import DirectoryNotEmptyError
from offorte_portal.simulator.refusals import RefusedError
from offorte_portal.simulator.routes.answers import (
    answer,
    created,
    current,
    find,
    no_content,
    page_of,
    read_json,
)

catalog = Blueprint("catalog", __name__, url_prefix="/<account>")

DIRECTORY = {"name": validation.filled}


def product_fields(account: Account) -> dict[str, validation.Reader]:
    """The documented fields of a product."""
    return {
        "sku": validation.string,
        "price": validation.number,
        "vat_id": validation.id_in(account.vat_groups),
        "optional": validation.boolean,
        "name": validation.filled,
        "descr_short": validation.string,
    }


@catalog.get("/products/directories/")
def list_directories() -> Response:
    """All product directories."""
    return page_of(current().visible("directory"), current().render_directory)


@catalog.post("/products/directories/")
def create_directory() -> Response:
    """Add a directory; its name is required."""
    fields = validation.read_fields(read_json(), DIRECTORY, required=["name"])
    return created("directory", current().create_directory(**fields)["id"])


@catalog.patch("/products/directories/<int:id>/")
def update_directory(id: int) -> Response:
    """Rename a directory; answers it."""
    find("directory", id)
    current().update_directory(id, **validation.read_fields(read_json(), DIRECTORY))
    return answer(current().render_directory(id))


@catalog.delete("/products/directories/<int:id>/")
def delete_directory(id: int) -> Response:
    """Delete a directory; one that holds products is refused."""
    find("directory", id)
    try:
        current().delete_directory(id)
    except DirectoryNotEmptyError:
        raise RefusedError(400, "The directory contains products and can't be deleted.") from None
    return no_content()


@catalog.get("/products/<int:directory_id>/")
def list_products(directory_id: int) -> Response:
    """The products of a directory: id and name only."""
    find("directory", directory_id)
    account = current()
    ids = [id for id in account.visible("product") if account.products[id]["directory_id"] == directory_id]
    return page_of(ids, account.render_product_item)


@catalog.post("/products/<int:directory_id>/")
def create_product(directory_id: int) -> Response:
    """Add a product; its name is required. Answers `product_id`."""
    find("directory", directory_id)
    fields = validation.read_fields(read_json(), product_fields(current()), required=["name"])
    product = current().create_product(directory_id, **fields)
    return answer({"product_id": product["id"]}, 201)


@catalog.patch("/product/<int:id>/")
def update_product(id: int) -> Response:
    """Change the given fields, the directory too; answers the product as lists show it."""
    find("product", id)
    account = current()
    fields = product_fields(account) | {"directory_id": validation.id_in(account.directories)}
    account.update_product(id, **validation.read_fields(read_json(), fields))
    return answer(account.render_product_item(id))


@catalog.delete("/products/<int:id>/")
def delete_product(id: int) -> Response:
    """Delete a product (here the number is a product's, not a directory's)."""
    find("product", id)
    current().delete_product(id)
    return no_content()
