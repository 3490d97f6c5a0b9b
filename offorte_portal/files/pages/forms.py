"""The form on how an import treats its rows: those that are already in Offorte, and values that look damaged."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from offorte_portal.files.imports.company_names import CREATE as CREATE_COMPANY
from offorte_portal.files.imports.examining import CREATE, SHORTER, SKIP, UPDATE, ZEROS
from offorte_portal.files.imports.kinds.people import COMPANIES, CREATES, OFFERS
from offorte_portal.files.imports.kinds.statuses import REASONS
from offorte_portal.files.models import Upload
from offorte_portal.files.pages.lost_questions import ask_reasons
from offorte_portal.text.keys import match_key

WAYS = {
    UPDATE: gettext_lazy("Update it with the file’s values"),
    SKIP: gettext_lazy("Leave it unchanged"),
    CREATE: gettext_lazy("Create it anyway"),
}


HIDDEN = "hidden"


class OptionsForm(forms.Form):
    """Asks what to do with rows that are already in Offorte, lost zeros, shorter values and hidden rows."""

    # A field called "matches" would hide the method of that name that forms have in a browser.
    known = forms.ChoiceField(label=gettext_lazy("If it’s already in Offorte"), widget=forms.RadioSelect)
    zeros = forms.BooleanField(
        label=gettext_lazy("Restore leading zeros that Excel removed"),
        help_text=gettext_lazy("In chamber of commerce numbers, phone numbers and zip codes."),
        required=False,
    )
    shorter = forms.BooleanField(
        label=gettext_lazy("Replace values with shorter ones"),
        help_text=gettext_lazy("Otherwise “Sanne van der Berg” in Offorte stays if the file only has “Sanne Berg”."),
        required=False,
    )
    hidden = forms.BooleanField(
        label=gettext_lazy("Include rows and columns that are hidden in the file"), required=False
    )

    creates = forms.BooleanField(
        label=gettext_lazy("Create all companies that aren’t in Offorte yet"),
        help_text=gettext_lazy(
            "Except companies whose name is similar to one that is. Choose what to do with each of those."
        ),
        required=False,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        upload: Upload,
        ways: Sequence[str],
        has_hidden: bool,
        may_create_companies: bool,
    ) -> None:
        super().__init__(data, initial=self.initial_of(upload.options))
        field = self.fields["known"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(way, WAYS[way]) for way in ways]
        # The names that a person chooses a lost reason for, by field.
        self.reasons: dict[str, str] = {}
        if upload.kind == Upload.Kind.STATUSES:
            for name in ("known", "zeros", "shorter"):
                del self.fields[name]
            for name, unknown, question in ask_reasons(upload.options):
                self.fields[name], self.reasons[name] = question, match_key(unknown)
        if not has_hidden:
            del self.fields["hidden"]
        if upload.kind != Upload.Kind.PEOPLE or not may_create_companies:
            del self.fields["creates"]
        # The names of companies that a person chooses for, by field.
        self.names: dict[str, str] = {}
        offers = upload.options.get(OFFERS, []) if upload.kind == Upload.Kind.PEOPLE else []
        for number, offer in enumerate(offers):
            self._ask(f"company_{number}", offer, upload.options.get(COMPANIES, {}), may_create_companies)

    def _ask(self, field: str, offer: Mapping[str, Any], chosen: Mapping[str, str], may_create: bool) -> None:
        """Ask which company a name of the file is."""
        name = str(offer["name"])
        label = ngettext("“%(name)s”, %(rows)s row", "“%(name)s”, %(rows)s rows", offer["rows"])
        choices = [("", _("Leave out"))]
        choices += [(str(key), _("Use “%s”") % theirs) for key, theirs in offer["close"]]
        choices += [(CREATE_COMPANY, _("Create this company"))] if may_create else []
        values = {"name": name, "rows": offer["rows"]}
        self.fields[field] = forms.ChoiceField(
            label=label % values, choices=choices, required=False, initial=chosen.get(match_key(name), "")
        )
        self.names[field] = match_key(name)

    @classmethod
    def initial_of(cls, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the initial values for the options of an upload."""
        return {
            "known": options.get("matches"),
            "zeros": options.get(ZEROS, True),
            "shorter": options.get(SHORTER, False),
            "hidden": options.get(HIDDEN, False),
            "creates": options.get(CREATES, False),
        }

    def chosen(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options of the upload that were chosen; what was chosen for other names before stays."""
        data = self.cleaned_data
        return {
            "matches": data.get("known", UPDATE),
            REASONS: self._chosen_of(self.reasons, options.get(REASONS, {})),
            COMPANIES: self._chosen_of(self.names, options.get(COMPANIES, {})),
            **{name: data[name] for name in (ZEROS, SHORTER, HIDDEN, CREATES) if name in data},
        }

    def _chosen_of(self, asked: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
        """Return what is chosen by name; what was chosen before for names that were not asked stays."""
        chosen = {key: self.cleaned_data[field] for field, key in asked.items() if self.cleaned_data[field]}
        return {key: value for key, value in before.items() if key not in asked.values()} | chosen
