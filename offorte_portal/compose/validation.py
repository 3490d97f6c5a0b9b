"""What keeps a draft from being created: found before anything is sent, by the reference's required fields.

A fault's place is a parameter of the reference, or "table.row.field" by position: "0.2.price".
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from contacts.models import Company, Person
from offorte_portal.compose.document import UNREAD, Row, Table, load_tables, read_number
from offorte_portal.compose.placeholders import find_empty, find_unknown, name_values
from offorte_portal.models import Mirrored
from offorte_portal.services.access import may_create_for
from proposals.models import (
    AccountUser,
    AutomationSet,
    DesignTemplate,
    Draft,
    ProposalTemplate,
    TextTemplate,
)

# What a JSON number still says exactly, and what Offorte's own columns surely hold.
PRICE_DIGITS, COUNT_DIGITS, DECIMALS = 10, 7, 4

CHOSEN: tuple[tuple[str, str, type[Mirrored]], ...] = (
    ("account_user_id", "owner_remote_id", AccountUser),
    ("proposal_template_id", "proposal_template_remote_id", ProposalTemplate),
    ("design_template_id", "design_template_remote_id", DesignTemplate),
    ("text_template_id", "text_template_remote_id", TextTemplate),
    ("automations_set_id", "automations_set_remote_id", AutomationSet),
)


class Fault(NamedTuple):
    """Where something is wrong, and what a person can do about it."""

    place: str
    text: str


def find_faults(draft: Draft, by: User) -> list[Fault]:
    """Everything that keeps the person from creating the draft, from top to bottom."""
    return [*_of_head(draft), *_of_chosen(draft), *_of_owner(draft, by), *find_table_faults(load_tables(draft.tables))]


def find_table_faults(tables: list[Table]) -> list[Fault]:
    """Everything that is wrong with price tables alone."""
    return [fault for n, table in enumerate(tables) for fault in _of_table(n, table, tables)]


def _of_head(draft: Draft) -> Iterator[Fault]:
    if not draft.name.strip():
        yield Fault("name", _("Give the proposal a name."))
    values = name_values(draft)
    for name in find_empty(draft.name, values):
        yield Fault("name", _("{%s} stands for nothing: choose it below, or write the name out.") % name)
    for name in find_unknown(draft.name, values):
        yield Fault("name", _("{%s} stands for nothing in a name: write out what the prospect is to read.") % name)
    if draft.company_remote_id is None:
        yield Fault("company_id", _("Choose the company that the proposal is for."))
        return
    company = Company.objects.filter(connection=draft.connection_id, remote_id=draft.company_remote_id).first()
    if company is None or company.removed_at is not None:
        text = _("%s is no longer at Offorte. Choose another company.")
        yield Fault("company_id", text % (f"“{company}”" if company else _("This company")))
        return
    yield from _of_contacts(draft)


def _of_contacts(draft: Draft) -> Iterator[Fault]:
    """Only people of the company who are still there and have an e-mail address can receive a proposal."""
    if not draft.contacts:
        return
    found = Person.objects.filter(connection=draft.connection_id, remote_id__in=draft.contacts)
    people = {person.remote_id: person for person in found.defer("payload", "search_text")}
    for remote_id in draft.contacts:
        person = people.get(remote_id)
        if person is None or person.removed_at or person.company_remote_id != draft.company_remote_id:
            text = _("%s is no longer at this company. Choose the receivers anew.")
            yield Fault("company_contacts", text % (person or f"#{remote_id}"))
        elif not person.email:
            yield Fault("company_contacts", _("%s has no e-mail address and can’t receive the proposal.") % person)


def _of_chosen(draft: Draft) -> Iterator[Fault]:
    for parameter, column, model in CHOSEN:
        remote_id = getattr(draft, column)
        if remote_id is None:
            continue
        row: Any = model._default_manager.filter(connection=draft.connection_id, remote_id=remote_id).first()
        if row is None or row.removed_at is not None:
            name = f"“{row}”" if row else f"#{remote_id}"
            yield Fault(parameter, _("%s is no longer at Offorte. Choose another one.") % name)


def _of_owner(draft: Draft, by: User) -> Iterator[Fault]:
    """A draft that others may edit can be in a colleague's name."""
    held = draft.owner_remote_id
    if held is None or may_create_for(by, draft.connection_id, held):
        return
    owner = AccountUser.objects.present().filter(connection=draft.connection_id, remote_id=held).first()
    if owner:  # else it is told already that they are gone
        text = _("You can’t create proposals in the name of %(owner)s. Choose another owner, or leave it to %(owner)s.")
        yield Fault("account_user_id", text % {"owner": owner})


def _of_table(number: int, table: Table, tables: list[Table]) -> Iterator[Fault]:
    if not table.rows:
        return
    if not table.id.strip():
        yield Fault(f"{number}.id", _("Write the unique ID that this price table has in the template."))
    elif any(other.id == table.id for other in tables[:number] if other.rows):
        yield Fault(f"{number}.id", _("Another table has this unique ID already."))
    for place, row in enumerate(table.rows):
        yield from (Fault(f"{number}.{place}.{name}", text) for name, text in _of_row(row))


def _of_row(row: Row) -> Iterator[tuple[str, str]]:
    if not row.text.strip() and not row.html.strip():
        yield "text", _("Write what this row says.")
    if row.type == "discount":
        yield from _of_discount(row)
    elif row.type == "price":
        yield from _of_number("count", row.count, _("Write a quantity."), COUNT_DIGITS, is_signed=False)
        yield from _of_number("price", row.price, _("The price is not known: write it."), PRICE_DIGITS)
        yield from _of_vat(row)


def _of_number(name: str, text: str, missing: str, digits: int, *, is_signed: bool = True) -> Iterator[tuple[str, str]]:
    number = read_number(text)
    if number is None:
        unread = _("“%s” is no amount, or could mean two. Write it like 1234.50.") % text.removeprefix(UNREAD)
        yield name, unread if text else missing
    elif abs(number) >= Decimal(10) ** digits:
        yield name, _("At most %d digits before the decimals.") % digits
    elif number != round(number, DECIMALS):
        yield name, _("At most %d decimals.") % DECIMALS
    elif number < 0 and not is_signed:
        yield name, _("Not below zero. To take something off, write a negative price.")


def _of_discount(row: Row) -> Iterator[tuple[str, str]]:
    off = read_number(row.discount)
    if off is None:
        text = _("Write how many percent. To take an amount off, add a row with a negative price instead.")
        yield "discount", text
    elif not 0 <= off <= 100:
        yield "discount", _("A discount is between 0 and 100 percent.")
    elif off != round(off, DECIMALS):
        yield "discount", _("At most %d decimals.") % DECIMALS


def _of_vat(row: Row) -> Iterator[tuple[str, str]]:
    rate = read_number(row.vat)
    if rate is None:
        yield "vat", _("The VAT rate is not known: choose it.")
    elif not 0 <= rate <= 100 or rate != round(rate, DECIMALS):
        yield "vat", _("A VAT rate is between 0 and 100 percent.")
