"""The form of a draft: its head as fields, and its price tables as one JSON field."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import VatGroup
from contacts.models import Company, Person
from offorte_portal.adminkit.fields import CompanyField, LineField, PeopleField, RowField
from offorte_portal.adminkit.form_checks import chosen_company
from offorte_portal.adminkit.forms import ShownField
from offorte_portal.adminkit.html import sanitise
from offorte_portal.adminkit.pricing import vat_label
from offorte_portal.compose import document
from offorte_portal.compose.defaults import find_default
from offorte_portal.compose.document import BrokenDocumentError, Row, Table, TooLongError
from offorte_portal.compose.models import Draft
from offorte_portal.compose.recipients import find_people
from offorte_portal.compose.sources import write_number
from offorte_portal.compose.validation import CHOSEN, Fault
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import Mirrored
from offorte_portal.staff.access import REASSIGN, find_owner, may_create_for
from offorte_portal.writes.amounts import parse_amount, parse_percentage

MOST_PEOPLE = 200
# The rates if an account's VAT groups are unknown.
USUAL_RATES = (Decimal(21), Decimal(9), Decimal(0))
PERCENTAGES = ("vat", "discount")
_COLUMNS = {parameter: column for parameter, column, _model in CHOSEN} | {
    "name": "name",
    "company_id": "company_remote_id",
    "company_contacts": "contacts",
    "is_shared": "is_shared",
}


class ComposeForm(forms.Form):
    """A draft as a person fills it in; nothing is required until it is created."""

    name = LineField(
        gettext_lazy("Name"),
        help_text=gettext_lazy(
            "You can use {company}, {template}, {owner} and {date}. They are filled in with "
            "your choices below and today’s date."
        ),
    )
    company_id = CompanyField(gettext_lazy("Company"))
    company_contacts = PeopleField(gettext_lazy("Recipients"))
    account_user_id = RowField(
        gettext_lazy("Owner"), help_text=gettext_lazy("The proposal is sent on behalf of its owner.")
    )
    proposal_template_id = RowField(gettext_lazy("Proposal template"))
    design_template_id = RowField(gettext_lazy("Design template"))
    text_template_id = RowField(gettext_lazy("Text template"))
    automations_set_id = RowField(gettext_lazy("Automation set"))
    is_shared = forms.BooleanField(label=gettext_lazy("Colleagues can edit this draft"), required=False)
    document = forms.CharField(widget=forms.Textarea(attrs={"hidden": True}), strip=False)

    def __init__(self, data: Any = None, *, draft: Draft, user: User) -> None:
        self.draft, self.connection, self.user = draft, draft.connection, user
        self.opened: dict[str, Any] = {}
        initial = {name: getattr(draft, column) for name, column in _COLUMNS.items()}
        super().__init__(data, initial={**initial, "document": json.dumps({"tables": draft.tables})}, label_suffix="")
        for name, column, model in CHOSEN:
            self._offer(name, model, getattr(draft, column))
        if not user.has_perm(REASSIGN):
            self._offer_oneself()
        people = [(str(person.remote_id), f"{person} ({person.email})") for person in self.people if person.email]
        known = {key for key, _text in people}
        # Contacts that can't be chosen any more are shown; creating the proposal reports them.
        is_other_company = str(self["company_id"].value() or "") != str(draft.company_remote_id or "")
        gone = [(str(key), f"#{key}") for key in draft.contacts if str(key) not in known and not is_other_company]
        self.fields["company_contacts"].choices = [*people, *gone]  # type: ignore[attr-defined]

    def _offer(self, name: str, model: type[Mirrored], held: int | None) -> None:
        order = "firstname" if name == "account_user_id" else "name"
        rows = model._default_manager.filter(connection=self.connection, removed_at__isnull=True).order_by(order)
        offered = list(rows.defer("payload"))
        options = [(str(row.remote_id), str(row)) for row in offered]
        if held is not None and str(held) not in dict(options):
            gone = model._default_manager.filter(connection=self.connection, remote_id=held).first()
            options.insert(0, (str(held), _("%s (no longer in Offorte)") % (gone or f"#{held}")))
        default = find_default(self.connection, name, offered)
        unchosen = _("Default: %(name)s") % {"name": default} if default else _("Offorte’s default")
        self.fields[name].choices = [("", unchosen), *options]  # type: ignore[attr-defined]

    def _offer_oneself(self) -> None:
        """Remove the choice of owner, or let the person only take over a colleague's draft."""
        held = self.draft.owner_remote_id
        if may_create_for(self.user, self.connection.pk, held):
            del self.fields["account_user_id"]
            return
        offered = {str(held), str(find_owner(self.connection.pk, self.user) or "")}
        field: Any = self.fields["account_user_id"]
        field.choices = [(key, text) for key, text in field.choices if key in offered]
        field.help_text = _(
            "You can’t create a proposal in a colleague’s name. Choose another owner, or ask "
            "your colleague to create it."
        )

    @cached_property
    def people(self) -> list[Person]:
        """The people of the chosen company, including those without an e-mail address."""
        return offer_people(self.connection, self["company_id"].value())

    @property
    def silent(self) -> list[Person]:
        """Those of them who can't receive a proposal, as they have no e-mail address."""
        return [person for person in self.people if not person.email]

    @property
    def company_options(self) -> list[Company]:
        """The chosen company, before another one is searched for."""
        return chosen_company(self, "company_id")  # type: ignore[arg-type]

    def clean_company_id(self) -> int | None:
        """Require a company of the account; creating the proposal reports one that is gone."""
        remote_id: int | None = self.cleaned_data["company_id"]
        known = Company.objects.filter(connection=self.connection)
        if remote_id is not None and not known.filter(remote_id=remote_id).exists():
            raise ValidationError(_("This company isn’t in this account. Search for a company and choose one."))
        return remote_id

    def clean_document(self) -> list[Table]:
        """Return the tables, with their amounts read as far as they can be."""
        try:
            tables = document.read_tables(self.cleaned_data["document"])
        except TooLongError:
            most = {"rows": document.MOST_ROWS, "tables": document.MOST_TABLES}
            text = _(
                "A proposal can have at most %(rows)s rows in %(tables)s tables. Delete some and save "
                "again. What you wrote is still here."
            )
            raise ValidationError(text % most) from None
        except BrokenDocumentError:
            raise ValidationError(_("The rows couldn’t be read. Reload the page; your draft is kept.")) from None
        for table in tables:
            for row in table.rows:
                _settle(row)
        return tables

    def values(self) -> dict[str, Any]:
        """Return the columns of the draft, of a valid form."""
        cleaned = self.cleaned_data
        values = {column: cleaned.get(name) for name, column in _COLUMNS.items() if name in self.fields}
        values.setdefault("owner_remote_id", self.draft.owner_remote_id)
        tables: list[Table] = cleaned["document"]
        value = sum((table.totals().net for table in tables), Decimal(0))
        fits = abs(value) < Decimal(10) ** 17
        return values | {"tables": document.dump_tables(tables), "value": value if fits else None}

    def point_out(self, faults: Iterable[Fault]) -> dict[str, str]:
        """Add faults to their fields; return those of rows by place, as the browser draws the rows."""
        if not self.is_bound:
            self.full_clean()
            self.cleaned_data: dict[str, Any] = {}
        of_rows: dict[str, str] = {}
        for fault in faults:
            place = fault.place
            if place[:1].isdigit():
                of_rows.setdefault(place, fault.text)
            else:
                self.add_error(place if place in self.fields else None, fault.text)
        return of_rows

    def shown(self, *names: str) -> Iterator[ShownField]:
        """Yield those of the fields that this form has, for `form_field.html`."""
        return (ShownField(self[name], [], name == "name") for name in names if name in self.fields)

    @property
    def head(self) -> Iterator[ShownField]:
        """The fields for the name and the company."""
        return self.shown("name", "company_id")

    @property
    def templates(self) -> Iterator[ShownField]:
        """The fields for the templates and the owner."""
        return self.shown(*(name for name, _column, _model in CHOSEN if name != "account_user_id"), "account_user_id")

    @cached_property
    def vat_groups(self) -> dict[Decimal, set[str]]:
        """The names of the account's VAT groups by rate."""
        groups = VatGroup.objects.present().filter(connection=self.connection, vat__isnull=False)
        names: dict[Decimal, set[str]] = defaultdict(set)
        for name, rate in groups.values_list("name", "vat"):
            names[rate or Decimal(0)].add(name.strip())
        return names

    @property
    def vat_rates(self) -> list[str]:
        """The rates of the account's VAT groups, highest first."""
        return [write_number(rate) for rate in sorted(self.vat_groups or USUAL_RATES, reverse=True)]

    @property
    def vat_names(self) -> str:
        """The labels of the rates that only one VAT group has, as JSON; a rate of several is known by itself only."""
        only = {rate: next(iter(names)) for rate, names in self.vat_groups.items() if len(names) == 1}
        return json.dumps({write_number(rate): vat_label(name, rate) for rate, name in only.items() if name})

    @property
    def notation(self) -> dict[str, str]:
        """The separators with which the reader writes amounts."""
        return {"decimal": str(get_format("DECIMAL_SEPARATOR")), "thousand": str(get_format("THOUSAND_SEPARATOR"))}


def _settle(row: Row) -> None:
    """Turn typed values into amounts as far as they can be read, and make the HTML safe."""
    row.html = str(sanitise(row.html)) if row.html else ""
    for name in ("count", "price", "vat", "discount"):
        text = getattr(row, name)
        if not text or document.read_number(text) is not None:
            continue
        typed = text.removeprefix(document.UNREAD)
        try:
            amount = parse_percentage(typed) if name in PERCENTAGES else parse_amount(typed)
        except ValidationError:
            setattr(row, name, f"{document.UNREAD}{typed}"[: document.AMOUNT_CHARACTERS])
        else:
            setattr(row, name, write_number(amount))


def offer_people(connection: Connection, company: Any) -> list[Person]:
    """Return the people of a company, given by Offorte's id as a form holds it; none if it is no id."""
    text = str(company or "")
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        return []
    return list(find_people(connection.pk, [int(text)]).order_by("name_key")[:MOST_PEOPLE])
