"""What can be done with many products at once, but for repricing them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from offorte_portal.jobs.action import Options
from offorte_portal.jobs.deletions import Delete
from offorte_portal.jobs.fields import SetFields, SetThing


class _OfProducts:
    model = Product
    target = "products"
    permission: ClassVar[str] = "catalog.change_product"


class SetVatGroup(_OfProducts, SetThing[Product]):
    """Gives products another VAT group."""

    name = "products.set_vat_group"
    label = _("Change VAT group")
    permission = "catalog.reprice_product"
    columns = ("name", "vat_remote_id")
    option = "vat_group"
    parameter = "vat_id"


class MoveProducts(_OfProducts, SetThing[Product]):
    """Puts products into another directory."""

    name = "products.move"
    label = _("Move to directory")
    columns = ("name", "directory_remote_id")
    option = "directory"
    parameter = "directory_id"


class SetOptional(_OfProducts, SetFields[Product]):
    """Says whether a prospect may leave products out."""

    name = "products.set_optional"
    label = _("Change optional")
    columns = ("name", "is_optional")

    def clean(self, options: Mapping[str, Any]) -> Options:
        """Yes or no."""
        return {"is_optional": options.get("is_optional") in {True, "true", "True", "1", "on", "yes"}}

    def describe(self, options: Options) -> str:
        """Yes or no."""
        return str(_("Make optional") if options["is_optional"] else _("Make not optional"))

    def draft(self, options: Options) -> dict[str, Any]:
        """The flag."""
        return {"optional": options["is_optional"]}


class DeleteProducts(_OfProducts, Delete[Product]):
    """Deletes products; price rows made from them stay."""

    name = "products.delete"
    label = _("Delete")
    permission = "catalog.delete_product"
    columns = ("name",)
