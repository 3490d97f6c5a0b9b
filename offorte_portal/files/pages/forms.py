"""The form on how an import treats rows that are already in Offorte."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from offorte_portal.files.imports.examining import CREATE, SKIP, UPDATE

WAYS = {
    UPDATE: gettext_lazy("Change it as the file says"),
    SKIP: gettext_lazy("Leave it as it is"),
    CREATE: gettext_lazy("Create it all the same"),
}


class MatchesForm(forms.Form):
    """Asks what to do with rows that are already in Offorte."""

    # A field called "matches" would hide the method of that name that forms have in a browser.
    known = forms.ChoiceField(label=gettext_lazy("If it is in Offorte already"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, ways: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["known"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(way, WAYS[way]) for way in ways]
