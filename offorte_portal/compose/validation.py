"""What keeps a draft from being created, found before anything is sent, by the reference's required fields.

A fault's place is a parameter of the reference, or "table.row.field" by position: "0.2.price".
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth.models import User

from contacts.models import Company, Person
from offorte_portal.compose.document import UNREAD, Row, Table, load_tables, read_number
from offorte_portal.compose.models import Draft
from offorte_portal.compose.placeholders import find_empty, find_unknown, name_values
from offorte_portal.compose.reasons import DraftReason
from offorte_portal.mirror.models import Mirrored
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.staff.access import may_create_for
from offorte_portal.text.reason import Reason
from proposals.models import AccountUser, AutomationSet, DesignTemplate, ProposalTemplate, TextTemplate

# What a JSON number represents exactly, and Offorte's own columns certainly hold.
PRICE_DIGITS, COUNT_DIGITS, DECIMALS = 10, 7, 4

CHOSEN: tuple[tuple[str, str, type[Mirrored]], ...] = (
    ("account_user_id", "owner_remote_id", AccountUser),
    ("proposal_template_id", "proposal_template_remote_id", ProposalTemplate),
    ("design_template_id", "design_template_remote_id", DesignTemplate),
    ("text_template_id", "text_template_remote_id", TextTemplate),
    ("automations_set_id", "automations_set_remote_id", AutomationSet),
)


class Fault(NamedTuple):
    """Where something is wrong, and the reason with what a person can do about it."""

    place: str
    reason: Reason

    @property
    def text(self) -> str:
        """The reason in the active language."""
        return put_into_words(self.reason)


def find_faults(draft: Draft, by: User) -> list[Fault]:
    """Return everything that keeps the person from creating the draft, from top to bottom."""
    faults = list(_of_head(draft))
    for parameter, column, model in CHOSEN:
        remote_id = getattr(draft, column)
        if remote_id is None:
            continue
        row: Any = model._default_manager.filter(connection=draft.connection_id, remote_id=remote_id).first()
        if row is None or row.removed_at is not None:
            name = f"“{row}”" if row else f"#{remote_id}"
            faults.append(Fault(parameter, DraftReason.CHOICE_GONE(name=name)))
    # The draft, which others may edit, can have an owner that the person may not choose.
    held = draft.owner_remote_id
    if held is not None and not may_create_for(by, draft.connection_id, held):
        owner = AccountUser.objects.present().filter(connection=draft.connection_id, remote_id=held).first()
        if owner:  # otherwise they are reported above as gone
            faults.append(Fault("account_user_id", DraftReason.NOT_IN_THEIR_NAME(owner=str(owner))))
    return [*faults, *find_table_faults(load_tables(draft.tables))]


def find_table_faults(tables: list[Table]) -> list[Fault]:
    """Return everything that is wrong with price tables alone."""
    faults: list[Fault] = []
    for number, table in enumerate(tables):
        if not table.rows:
            continue
        if not table.id.strip():
            faults.append(Fault(f"{number}.id", DraftReason.TABLE_WITHOUT_ID()))
        elif any(other.id == table.id for other in tables[:number] if other.rows):
            faults.append(Fault(f"{number}.id", DraftReason.TABLE_ID_TWICE()))
        for place, row in enumerate(table.rows):
            faults += [Fault(f"{number}.{place}.{name}", reason) for name, reason in _of_row(row)]
    return faults


def _of_head(draft: Draft) -> Iterator[Fault]:
    if not draft.name.strip():
        yield Fault("name", DraftReason.NAMELESS())
    values = name_values(draft)
    for name in find_empty(draft.name, values):
        yield Fault("name", DraftReason.NAME_EMPTY(name=name))
    for name in find_unknown(draft.name, values):
        yield Fault("name", DraftReason.NAME_UNKNOWN(name=name))
    if draft.company_remote_id is None:
        yield Fault("company_id", DraftReason.NO_COMPANY())
        return
    company = Company.objects.filter(connection=draft.connection_id, remote_id=draft.company_remote_id).first()
    if company is None or company.removed_at is not None:
        gone = f"“{company}”" if company else DraftReason.THIS_COMPANY()
        yield Fault("company_id", DraftReason.COMPANY_GONE(name=gone))
        return
    yield from _of_contacts(draft)


def _of_contacts(draft: Draft) -> Iterator[Fault]:
    """Yield faults for contacts that can't receive it: gone, at another company, or without an e-mail address."""
    if not draft.contacts:
        return
    found = Person.objects.filter(connection=draft.connection_id, remote_id__in=draft.contacts)
    people = {person.remote_id: person for person in found.defer("payload", "search_text")}
    for remote_id in draft.contacts:
        person = people.get(remote_id)
        if person is None or person.removed_at or person.company_remote_id != draft.company_remote_id:
            yield Fault("company_contacts", DraftReason.CONTACT_GONE(name=str(person or f"#{remote_id}")))
        elif not person.email:
            yield Fault("company_contacts", DraftReason.NO_ADDRESS(name=str(person)))


def _of_row(row: Row) -> Iterator[tuple[str, Reason]]:
    if not row.text.strip() and not row.html.strip():
        yield "text", DraftReason.ROW_EMPTY()
    if row.type == "discount":
        off = read_number(row.discount)
        if off is None:
            yield "discount", DraftReason.DISCOUNT_MISSING()
        elif not 0 <= off <= 100:
            yield "discount", DraftReason.DISCOUNT_RANGE()
        elif off != round(off, DECIMALS):
            yield "discount", DraftReason.TOO_MANY_DECIMALS(most=DECIMALS)
    elif row.type == "price":
        yield from _of_number("count", row.count, DraftReason.COUNT_MISSING(), COUNT_DIGITS, is_signed=False)
        yield from _of_number("price", row.price, DraftReason.PRICE_MISSING(), PRICE_DIGITS)
        rate = read_number(row.vat)
        if rate is None:
            yield "vat", DraftReason.VAT_MISSING()
        elif not 0 <= rate <= 100 or rate != round(rate, DECIMALS):
            yield "vat", DraftReason.VAT_RANGE()


def _of_number(
    name: str, text: str, missing: Reason, digits: int, *, is_signed: bool = True
) -> Iterator[tuple[str, Reason]]:
    number = read_number(text)
    if number is None:
        yield name, DraftReason.NO_AMOUNT(text=text.removeprefix(UNREAD)) if text else missing
    elif abs(number) >= Decimal(10) ** digits:
        yield name, DraftReason.TOO_MANY_DIGITS(most=digits)
    elif number != round(number, DECIMALS):
        yield name, DraftReason.TOO_MANY_DECIMALS(most=DECIMALS)
    elif number < 0 and not is_signed:
        yield name, DraftReason.BELOW_ZERO()
