"""Form fields for values that go to Offorte: a line, several lines, an amount, yes or no, mirrored rows."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.text.dates import read_moment
from offorte_portal.writes.amounts import LINE_CHARACTERS, TEXT_CHARACTERS, parse_amount, parse_percentage


class LineField(forms.CharField):
    """A line of text, which may be empty."""

    def __init__(self, label: Any, *, autocomplete: str = "off", **options: Any) -> None:
        attrs = {"autocomplete": autocomplete, "dir": "auto"}
        options.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(label=label, max_length=LINE_CHARACTERS, **({"required": False} | options))


class EmailField(LineField):
    """An e-mail address, or nothing."""

    default_validators = forms.EmailField.default_validators

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, widget=forms.EmailInput(attrs={"autocomplete": "off"}), **options)


class PhoneField(LineField):
    """A phone number, as people write it."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}), **options)


class TextField(forms.CharField):
    """Text of several lines."""

    def __init__(self, label: Any, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 6, "dir": "auto"})
        usual = {"required": False, "max_length": TEXT_CHARACTERS}
        super().__init__(label=label, widget=widget, **(usual | options))

    def to_python(self, value: Any) -> str:
        """Return the text with line feeds, as Offorte has them, instead of the CRLF that browsers post."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class MomentField(forms.DateTimeField):
    """A day with a time, as a browser sends it or as people write it: "1-12-2026 14:05", "1 dec 2026, 14.05 uur"."""

    def __init__(self, label: Any, **options: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(label=label, widget=widget, **options)

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment, in the portal's time zone. Raises ValidationError where the text is none."""
        found = read_moment(value) if isinstance(value, str) else None
        return from_current_timezone(found) if found else super().to_python(value)


class AmountField(forms.Field):
    """An amount as people write it in their language: a `Decimal`, or None where it is empty."""

    least_decimals = 2

    def __init__(self, label: Any, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "amount"})
        super().__init__(label=label, widget=widget, **({"required": False} | options))

    def prepare_value(self, value: Any) -> Any:
        """Return a stored amount in the reader's notation, and typed text unchanged."""
        if not isinstance(value, Decimal):
            return value
        decimals = max(self.least_decimals, -int(value.normalize().as_tuple().exponent))
        return number_format(value, decimals, use_l10n=True)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        text = str(value).strip()
        return self.parse(text) if text else None

    def parse(self, text: str) -> Decimal:
        """Return what was typed as a number. Raises ValidationError."""
        return parse_amount(text)


class PercentageField(AmountField):
    """A percentage, with or without its sign: a `Decimal`, or None where it is empty."""

    least_decimals = 0

    def parse(self, text: str) -> Decimal:
        return parse_percentage(text)


class NumberField(AmountField):
    """A whole number as people write it in their language: an `int`, or None where it is empty."""

    least_decimals = 0

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        number = super().to_python(Decimal(value) if isinstance(value, int) else value)
        if number is None:
            return None
        if number != int(number):
            raise ValidationError(_("Enter a whole number."), code="invalid")
        return int(number)


class YesNoField(forms.TypedChoiceField):
    """True, False, or None where Offorte has given no value and nobody chose one."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label=label,
            choices=[("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))],
            coerce=lambda value: value == "true",
            empty_value=None,
            **({"required": False} | options),
        )

    def prepare_value(self, value: Any) -> Any:
        """Return the choice for a stored value."""
        return str(value).lower() if isinstance(value, bool) else value


class RowField(forms.TypedChoiceField):
    """One of a short list of mirrored rows, by Offorte's id; the form sets the choices."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label=label, coerce=int, empty_value=None, **({"required": False} | options))


class PeopleField(forms.TypedMultipleChoiceField):
    """People of a company, by Offorte's ids; the choices depend on the company that is chosen."""

    widget = forms.CheckboxSelectMultiple
    is_dependent = True

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label=label, coerce=int, **({"required": False} | options))


class CompanyField(forms.IntegerField):
    """A company by Offorte's id, chosen from the results of a search (`contacts/_company_picker.html`).

    With `has_receivers`, choosing a company refreshes the people in the form's field `company_contacts`.
    """

    def __init__(self, label: Any, *, has_receivers: bool = False, **options: Any) -> None:
        self.has_receivers = has_receivers
        super().__init__(label=label, min_value=1, max_value=2**63 - 1, **({"required": False} | options))
