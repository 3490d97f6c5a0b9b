"""Forms for the options of bulk actions on products."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductDirectory, VatGroup
from offorte_portal.adminkit.fields import AmountField, PercentageField
from offorte_portal.jobs.action_forms import FORMS, ActionForm

ROUNDINGS = ("0.01", "0.05", "0.10", "0.50", "1", "5", "10")


class VatGroupField(forms.ModelChoiceField[VatGroup]):
    """A choice of a VAT group, labelled with its name and rate."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj) if obj.vat is None else f"{obj} ({obj.vat.normalize():f}%)"


class RepriceForm(ActionForm):
    """How prices change, and how they are rounded."""

    shows_all = True
    percent = PercentageField(_("Percent"), help_text=_("3.5 raises prices by 3.5%, −10 lowers them by 10%."))
    amount = AmountField(_("Fixed amount"), help_text=_("Added after the percentage. Use a minus sign to subtract it."))
    rounding = forms.ChoiceField(
        label=_("Round to"),
        choices=[(step, step) for step in ROUNDINGS],
        initial="0.01",
        help_text=_("New prices are rounded to a multiple of this amount."),
    )
    direction = forms.ChoiceField(
        label=_("Rounding"),
        choices=[
            ("nearest", _("To the nearest")),
            ("up", _("Up")),
            ("down", _("Down")),
        ],
        initial="nearest",
    )
    vat_group = VatGroupField(
        VatGroup.objects.none(), label=_("VAT group"), required=False, empty_label=_("Don’t change")
    )
    from_memory = forms.BooleanField(
        label=_("Start from remembered prices"),
        required=False,
        help_text=_(
            "Where the catalogue price is unknown, the new price is computed from the last price without VAT in a "
            "proposal. The table names the proposal. Products without either are left out; you can import a price list "
            "for them."
        ),
    )

    def prepare(self) -> None:
        """Offer the VAT groups of the selection's accounts, and remembered prices to people who may see them."""
        self.fields["vat_group"].queryset = self.present(VatGroup).order_by("name")  # type: ignore[attr-defined]
        if self.by and not self.by.has_perm("prices.view_pricememory"):
            del self.fields["from_memory"]

    def collect(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Return the options without those left empty."""
        return {name: value for name, value in super().collect(cleaned).items() if value not in {"", None}}


class VatForm(ActionForm):
    vat_group = VatGroupField(VatGroup.objects.none(), label=_("VAT group"), empty_label=_("Choose…"))

    def prepare(self) -> None:
        """Offer the VAT groups of the selection's accounts."""
        self.fields["vat_group"].queryset = self.present(VatGroup).order_by("name")  # type: ignore[attr-defined]


class MoveProductsForm(ActionForm):
    directory = forms.ModelChoiceField(ProductDirectory.objects.none(), label=_("Directory"), empty_label=_("Choose…"))

    def prepare(self) -> None:
        """Offer the directories of the selection's accounts."""
        directories = self.present(ProductDirectory).order_by("name")
        self.fields["directory"].queryset = directories  # type: ignore[attr-defined]
        self.label_accounts("directory")


class OptionalForm(ActionForm):
    is_optional = forms.TypedChoiceField(
        label=_("Can the prospect leave them out?"),
        choices=[("yes", _("Yes, they are optional")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        initial="yes",
        widget=forms.RadioSelect,
    )


FORMS.update(
    {
        "products.reprice": RepriceForm,
        "products.set_vat_group": VatForm,
        "products.move": MoveProductsForm,
        "products.set_optional": OptionalForm,
    }
)
