"""The form on how an import treats its rows: those that are already in Offorte, and values that look damaged."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from offorte_portal.files.imports.examining import CREATE, SHORTER, SKIP, UPDATE, ZEROS

WAYS = {
    UPDATE: gettext_lazy("Change it as the file says"),
    SKIP: gettext_lazy("Leave it as it is"),
    CREATE: gettext_lazy("Create it all the same"),
}


HIDDEN = "hidden"


class OptionsForm(forms.Form):
    """Asks what to do with rows that are already in Offorte, lost zeros, shorter values and hidden rows."""

    # A field called "matches" would hide the method of that name that forms have in a browser.
    known = forms.ChoiceField(label=gettext_lazy("If it is in Offorte already"), widget=forms.RadioSelect)
    zeros = forms.BooleanField(
        label=gettext_lazy("Put back leading zeros that Excel dropped"),
        help_text=gettext_lazy("From chamber of commerce numbers, phone numbers and zip codes."),
        required=False,
    )
    shorter = forms.BooleanField(
        label=gettext_lazy("Replace values by shorter ones"),
        help_text=gettext_lazy("Otherwise “Sanne van der Berg” in Offorte stays when the file only has “Sanne Berg”."),
        required=False,
    )
    hidden = forms.BooleanField(
        label=gettext_lazy("Include rows and columns that are hidden in the file"), required=False
    )

    def __init__(self, *args: Any, ways: Sequence[str], has_hidden: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["known"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(way, WAYS[way]) for way in ways]
        if not has_hidden:
            del self.fields["hidden"]

    @classmethod
    def initial_of(cls, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the initial values for the options of an upload."""
        return {
            "known": options.get("matches"),
            "zeros": options.get(ZEROS, True),
            "shorter": options.get(SHORTER, False),
            "hidden": options.get(HIDDEN, False),
        }

    def chosen(self) -> dict[str, Any]:
        """Return the options of the upload that were chosen."""
        data = self.cleaned_data
        return {"matches": data["known"], **{name: data[name] for name in (ZEROS, SHORTER, HIDDEN) if name in data}}
