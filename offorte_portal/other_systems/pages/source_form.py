"""The form of a connection to another system, with the settings that the system declares."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import DecimalValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit.fields import AmountField
from offorte_portal.connections.encryption import has_keys
from offorte_portal.http import ForbiddenAddress, HttpError, check_url
from offorte_portal.other_systems.models import Source
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.other_systems.systems.interface import Option, System
from offorte_portal.other_systems.systems.quote import Status
from offorte_portal.runs.reasons import put_into_words

PREFIX = "option_"
NAMES = frozenset(status.value for status in Status)


class PairsField(forms.CharField):
    """A dictionary, entered as lines "key = value"."""

    def __init__(self, *, values: frozenset[str] = frozenset(), **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "mono"}), **options)
        self.values = values

    def prepare_value(self, value: Any) -> Any:
        """Return a dictionary as lines; other values as they are."""
        return "\n".join(f"{key} = {text}" for key, text in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        """Return the lines as a dictionary. Raises ValidationError with the line that can't be read."""
        pairs: dict[str, str] = {}
        for line in filter(str.strip, str(value or "").splitlines()):
            key, sign, text = (part.strip() for part in line.partition("="))
            if not key or not sign or not text or (self.values and text.lower() not in self.values):
                raise forms.ValidationError(_("Check this line: %s") % line.strip()[:80])
            pairs[key] = text.lower() if self.values else text
        return pairs


def clean_address(url: str) -> str:
    """Return an address that the portal may request. Raises ValidationError where it may not."""
    url = url.strip()
    try:
        check_url(url, settings.PORTAL_PRIVATE_NETWORKS)
    except ForbiddenAddress:
        raise forms.ValidationError(put_into_words(SourceReason.PRIVATE())) from None
    except HttpError:
        raise forms.ValidationError(
            _("Enter an address that starts with https:// and has no user name or password in it.")
        ) from None
    return url


class AddressField(forms.CharField):
    """An address that the portal may request."""

    def clean(self, value: Any) -> Any:
        """Return the address, "" where none was entered. Raises ValidationError where the portal may not request it."""
        text = super().clean(value)
        return clean_address(text) if text else text


class SourceForm(forms.ModelForm[Source]):
    """A connection's label, address, secret, settings and schedule. The stored secret is never shown again."""

    secret_text = forms.CharField(
        max_length=2000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )

    class Meta:
        model = Source
        fields = ["label", "base_url", "target", "interval", "requests_per_second"]

    def __init__(self, *args: Any, system: System, **options: Any) -> None:
        super().__init__(*args, **options)
        self.system = system
        is_new = self.instance.pk is None
        secret = self.fields["secret_text"]
        secret.label, secret.help_text = _(system.secret_label), _(system.secret_help)
        if not is_new:
            secret.required, secret.help_text = False, _("Leave empty to keep the stored secret.")
        address = self.fields["base_url"]
        address.help_text = _(system.base_url_help) if system.base_url_help else ""
        if is_new:
            address.initial, self.fields["label"].initial = system.base_url, system.label
            self.fields["requests_per_second"].initial = int(system.requests_per_second)
        stored = self.instance.options or {}
        for option in system.options:
            if option.kind != "calibration":
                self.fields[PREFIX + option.name] = make_field(option, stored.get(option.name))

    def clean_base_url(self) -> str:
        """Return the base URL. Raises ValidationError where the address itself shows that no secret may go there.

        Its host name is resolved and checked with each request.
        """
        return clean_address(self.cleaned_data["base_url"].rstrip("/"))

    def clean_secret_text(self) -> str:
        """Raise ValidationError where there is no key to encrypt a secret with."""
        secret: str = self.cleaned_data["secret_text"]
        if secret and not has_keys():
            raise forms.ValidationError(
                _(
                    "The portal can’t store a secret because it has no valid PORTAL_ENCRYPTION_KEYS. Ask the "
                    "person who runs the server to set them."
                )
            )
        return secret

    def clean(self) -> dict[str, Any]:
        """Require the secret again with a new address, so that a stored secret is never sent to another host."""
        data = super().clean() or self.cleaned_data
        is_moved = self.instance.pk and {"base_url", f"{PREFIX}token_url"} & set(self.changed_data)
        if is_moved and not data.get("secret_text"):
            self.add_error("secret_text", _("Enter this again, because it will be sent to a different address."))
        return data

    def options(self) -> dict[str, Any]:
        """Return the settings to store; those that the form does not show stay as they are."""
        names = [option.name for option in self.system.options if option.kind != "calibration"]
        return (self.instance.options or {}) | {name: self.cleaned_data[PREFIX + name] for name in names}


def make_field(option: Option, value: Any) -> forms.Field:
    """Return the field of a setting, filled with the stored value, or with the default where that is empty."""
    known: dict[str, Any] = {
        "label": _(option.label),
        "help_text": _(option.help) if option.help else "",
        "required": option.is_required,
        "initial": option.default if value in (None, "") else value,
    }
    match option.kind:
        case "flag":
            return forms.BooleanField(**known | {"required": False})
        case "choice":
            return forms.ChoiceField(choices=option.choices, **known | {"required": True})
        case "statuses":
            return PairsField(values=NAMES, **known)
        case "paths":
            return PairsField(**known)
        case "url":
            return AddressField(max_length=255, **known)
        case "number":
            return AmountField(**known)
    return forms.CharField(max_length=255, **known)


class CalibrationForm(forms.Form):
    """The number of a quote, and the total that the other system shows for it."""

    quote = forms.CharField(label=gettext_lazy("Quote number"), max_length=100)
    amount = AmountField(
        gettext_lazy("Total excluding VAT"),
        required=True,
        validators=[DecimalValidator(19, 2)],
    )
