"""The fields that ask why proposals were lost, for the forms of all rooms."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.tracking import losses
from offorte_portal.tracking.losses import Why
from offorte_portal.tracking.models import WORDS_LENGTH, LostReason
from offorte_portal.tracking.models.loss import COMPETITOR_LENGTH

# The choice besides the list.
OTHER = "other"


class SuggestInput(forms.TextInput):
    """A line of text for which the browser suggests values that were used before."""

    suggestions: Collection[str] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the control, with its suggestions behind it."""
        of = f"{(attrs or {}).get('id', name)}_known"
        options = format_html_join("", '<option value="{}"></option>', ((text,) for text in self.suggestions))
        line = super().render(name, value, {**(attrs or {}), "list": of}, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', line, of, options)


class WhyFields(forms.Form):
    """A reason from the managers' list, or another one in words; and who won instead.

    Where the list is empty, there are only words.
    """

    reason = forms.ChoiceField(
        label=gettext_lazy("Why was it lost?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )
    words = forms.CharField(
        label=gettext_lazy("Explanation"),
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    competitor = forms.CharField(
        label=gettext_lazy("Competitor"),
        max_length=COMPETITOR_LENGTH,
        required=False,
        widget=SuggestInput({"autocomplete": "off"}),
        help_text=gettext_lazy("Who won the job, if you know."),
    )

    @property
    def is_asked(self) -> bool:
        """Whether the form has to say why."""
        return True

    def offer_reasons(self, accounts: Collection[int], given: LostReason | None = None) -> None:
        """Fill in the active reasons, with the one given before, and the competitors known in these accounts."""
        self.known = {str(reason.pk): reason for reason in LostReason.objects.filter(is_active=True)}
        if given is not None:
            self.known.setdefault(str(given.pk), given)
        choices = [(key, str(reason)) for key, reason in self.known.items()]
        if choices:
            self.fields["reason"].choices = [*choices, (OTHER, _("Other"))]  # type: ignore[attr-defined]
        else:
            del self.fields["reason"]
        self.fields["competitor"].widget.suggestions = losses.known_competitors(accounts)

    def clean_words(self) -> str:
        """Return the words. Raises ValidationError if they are all that could say why, and are missing."""
        words = " ".join(self.cleaned_data["words"].split())
        is_other = "reason" not in self.fields or self.cleaned_data.get("reason") == OTHER
        if self.is_asked and is_other and not words:
            raise forms.ValidationError(_("Explain in a few words why it was lost."))
        return words

    def clean_competitor(self) -> str:
        return " ".join(self.cleaned_data["competitor"].split())

    @property
    def why(self) -> Why:
        """What the valid form says."""
        given = self.cleaned_data
        return Why(self.known.get(given.get("reason", "")), given["words"], given["competitor"])


def initial_of(why: Why) -> dict[str, str]:
    """Return what the fields show of what was said before."""
    return {
        "reason": str(why.reason.pk) if why.reason else OTHER,
        "words": why.words,
        "competitor": why.competitor,
    }
