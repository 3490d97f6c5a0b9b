"""Setting the same field values on many companies or people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from offorte_portal.api.drafts import complete_draft
from offorte_portal.api.errors import Rejected
from offorte_portal.jobs import parameters
from offorte_portal.jobs.action import Choice, M, Options
from offorte_portal.jobs.fields import SetFields
from offorte_portal.runs.reasons import put_into_words


class SetContactFields(SetFields[M]):
    """Writes the fields that a person filled in; `kind` is the draft that Offorte accepts."""

    label = _("Change fields")
    kind: type[Any]
    required: Sequence[str] = ("name", "fullname")

    def clean(self, options: Mapping[str, Any]) -> Options:
        """Return the fields, stripped; an empty value clears the field at Offorte. Raises ValidationError by option."""
        fields = {name: str(value).strip() for name, value in (options.get("fields") or {}).items()}
        if not fields:
            raise ValidationError({"fields": _("Choose at least one field.")})
        if any(name in fields and not fields[name] for name in self.required):
            raise ValidationError({"fields": _("A name can’t be empty.")})
        try:
            complete_draft(self.kind, fields)
        except Rejected as error:
            raise ValidationError({"fields": put_into_words(error.reason)}) from error
        return {"fields": fields}

    def describe(self, options: Options) -> str:
        texts = [f"{parameters.label(self.target, name)} → {value or '—'}" for name, value in options["fields"].items()]
        return f"{self.label}: {', '.join(texts)}"

    def draft(self, options: Options) -> dict[str, Any]:
        return dict(options["fields"])

    def warnings(self, selection: list[int], choice: Choice) -> Iterable[str]:
        """Warn of an e-mail address that looks wrong; Offorte decides."""
        if email := choice.options["fields"].get("email"):
            try:
                validate_email(email)
            except ValidationError:
                yield _("%(email)s doesn’t look like an e-mail address.") % {"email": email}
