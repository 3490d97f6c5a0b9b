"""Product directories and products: create, update, delete."""

from decimal import Decimal
from typing import Any

from offorte_portal.simulator.records import Record
from offorte_portal.simulator.rendering.catalog import CatalogRendering


class DirectoryNotEmptyError(Exception):
    """A directory that holds products can't be deleted."""


class CatalogChanges(CatalogRendering):
    """Changes of directories and products, with their events."""

    def create_directory(self, **fields: Any) -> Record:
        """Add a product directory."""
        with self.lock:
            id = self.ids["directory"].take()
            self.directories[id] = {"id": id, "name": "", **fields}
            self.emit("product_directory_created", "directory", id, lambda: self.render_directory(id))
            return self.directories[id]

    def update_directory(self, id: int, **fields: Any) -> Record:
        """Rename a directory."""
        with self.lock:
            directory = self.directories[id]
            if any(directory[name] != value for name, value in fields.items()):
                directory.update(fields)
                self.emit("product_directory_updated", "directory", id, lambda: self.render_directory(id))
            return directory

    def delete_directory(self, id: int) -> None:
        """Delete an empty directory; raises DirectoryNotEmptyError when it holds products."""
        with self.lock:
            last = self.render_directory(id)
            if any(product["directory_id"] == id for product in self.products.values()):
                raise DirectoryNotEmptyError(id)
            self.removed[("directory", id)] = self.directories.pop(id)
            self.emit("product_directory_deleted", "directory", id, lambda: last)

    def create_product(self, directory_id: int, **fields: Any) -> Record:
        """Add a product; its VAT group is the account's first unless given."""
        with self.lock:
            if directory_id not in self.directories:
                raise KeyError(directory_id)
            id = self.ids["product"].take()
            self.products[id] = {
                "id": id,
                "directory_id": directory_id,
                "name": "",
                "sku": "",
                "price": Decimal(0),
                "vat_id": next(iter(self.vat_groups)),
                "optional": False,
                "descr_short": "",
                **_exact(fields),
            }
            self.emit("product_created", "product", id, lambda: self.render_product(id))
            return self.products[id]

    def update_product(self, id: int, **fields: Any) -> Record:
        """Change the given fields of a product."""
        with self.lock:
            product = self.products[id]
            fields = _exact(fields)
            if any(product[name] != value for name, value in fields.items()):
                product.update(fields)
                self.emit("product_updated", "product", id, lambda: self.render_product(id))
            return product

    def delete_product(self, id: int) -> None:
        """Delete a product; price rows made from it stay."""
        with self.lock:
            last = self.render_product(id)
            self.removed[("product", id)] = self.products.pop(id)
            self.emit("product_deleted", "product", id, lambda: last)


def _exact(fields: Record) -> Record:
    """Fields with a price as an exact decimal."""
    return {**fields, "price": Decimal(str(fields["price"]))} if "price" in fields else fields
