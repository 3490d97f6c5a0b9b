"""Forms for product directories and products, with the fields that Offorte accepts (reference, "Products")."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Product, ProductDirectory, VatGroup
from offorte_portal.adminkit.fields import AmountField, LineField, RowField, TextField, YesNoField
from offorte_portal.adminkit.form_checks import warn_of_amount
from offorte_portal.adminkit.forms import FormWarning, Json, RecordForm, Section


class DirectoryForm(RecordForm):
    """A form to create or rename a product directory."""

    target = "directories"
    model = ProductDirectory
    sections = (Section(gettext_lazy("Directory"), ("name",)),)
    wide = ("name",)

    name = LineField(gettext_lazy("Name"), required=True)


class ProductForm(RecordForm):
    """A form to create or change a product; changing its directory moves it."""

    target = "products"
    model = Product
    sections = (
        Section(gettext_lazy("Product"), ("name", "sku", "directory_id")),
        Section(
            gettext_lazy("Price"),
            ("price", "vat_id", "optional"),
            gettext_lazy("Fields set to “Unknown” aren’t sent. Offorte keeps its current values."),
        ),
        Section(gettext_lazy("Description"), ("descr_short",)),
    )
    wide = ("name", "descr_short")
    columns = {"vat_id": "vat_remote_id", "directory_id": "directory_remote_id", "optional": "is_optional"}
    parent_field = "directory_id"
    parent_model = ProductDirectory
    parent_query = "directory"

    name = LineField(gettext_lazy("Name"), required=True)
    sku = LineField(gettext_lazy("SKU"))
    directory_id = RowField(gettext_lazy("Directory"), required=True)
    price = AmountField(gettext_lazy("Price"))
    vat_id = RowField(gettext_lazy("VAT group"))
    optional = YesNoField(gettext_lazy("Optional"), help_text=gettext_lazy("The prospect can choose to leave it out."))
    descr_short = TextField(gettext_lazy("Short description"))

    def prepare(self) -> None:
        """Offer the directories and VAT groups of the account."""
        self.offer("directory_id", present_of(ProductDirectory, self))
        self.offer("vat_id", present_of(VatGroup, self))
        if self.opened.get("optional") is None:
            unknown = _("Unknown (don’t change)") if self.row else "—"
            self.fields["optional"].choices = [("", unknown), ("true", _("Yes")), ("false", _("No"))]  # type: ignore[attr-defined]

    def find_warnings(self, changes: Json) -> list[FormWarning]:
        """Return a warning about a negative price."""
        return warn_of_amount("price", changes)


def present_of(model: type[ProductDirectory] | type[VatGroup], form: RecordForm) -> list[ProductDirectory | VatGroup]:
    """Return the present rows of the model in the form's account, by name."""
    return list(model._default_manager.filter(connection=form.connection, removed_at__isnull=True).order_by("name"))
