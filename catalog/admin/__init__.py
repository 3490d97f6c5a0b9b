from catalog.admin.directory import ProductDirectoryAdmin, VatGroupAdmin
from catalog.admin.product import ProductAdmin

__all__ = ["ProductAdmin", "ProductDirectoryAdmin", "VatGroupAdmin"]
