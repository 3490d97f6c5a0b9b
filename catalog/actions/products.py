"""Bulk actions on products, except repricing."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from offorte_portal.jobs.action import Options
from offorte_portal.jobs.deletions import Delete
from offorte_portal.jobs.fields import SetFields, SetReference


class _OfProducts:
    model = Product
    target = "products"
    permission: ClassVar[str] = "catalog.change_product"


class SetVatGroup(_OfProducts, SetReference[Product]):
    """Changes the VAT group of products."""

    name = "products.set_vat_group"
    label = _("Change VAT group")
    permission = "catalog.reprice_product"
    columns = ("name", "vat_remote_id")
    option = "vat_group"
    parameter = "vat_id"


class MoveProducts(_OfProducts, SetReference[Product]):
    """Moves products to another directory."""

    name = "products.move"
    label = _("Move to directory")
    columns = ("name", "directory_remote_id")
    option = "directory"
    parameter = "directory_id"


class SetOptional(_OfProducts, SetFields[Product]):
    """Sets whether a prospect may leave products out."""

    name = "products.set_optional"
    label = _("Change optional")
    columns = ("name", "is_optional")

    def clean(self, options: Mapping[str, Any]) -> Options:
        return {"is_optional": options.get("is_optional") in {True, "true", "True", "1", "on", "yes"}}

    def describe(self, options: Options) -> str:
        return str(_("Make optional") if options["is_optional"] else _("Make not optional"))

    def draft(self, options: Options) -> dict[str, Any]:
        return {"optional": options["is_optional"]}


class DeleteProducts(_OfProducts, Delete[Product]):
    """Deletes products; price rows made from them stay."""

    name = "products.delete"
    label = _("Delete")
    permission = "catalog.delete_product"
    columns = ("name",)
