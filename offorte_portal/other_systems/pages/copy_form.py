"""The form with the choices for copying quotes to Offorte."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.core.validators import DecimalValidator, MaxValueValidator, MinValueValidator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit.fields import LineField, PercentageField
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import Mirrored
from offorte_portal.other_systems.copy_plan import Choice
from offorte_portal.other_systems.price_tables import find_tables
from offorte_portal.staff.access import REASSIGN
from proposals.models import AccountUser, DesignTemplate, ProposalTemplate, TextTemplate

# The list of unique ids that the page offers for the field.
TABLE_LIST = "copy-tables"


class CopyForm(forms.Form):
    """The templates of the copies, and the choices for what a quote leaves open.

    A price table that the template is known not to have is refused here, before anything is created.
    """

    proposal_template = forms.TypedChoiceField(
        label=gettext_lazy("Proposal template"), required=False, coerce=int, empty_value=None
    )
    design_template = forms.TypedChoiceField(
        label=gettext_lazy("Design template"), required=False, coerce=int, empty_value=None
    )
    text_template = forms.TypedChoiceField(
        label=gettext_lazy("Text template"), required=False, coerce=int, empty_value=None
    )
    price_table = LineField(
        label=gettext_lazy("Price table"),
        required=True,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto", "list": TABLE_LIST}),
    )
    uses_table_anyway = forms.BooleanField(
        label=gettext_lazy("I checked this unique ID in Offorte: use it anyway"), required=False
    )
    owner = forms.TypedChoiceField(
        label=gettext_lazy("Owner"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=gettext_lazy("For quotes whose owner isn’t a user of this Offorte account."),
    )
    currency = forms.CharField(label=gettext_lazy("Currency of the account"), max_length=3, min_length=3, initial="EUR")
    default_vat = PercentageField(
        gettext_lazy("Default VAT rate (%)"),
        required=True,
        validators=[MinValueValidator(0), MaxValueValidator(100), DecimalValidator(5, 2)],
        initial=Decimal(21),
        help_text=gettext_lazy("For rows without a VAT rate."),
    )
    keeps_texts = forms.BooleanField(
        label=gettext_lazy("Put the reference, valid-until date and text above the rows"), required=False, initial=True
    )
    makes_unknown_customers = forms.BooleanField(
        label=gettext_lazy("Create customers that aren’t in Offorte yet"), required=False
    )
    takes_other_currencies = forms.BooleanField(
        label=gettext_lazy("Copy amounts in other currencies without converting them"), required=False
    )

    def __init__(self, *args: Any, connection: Connection, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.connection = connection
        self._offer("proposal_template", ProposalTemplate)
        self._offer("design_template", DesignTemplate)
        self._offer("text_template", TextTemplate)
        if by.has_perm(REASSIGN):
            self._offer("owner", AccountUser)
        else:
            del self.fields["owner"]
        template = self.data.get("proposal_template", "")
        is_number = template.isascii() and template.isdecimal() and len(template) < 19
        self.tables = find_tables(connection, int(template) if is_number else None)
        self.fields["price_table"].initial = self.tables.usual
        self.fields["price_table"].help_text = self._describe_tables()
        if not self.is_bound:
            del self.fields["uses_table_anyway"]

    def _offer(self, name: str, model: type[Mirrored]) -> None:
        rows = model._default_manager.filter(connection=self.connection, removed_at__isnull=True)
        named = sorted((str(row), row.remote_id) for row in rows)
        field = cast(forms.TypedChoiceField, self.fields[name])
        field.choices = [("", _("Chosen by Offorte")), *((str(key), label) for label, key in named)]

    def _describe_tables(self) -> str:
        where = _("The unique ID of the price table, from its settings in the template in Offorte.")
        if not self.tables.offered:
            return where
        known = (
            _("Known in this template: %(tables)s.")
            if self.tables.of_template
            else _("Used in this account: %(tables)s.")
        )
        # Pages show help texts as HTML, and these ids are Offorte's.
        return format_html("{} {}", where, known % {"tables": ", ".join(self.tables.offered[:5])})

    def clean(self) -> dict[str, Any]:
        """Refuse a price table that the template doesn't have, unless the person has checked it."""
        data = super().clean() or self.cleaned_data
        table = data.get("price_table", "")
        error = self._table_error(table) if table else ""
        if not error:
            del self.fields["uses_table_anyway"]
        elif not data.get("uses_table_anyway"):
            self.add_error("price_table", error)
        return data

    def _table_error(self, table: str) -> str:
        if self.tables.is_refused(table):
            return _("Offorte refused “%(table)s” for this template before. Choose another price table.") % {
                "table": table
            }
        if self.tables.is_missing(table):
            known = ", ".join(self.tables.of_template)
            return _("This template has no price table “%(table)s” that the portal knows of. It has: %(known)s.") % {
                "table": table,
                "known": known,
            }
        return ""

    @property
    def table_warning(self) -> str:
        """Return what a person should know of the price table of a valid form; "" where the template is known."""
        if self.tables.of_template or "uses_table_anyway" in self.fields:
            return ""
        return _(
            "The portal doesn’t know the price tables of this template yet, so it can’t check “%(table)s”. If Offorte "
            "refuses it, no proposal is created and you can try again with another one."
        ) % {"table": self.cleaned_data["price_table"]}

    def choice(self) -> Choice:
        """Return the choices of a valid form."""
        data = self.cleaned_data
        return Choice(
            connection=self.connection,
            price_table=data["price_table"],
            currency=data["currency"].upper(),
            default_vat=data["default_vat"],
            owner_id=data.get("owner"),
            proposal_template_id=data["proposal_template"],
            design_template_id=data["design_template"],
            text_template_id=data["text_template"],
            makes_unknown_customers=data["makes_unknown_customers"],
            takes_other_currencies=data["takes_other_currencies"],
            keeps_texts=data["keeps_texts"],
        )
