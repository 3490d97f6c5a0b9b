"""Forms of follow-ups and team notes."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal import ports
from offorte_portal.adminkit.fields import MomentField, TextField
from offorte_portal.staff.members import colleagues
from offorte_portal.tracking import followups
from offorte_portal.tracking.models import NOTE_LENGTH, TEXT_LENGTH, FollowUp

OTHER_DAY = "date"


class FollowUpForm(forms.Form):
    """When to follow up, what to do, and who does it.

    `when` is one of the steps, or "date" for the moment in `due`; without it the moment counts. It also counts where a
    person typed another one and left the step as it was: without script, typing does not choose "date".
    """

    when = forms.ChoiceField(label=gettext_lazy("When"), required=False, widget=forms.RadioSelect)
    due = MomentField(gettext_lazy("Day and time"), required=False)
    note = forms.CharField(
        label=gettext_lazy("What to do"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.TextInput({"autofocus": True, "dir": "auto"}),
    )
    person = forms.ModelChoiceField(colleagues(), label=gettext_lazy("For"), empty_label=None)

    def __init__(self, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        steps = [(str(days), _name(name, followups.morning(days))) for days, name in followups.SNOOZES]
        field = self.fields["when"]
        field.choices = [*steps, (OTHER_DAY, _("Another day"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        step = cleaned.get("when")
        is_typed = bool(self.data.get("due")) and "due" in self.changed_data and step == self.initial.get("when")
        if step and step != OTHER_DAY and not is_typed:
            self.errors.pop("due", None)
            cleaned["due"] = followups.morning(int(step))
        elif "due" in cleaned and cleaned["due"] is None:
            self.add_error("due", _("Choose when to follow up."))
        elif (due := cleaned.get("due")) and _day(due) < _day(ports.now()) and "due" in self.changed_data:
            self.add_error("due", _("Choose today or a later date."))
        return cleaned

    def hint(self) -> str:
        """Return what to tell a person who chose a day at a weekend; "" for a work day."""
        due: datetime = self.cleaned_data["due"]
        if not followups.is_weekend(_day(due)):
            return ""
        return _("%(day)s is at the weekend. The e-mail with your follow-ups comes on work days only.") % {
            "day": date_format(timezone.localtime(due), "l j F")
        }


class FilterForm(forms.Form):
    """Which follow-ups the list shows: whose (`team` only), of which account, and made by hand or by which rule."""

    person = forms.ChoiceField(label=gettext_lazy("For"), required=False)
    account = forms.ChoiceField(label=gettext_lazy("Account"), required=False)
    rule = forms.ChoiceField(label=gettext_lazy("Why"), required=False)

    NO_ONE, LEFT, BY_HAND = "none", "left", "hand"

    def __init__(self, data: Any, *, people: list[tuple[int, str]], accounts: list[tuple[str, str]]) -> None:
        super().__init__(data, label_suffix="", auto_id="filter-%s")
        special = [(self.NO_ONE, _("No one")), (self.LEFT, _("People who left"))]
        known = [(str(key), name) for key, name in people]
        self._offer("person", [("", _("Everyone")), *special, *known] if people else [])
        self._offer("account", [("", _("All accounts")), *accounts] if len(accounts) > 1 else [])
        rules = [(rule.value, rule.label) for rule in FollowUp.Rule if rule.value]
        self._offer("rule", [("", _("All")), (self.BY_HAND, FollowUp.Rule.NONE.label), *rules])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that are set; what the form does not offer is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class NoteForm(forms.Form):
    """The text of a team note."""

    text = TextField(
        gettext_lazy("Note"),
        required=True,
        max_length=TEXT_LENGTH,
        error_messages={"required": gettext_lazy("Write your note first.")},
    )

    def __init__(self, data: Any = None, *, text: str = "", rows: int = 2) -> None:
        super().__init__(data, initial={"text": text}, label_suffix="", auto_id="note-%s")
        self.fields["text"].widget.attrs["rows"] = rows


def _day(moment: datetime) -> Any:
    return timezone.localtime(moment).date()


def _name(name: Any, due: datetime) -> str:
    due = timezone.localtime(due)
    return f"{name} ({date_format(due, 'D')} {date_format(due, 'SHORT_MONTH_DAY_FORMAT')})"
