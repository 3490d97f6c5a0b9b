"""What the forms of all bulk actions have in common."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from contacts.models import Company
from offorte_portal import jobs
from offorte_portal.adminkit import search
from offorte_portal.adminkit.messages import translate_message
from offorte_portal.adminkit.selection import Chosen
from offorte_portal.jobs.action import Action, Options
from offorte_portal.models import Mirrored

# Companies that a search offers to choose from.
MOST_COMPANIES = 20


class ActionForm(forms.Form):
    """The options of one action for one selection; `options` holds them checked once the form is valid.

    With `shows_all` its preview is a table of all rows instead of a few of them.
    """

    shows_all: ClassVar[bool] = False
    options: Options

    def __init__(
        self,
        action: Action[Any],
        chosen: Chosen,
        data: Mapping[str, Any] | None = None,
        *,
        by: User | None = None,
    ) -> None:
        super().__init__(data, label_suffix="")
        self.action = action
        self.chosen = chosen
        self.by = by
        self.prepare()

    def prepare(self) -> None:
        """Fill the choices that depend on the selection; nothing by default."""

    def collect(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The options as the action wants them: keys in place of rows."""
        return {name: value.pk if isinstance(value, Model) else value for name, value in cleaned.items()}

    def settle(self, options: dict[str, Any]) -> Options:
        """The options, checked. Raises ValidationError by option."""
        return self.action.clean(options)

    def clean(self) -> dict[str, Any]:
        """Have the action check its options."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            self.options = self.settle(self.collect(cleaned))
        except ValidationError as error:
            for name, texts in _by_field(error).items():
                for text in texts:
                    self.add_error(name if name in self.fields else None, translate_message(text))
        return cleaned

    def present(self, model: type[Mirrored]) -> Any:
        """The rows of the model in the accounts of the selection, those that Offorte still has."""
        return model._default_manager.filter(
            connection__in=self.chosen.connections, removed_at__isnull=True
        ).select_related("connection")

    def label_accounts(self, *names: str) -> None:
        """Name the account of each choice of these fields where the selection has several."""
        for name in names:
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField) and len(self.chosen.connections) > 1:
                field.label_from_instance = _label_with_account  # type: ignore[method-assign]


def _label_with_account(obj: Any) -> str:
    return f"{obj} ({obj.connection})"


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


class CompanySearchForm(ActionForm):
    """A form that asks for a company by words, and offers those that are found where there are several."""

    words = forms.CharField(required=False, max_length=100)
    company = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, widget=forms.RadioSelect)

    def prepare(self) -> None:
        """Offer what the words find, in the accounts of the selection."""
        self.found = self._search(str(self.data.get("words", "")).strip())
        choices = [(company.pk, self._label(company)) for company in self.found]
        field = self.fields["company"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices
        if not choices:
            field.widget = forms.HiddenInput()

    def _search(self, words: str) -> list[Company]:
        if not words:
            return []
        found = search.apply(self.present(Company), words).order_by("name_key")
        return list(found.defer("payload", "search_text")[:MOST_COMPANIES])

    def _label(self, company: Company) -> str:
        several = len(self.chosen.connections) > 1
        return ", ".join(filter(None, [str(company), company.city, str(company.connection) if several else ""]))

    def choose(self, cleaned: dict[str, Any]) -> int | None:
        """The company's key, or an error at the field that says what is missing."""
        if cleaned.get("company"):
            return int(cleaned["company"])
        if len(self.found) == 1:
            return self.found[0].pk
        if self.found:
            self.add_error("company", _("Choose one of these."))
        elif cleaned.get("words"):
            self.add_error("words", _("No company is found by these words."))
        else:
            self.add_error("words", _("Say which company: by name, city, e-mail address or number."))
        return None


def choices_of(names: Iterable[str], action: Action[Any]) -> list[tuple[str, str]]:
    """Offorte's parameters with the names that people know them by."""
    return [(name, str(jobs.label(action.target, name))) for name in names]
