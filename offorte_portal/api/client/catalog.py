"""Products and their directories (reference, "Products")."""

from collections.abc import Iterator

from offorte_portal.api import lists
from offorte_portal.api.client.base import BaseClient, Created, Written
from offorte_portal.api.drafts import DirectoryDraft, ProductChange, ProductDraft
from offorte_portal.api.lists import Page


class CatalogEndpoints(BaseClient):
    """Products and directories. A product is changed below `/product/`; everything else is below `/products/`."""

    def list_directories(self, *, start_page: int = 1) -> Iterator[Page]:
        """GET /products/directories"""
        return self.iterate_pages(lists.DIRECTORIES, start_page=start_page)

    def create_directory(self, draft: DirectoryDraft) -> Created:
        """POST /products/directories/"""
        return self._create("/products/directories/", DirectoryDraft, draft, "directory_id", "product_directory_id")

    def update_directory(self, directory_id: int, draft: DirectoryDraft) -> Written:
        """PATCH /products/directories/:directory_id/"""
        return self._update(f"/products/directories/{directory_id}/", DirectoryDraft, draft)

    def delete_directory(self, directory_id: int) -> Written:
        """DELETE /products/directories/:directory_id/: refused while it holds products."""
        return self._delete(f"/products/directories/{directory_id}/")

    def list_products(self, directory_id: int, *, start_page: int = 1) -> Iterator[Page]:
        """GET /products/:directory_id/: ids and names; no endpoint returns more."""
        return self.iterate_pages(lists.PRODUCTS, bucket=directory_id, start_page=start_page)

    def create_product(self, directory_id: int, draft: ProductDraft) -> Created:
        """POST /products/:directory_id/"""
        return self._create(f"/products/{directory_id}/", ProductDraft, draft, "product_id", is_answered=True)

    def update_product(self, product_id: int, draft: ProductChange) -> Written:
        """PATCH /product/:product_id/"""
        return self._update(f"/product/{product_id}/", ProductChange, draft)

    def delete_product(self, product_id: int) -> Written:
        """DELETE /products/:product_id/"""
        return self._delete(f"/products/{product_id}/")
