"""Forms of mirrored records: the values that Offorte accepts, and those that a person has changed.

Fields are named as the parameters in the reference, so that Offorte's reasons can be shown beside them. Values are
passed on as JSON: amounts as text, rows as Offorte's ids. None means that Offorte has given no value.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from offorte_portal.adminkit.fields import AmountField, CompanyField
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import Mirrored
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import describe_field_error

Json = dict[str, Any]
BLANK: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True)
class Section:
    """Fields that belong together, shown as a card of the page."""

    title: str | Promise
    fields: tuple[str, ...]
    note: str | Promise = ""


@dataclass(frozen=True)
class FormWarning:
    """A warning about something that can be sent all the same; `field` is "" where it is about the whole form."""

    field: str
    text: str
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ShownField:
    """A field with what the page shows of it."""

    bound: BoundField
    warnings: list[FormWarning]
    is_wide: bool

    @property
    def kind(self) -> str:
        """The kind of control: a check box, several of them, a company picker, or a plain control."""
        if isinstance(self.bound.field, CompanyField):
            return "company"
        if isinstance(self.bound.field.widget, forms.CheckboxSelectMultiple):
            return "choices"
        return "check" if isinstance(self.bound.field.widget, forms.CheckboxInput) else "plain"


class RecordForm(forms.Form):
    """A form that creates a mirrored record (`row` is None) or changes one.

    `opened` are the values that were shown when the form was opened; only values that differ from them are sent.
    """

    target: ClassVar[str]
    model: ClassVar[type[Mirrored]]
    # Columns by parameter, where the two have different names.
    columns: ClassVar[dict[str, str]] = {}
    sections: ClassVar[tuple[Section, ...]]
    wide: ClassVar[tuple[str, ...]] = ()
    # Fields that Offorte has not: `keep` stores them in the portal.
    own: ClassVar[tuple[str, ...]] = ()
    # The parent of a new record: its field, its model, and its name in an address (`?company=12`).
    parent_field: ClassVar[str] = ""
    parent_model: ClassVar[type[Mirrored] | None] = None
    parent_query: ClassVar[str] = ""

    def __init__(
        self,
        data: Any = None,
        *,
        connection: Connection,
        user: User,
        row: Mirrored | None = None,
        opened: Json | None = None,
        initial: Json | None = None,
    ) -> None:
        self.connection, self.user, self.row = connection, user, row
        self.opened: Json = opened or {}
        self.warnings: list[FormWarning] = []
        super().__init__(data, initial=dict(initial or {}))
        self.prepare()
        for name, value in self.opened.items():
            if name in self.fields and value is not None:
                self.initial[name] = _from_json(self.fields[name], value)

    def prepare(self) -> None:
        """Fill in choices and leave out fields; nothing by default."""

    @classmethod
    def held(cls, row: Mirrored) -> Json:
        """Return the mirror's value of each parameter."""
        return {
            name: as_json(getattr(row, cls.columns.get(name, name), None))
            for name in cls.base_fields
            if name not in cls.own
        }

    def offer(self, name: str, rows: Iterable[Mirrored], *, none: str = "") -> None:
        """Set the choices of a field to these rows, and keep its current value even if its row is gone."""
        options = [(str(row.remote_id), str(row)) for row in rows]
        held = self.opened.get(name)
        if held is None:
            options.insert(0, ("", none or (_("Unknown (don’t change)") if self.row else "—")))
        elif str(held) not in dict(options):
            options.insert(0, (str(held), _("#%s (no longer available)") % held))
        self.fields[name].choices = options  # type: ignore[attr-defined]

    def is_untouched(self, name: str) -> bool:
        """Return whether the field still has the value that it had when the form was opened."""
        if self.row is None:
            return False
        field, held = self.fields[name], self.opened.get(name)
        shown = field.prepare_value(_from_json(field, held) if held is not None else None)
        return bool(_plain(self[name].data, field) == _plain(shown, field))

    def clean(self) -> Json:
        """Refuse to empty values that Offorte can't clear; ignore errors in values that were left unchanged."""
        for name in list(self.errors):
            if name in self.fields and name not in self.own and self.is_untouched(name):
                del self.errors[name]
        for name in self.fields:
            is_lost = self.opened.get(name) not in BLANK and self.cleaned_data.get(name, "") is None
            if is_lost and name not in self.errors:
                self.add_error(name, _("Offorte can’t clear this field. Choose or enter another value."))
        return self.cleaned_data

    def asked(self) -> Json:
        """Return the values of the valid form, by parameter."""
        return {
            name: self.opened.get(name) if self.is_untouched(name) else as_json(self.cleaned_data.get(name))
            for name in self.fields
            if name not in self.own
        }

    def changes(self) -> Json:
        """Return the values to send: those that differ from `opened`, for a new record all that are filled in."""
        asked = self.asked()
        return {name: value for name, value in asked.items() if not is_same(value, self.opened.get(name))}

    def draft(self, changes: Json) -> Json:
        """Return the changes as a request's body; for a new record without the parent, which is in the URL."""
        return {name: value for name, value in changes.items() if self.row or name != self.parent_field}

    def parent(self) -> int | None:
        """Return Offorte's id of a new record's parent; overridden where an existing row's URL needs one too."""
        return self.cleaned_data.get(self.parent_field) if self.row is None and self.parent_field else None

    @classmethod
    def name_of(cls, row: Mirrored) -> str:
        """Return the name of a row in the change log and in messages."""
        return str(row)

    def label(self) -> str:
        """Return the name of the record in the change log."""
        return self.name_of(self.row) if self.row else str(self.cleaned_data.get("name", ""))

    def keep(self, operation: Operation) -> None:
        """Store what the portal keeps of the form, in the transaction that stores the operation; nothing by default.

        It is called again with the same operation when the form is sent twice.
        """

    def find_warnings(self, changes: Json) -> list[FormWarning]:
        """Return warnings about these changes, which may be sent all the same; none by default."""
        return []

    def show_value(self, name: str, value: Any) -> str:
        """Return a value as text for people."""
        if value in BLANK:
            return ""
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        field = self.fields[name]
        options = {str(key): str(text) for key, text in getattr(field, "choices", ())}
        if isinstance(value, list):
            return ", ".join(options.get(str(item), str(item)) for item in value)
        return options.get(str(value), "") or str(field.prepare_value(_from_json(field, value)))

    def normal(self, name: str, value: Any) -> Any:
        """Return a stored value as this form writes it: "12.5" for "12.5000"."""
        return as_json(_from_json(self.fields[name], value))

    def add_reasons(self, field_errors: dict[str, list[str]], general: str) -> None:
        """Add Offorte's reasons to their fields, and those without a field to the whole form."""
        for name, texts in field_errors.items():
            for text in map(describe_field_error, texts):
                if name in self.fields:
                    self.add_error(name, _("Offorte: %s") % text)
                else:
                    self.add_error(None, _("Offorte: %(field)s %(reason)s") % {"field": name, "reason": text})
        if general and not field_errors:
            self.add_error(None, general)

    def shown_sections(self) -> Iterator[tuple[Section, list[ShownField]]]:
        """Yield the sections that have fields in this form, with those fields."""
        for section in self.sections:
            shown = []
            for name in section.fields:
                if name in self.fields:
                    warnings = [warning for warning in self.warnings if warning.field == name]
                    shown.append(ShownField(self[name], warnings, name in self.wide))
            if shown:
                yield section, shown


def digest(warnings: list[FormWarning]) -> str:
    """Return a hash of the warnings that a person confirms, so that no others are confirmed with them."""
    lines = (f"{warning.field} {warning.text}" for warning in warnings)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def is_same(one: Any, other: Any) -> bool:
    """Return whether two values are the same to Offorte: unknown equals empty, and the order of lists is ignored."""
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return one == other or (one in BLANK and other in BLANK)


def as_json(value: Any) -> Any:
    """Return a cleaned value or a column as JSON: amounts as text, rows as Offorte's ids."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.remote_id if isinstance(value, Mirrored) else value


def _from_json(field: forms.Field, value: Any) -> Any:
    return Decimal(value) if isinstance(field, AmountField) and value not in BLANK else value


def _plain(value: Any, field: forms.Field) -> Any:
    """Return a control's value as browsers post it: a single line has no line breaks."""
    if isinstance(value, list | tuple):
        return sorted(map(str, value))
    if value in BLANK:
        return [] if isinstance(field, forms.MultipleChoiceField) else ""
    text = str(value).replace("\r", "")
    return text if isinstance(field.widget, forms.Textarea) else text.replace("\n", "")
