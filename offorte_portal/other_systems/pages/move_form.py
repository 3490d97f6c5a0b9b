"""The form of a move: which account, which kinds, and what to do with what may be in Offorte already."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.connections.models import Connection
from offorte_portal.other_systems.models import MovedItem, Source
from offorte_portal.other_systems.moving.judging import MoveChoice

Kind = MovedItem.Kind
Decision = MovedItem.Decision
FIELDS = {Kind.COMPANY.value: "companies", Kind.PERSON.value: "people", Kind.PRODUCT.value: "products"}


class MoveForm(forms.Form):
    """Offers the kinds that were read and that the person may create."""

    account = forms.TypedChoiceField(label=gettext_lazy("Offorte account"), coerce=int)
    companies = forms.BooleanField(label=gettext_lazy("Companies"), required=False, initial=True)
    people = forms.BooleanField(label=gettext_lazy("People"), required=False, initial=True)
    products = forms.BooleanField(label=gettext_lazy("Products"), required=False, initial=True)
    doubtful = forms.ChoiceField(
        label=gettext_lazy("If something may already be in Offorte"),
        choices=[
            (Decision.LEAVE.value, gettext_lazy("Leave it out until you choose")),
            (Decision.USE.value, gettext_lazy("Use the existing one")),
            (Decision.MAKE.value, gettext_lazy("Create it anyway")),
        ],
        help_text=gettext_lazy("You can choose for each one separately in the preview."),
    )
    currency = forms.CharField(label=gettext_lazy("Currency of the account"), max_length=3, min_length=3, initial="EUR")
    takes_other_currencies = forms.BooleanField(
        label=gettext_lazy("Use prices in other currencies without converting them"), required=False
    )

    def __init__(self, *args: Any, source: Source, kinds: Collection[str], **options: Any) -> None:
        super().__init__(*args, **options)
        connected = Connection.objects.filter(state=Connection.State.CONNECTED)
        self.accounts: Mapping[int, Connection] = {connection.pk: connection for connection in connected}
        account: Any = self.fields["account"]
        account.choices = [(pk, str(connection)) for pk, connection in self.accounts.items()]
        if not self.accounts:
            account.help_text = account.error_messages["required"] = _("Connect an Offorte account first.")
        if source.target_id in self.accounts:
            account.initial = source.target_id
        for kind, name in FIELDS.items():
            if kind not in kinds:
                del self.fields[name]
        if Kind.PRODUCT not in kinds:
            del self.fields["currency"], self.fields["takes_other_currencies"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(name) for name in FIELDS.values()):
            raise forms.ValidationError(gettext_lazy("Choose what to bring to Offorte."))
        return data

    def choice(self) -> MoveChoice:
        """Return the choices of a valid form."""
        data = self.cleaned_data
        return MoveChoice(
            connection=self.accounts[data["account"]],
            kinds=frozenset(kind for kind, name in FIELDS.items() if data.get(name)),
            doubtful=data["doubtful"],
            currency=data.get("currency", "").upper(),
            takes_other_currencies=data.get("takes_other_currencies", False),
        )
