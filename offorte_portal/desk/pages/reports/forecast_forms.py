"""The forms of a forecast: what a seller submits for each month, and what a manager puts in its place."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit.fields import AmountField
from offorte_portal.desk.models.forecast import NOTE_LENGTH
from offorte_portal.desk.reports.forecasts import Entry, Line
from offorte_portal.text.months import write_month

# No company has more open; a larger number is a slip of the keyboard.
MOST = Decimal(10**12)
LIMITS = [MinValueValidator(Decimal(0)), MaxValueValidator(MOST)]


def note_field() -> forms.CharField:
    """Return the field for a note of one line."""
    widget = forms.TextInput({"autocomplete": "off", "dir": "auto"})
    return forms.CharField(label=gettext_lazy("Note"), max_length=NOTE_LENGTH, required=False, widget=widget)


class EntryForm(forms.Form):
    """What a seller expects to win in a month; empty for no forecast yet."""

    committed = AmountField(gettext_lazy("Committed"), validators=LIMITS)
    best_case = AmountField(gettext_lazy("Best case"), validators=LIMITS)
    note = note_field()

    def __init__(self, line: Line, data: Any = None) -> None:
        self.line, forecast = line, line.forecast
        initial = (
            {"committed": forecast.committed, "best_case": forecast.best_case, "note": forecast.note}
            if forecast
            else None
        )
        prefix = f"{write_month(line.month)}-{line.currency}"
        super().__init__(data, prefix=prefix, initial=initial, use_required_attribute=False)

    def clean(self) -> dict[str, Any]:
        """Require both amounts or neither, and a best case that is not below what is committed."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        committed, best_case = data.get("committed"), data.get("best_case")
        if self.errors:
            return data
        if committed is None and (best_case is not None or data.get("note") or self.line.forecast):
            self.add_error("committed", _("Enter an amount, or 0 if you expect to win nothing."))
        elif committed is not None and best_case is None:
            data["best_case"] = committed
        elif committed is not None and best_case is not None and best_case < committed:
            self.add_error("best_case", _("The best case can’t be lower than what you commit to."))
        return data

    @property
    def entry(self) -> Entry | None:
        """What was filled in; None for nothing."""
        data = self.cleaned_data
        if data.get("committed") is None:
            return None
        return Entry(self.line.month, self.line.currency, data["committed"], data["best_case"], data["note"])


def read_entries(entry_forms: list[EntryForm]) -> Iterator[Entry]:
    """Yield what valid forms were filled in with."""
    for form in entry_forms:
        if entry := form.entry:
            yield entry


class AdjustForm(forms.Form):
    """A manager's amount in place of the seller's; empty to let the seller's count."""

    amount = AmountField(gettext_lazy("Adjusted amount"), validators=LIMITS)
    note = note_field()
