"""What a new draft starts from: nothing, a company, a product, or an existing proposal."""

from collections.abc import Callable
from decimal import Decimal

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from catalog.models import Product
from contacts.models import Company, Person
from offorte_portal.compose.content import is_formatted, to_text
from offorte_portal.compose.document import Row, Table, dump_tables
from offorte_portal.compose.models import Draft
from offorte_portal.compose.recipients import find_people
from offorte_portal.compose.totals import PricedRow, Vat, add_up
from offorte_portal.connections.models import Connection
from offorte_portal.staff.access import find_owner
from proposals.models import PriceRow, PriceTable, Proposal

Clean = Callable[[str], str]
# The number of proposals that are searched for the unique ids of tables that an account uses.
LOOKED_THROUGH = 40
MOST_IDS = 12


def start_empty(connection: Connection, user: User) -> Draft:
    """Return a new, unsaved draft of the person's, with the templates of their last submitted one."""
    last = Draft.objects.filter(created_by=user, connection=connection).exclude(operation=None).first()
    draft = Draft(connection=connection, created_by=user, owner_remote_id=find_owner(connection.pk, user))
    if last:
        for name in ("proposal_template", "design_template", "text_template", "automations_set"):
            setattr(draft, f"{name}_remote_id", getattr(last, f"{name}_remote_id"))
    ids = [table["id"] for table in last.tables] if last else suggest_ids(connection)[:1]
    draft.tables = dump_tables(Table(table_id) for table_id in ids or [""])
    return draft


def start_for_company(company: Company, user: User) -> Draft:
    """Return a draft for a company, with a receiver if one person there has an e-mail address."""
    draft = start_empty(company.connection, user)
    draft.company_remote_id = company.remote_id
    people = find_people(company.connection_id, [company.remote_id]).exclude(email="")
    ids = list(people.values_list("remote_id", flat=True)[:2])
    draft.contacts = ids if len(ids) == 1 else []
    return draft


def start_for_person(person: Person, user: User) -> Draft:
    """Return a draft for a person's company, with the person as receiver if they have an e-mail address."""
    draft = start_empty(person.connection, user)
    draft.company_remote_id = person.company_remote_id
    draft.contacts = [person.remote_id] if person.email and person.company_remote_id is not None else []
    return draft


def start_with_product(product: Product, user: User) -> Draft:
    """Return a draft whose first row is the product."""
    draft = start_empty(product.connection, user)
    draft.tables[0]["rows"] = dump_tables([Table(rows=[product_row(product)])])[0]["rows"]
    return draft


def product_row(product: Product) -> Row:
    """Return what is known of a product as a row; unknown amounts stay empty."""
    about = to_text(product.descr_short or "")
    rate = product.vat_group.vat if product.vat_group else None
    return Row(
        text=f"{product.name}\n{about}" if about and about != product.name else product.name,
        price=write_number(product.price),
        vat=write_number(rate),
        optional=bool(product.is_optional),
    )


def copy_proposal(proposal: Proposal, user: User, clean: Clean) -> tuple[Draft, list[str]]:
    """Return a draft like a proposal, rows included, and notes on what could not be copied.

    `clean` makes HTML safe. Offorte returns neither the proposal's template nor who was chosen before it was sent.
    """
    draft = start_empty(proposal.connection, user)
    draft.name, draft.company_remote_id = proposal.name, proposal.company_remote_id
    draft.design_template_remote_id = proposal.design_template_remote_id or draft.design_template_remote_id
    draft.text_template_remote_id = proposal.text_template_remote_id or draft.text_template_remote_id
    emails = [receiver.email.lower() for receiver in proposal.receivers.all() if receiver.email]
    people = find_people(proposal.connection_id, [draft.company_remote_id or 0])
    draft.contacts = [person.remote_id for person in people.exclude(email="") if person.email.lower() in emails]
    tables, notes = copy_tables(proposal, clean)
    if tables:
        draft.tables = dump_tables(tables)
    return draft, notes


def copy_tables(proposal: Proposal, clean: Clean) -> tuple[list[Table], list[str]]:
    """Return the price tables of a proposal, and notes on what could not be copied. `clean` makes HTML safe."""
    copier = _Copier(clean)
    return [copier.table(table) for table in proposal.price_tables.prefetch_related("rows")], copier.notes


class _Copier:
    def __init__(self, clean: Clean) -> None:
        self.clean = clean
        self.notes: list[str] = []

    def table(self, table: PriceTable) -> Table:
        vat = Vat.HIDDEN if table.is_vat_hidden else Vat.WITHIN if table.rows_include_vat else Vat.ON_TOP
        copied = Table(table.key, vat)
        for row in table.rows.all():
            copied.rows.append(self._row(row, copied, table))
        return copied

    def _row(self, row: PriceRow, before: Table, table: PriceTable) -> Row:
        html = str(self.clean(row.content))
        copied = Row(row.type or PriceRow.Type.PRICE, to_text(html), html if is_formatted(html) else "")
        if copied.type == "discount":
            return self._discount(row, copied, before, table)
        if copied.type == "price":
            copied.count, copied.price = write_number(row.count), write_number(row.price)
            copied.vat = write_number(row.vat_percentage)
            copied.optional, copied.checked = bool(row.userinput_optional), bool(row.userinput_optional_checked)
            copied.user_count = bool(row.userinput_count)
            if row.discount:
                text = _("“%s” had its own discount, which can’t be copied. It’s here at the full price.")
                self.notes.append(text % _short(copied.text))
        return copied

    def _discount(self, row: PriceRow, copied: Row, before: Table, table: PriceTable) -> Row:
        """Return a percentage as one. An amount becomes a negative price, as Offorte accepts no other."""
        if not is_amount(row, before):
            copied.discount = write_number(row.discount)
            return copied
        self.notes.append(
            _(
                "“%s” is a discount of a fixed amount, which can’t be copied as a discount. It’s here as a "
                "negative price."
            )
            % _short(copied.text)
        )
        rates = [earlier_row.vat for earlier_row in before.rows if earlier_row.type == "price" and earlier_row.vat]
        off = abs(row.discount if row.discount is not None else row.subtotal or Decimal(0))
        copied.type, copied.count, copied.price = "price", "1", write_number(-off)
        copied.vat = rates[0] if rates else write_number(table.vat_default_percentage)
        return copied


def is_amount(row: PriceRow, before: Table) -> bool:
    """Return whether a discount row takes off an amount, judged by what it took off if Offorte doesn't say."""
    if row.discount_type or row.discount is None or row.subtotal is None:
        return row.discount_type == "amount" or (row.discount is None and row.subtotal is not None)
    lines = [line for earlier_row in before.rows if (line := earlier_row.line())]
    as_percentage = add_up([*lines, PricedRow("discount", discount=row.discount)], before.vat).rows[-1]
    return abs(row.subtotal) == abs(row.discount) and abs(as_percentage or Decimal(0)) != abs(row.subtotal)


def suggest_ids(connection: Connection) -> list[str]:
    """Return unique ids of price tables in the account's latest proposals, the most common first."""
    latest = Proposal.objects.present().filter(connection=connection).order_by("-remote_id")
    keys = list(latest.values_list("pk", flat=True)[:LOOKED_THROUGH])
    found = list(PriceTable.objects.filter(proposal__in=keys).values_list("key", flat=True))
    return sorted(set(filter(None, found)), key=lambda key: (-found.count(key), key))[:MOST_IDS]


def write_number(number: Decimal | None) -> str:
    """Return an amount as drafts store it; "" if it is unknown."""
    return "" if number is None else format(number.normalize(), "f")


def _short(text: str) -> str:
    line = text.split("\n", 1)[0]
    return line if len(line) <= 60 else f"{line[:59]}…"
