"""The forms that ask for an action's options before its preview; rooms declare theirs in modules of this name."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Model

from offorte_portal.adminkit.selection import Chosen
from offorte_portal.jobs import parameters
from offorte_portal.jobs.action import Action, Options
from offorte_portal.mirror.models import Mirrored


class ActionForm(forms.Form):
    """The options of one action for one selection; `options` holds them checked once the form is valid.

    With `shows_all` the preview is a table of all rows instead of a sample.
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
        """Fill the choices that depend on the selection; do nothing by default."""

    def collect(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Return the options as the action expects them, with keys in place of rows."""
        return {name: value.pk if isinstance(value, Model) else value for name, value in cleaned.items()}

    def summarize(self) -> list[str]:
        """Return what the preview says in sentences above its table, once the form is valid; nothing by default."""
        return []

    def settle(self, options: dict[str, Any]) -> Options:
        """Return the checked options. Raises ValidationError by option."""
        return self.action.clean(options)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            self.options = self.settle(self.collect(cleaned))
        except ValidationError as error:
            by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            for name, texts in by_field.items():
                for text in texts:
                    self.add_error(name if name in self.fields else None, text)
        return cleaned

    def present(self, model: type[Mirrored]) -> Any:
        """Return the rows of the model in the accounts of the selection that Offorte still has."""
        return model._default_manager.filter(
            connection__in=self.chosen.connections, removed_at__isnull=True
        ).select_related("connection")

    def label_accounts(self, *names: str) -> None:
        """Add the account to each choice of these fields if the selection has several."""
        for name in names:
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField) and len(self.chosen.connections) > 1:
                field.label_from_instance = lambda obj: f"{obj} ({obj.connection})"  # type: ignore[method-assign]


def choices_of(names: Iterable[str], action: Action[Any]) -> list[tuple[str, str]]:
    """Return Offorte's parameters, each with its label."""
    return [(name, str(parameters.label(action.target, name))) for name in names]


# By action name; rooms add their forms in `action_forms`. An action without options has none.
FORMS: dict[str, type[ActionForm]] = {}
