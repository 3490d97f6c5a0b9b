"""Plans how quotes of other systems are copied to Offorte: which of them can be, and as what. Changes nothing."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, override

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.other_systems.models import ImportedQuote, PartyMatch, QuoteRow
from offorte_portal.other_systems.reasons import CopyReason
from offorte_portal.other_systems.systems.notes import KINDS
from offorte_portal.staff.access import REASSIGN, find_owner
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation
from proposals.languages import usual_language, write_date
from proposals.models import AccountUser

CENT = Decimal("0.01")
# States of operations that ended without creating anything, and may be sent again.
UNMADE = (Operation.State.REJECTED, Operation.State.FAILED, Operation.State.CANCELLED, Operation.State.SKIPPED)


@dataclass(frozen=True)
class Choice:
    """A person's choices for all quotes. Ids are Offorte's; None leaves the choice to Offorte."""

    connection: Connection
    price_table: str
    currency: str
    default_vat: Decimal
    owner_id: int | None = None
    proposal_template_id: int | None = None
    design_template_id: int | None = None
    text_template_id: int | None = None
    makes_unknown_customers: bool = False
    takes_other_currencies: bool = False
    keeps_texts: bool = True


class Decided(StrEnum):
    """How a quote was decided in the other system, which a person should know before it becomes a draft again."""

    ACCEPTED = "accepted"
    LOST = "lost"
    CLOSED = "closed"
    EXPIRED = "expired"


class Loss(StrEnum):
    """What a copy can't keep, because Offorte takes no such thing with a new proposal."""

    VALID_UNTIL = "valid_until"
    TEXTS = "texts"
    DOCUMENTS = "documents"
    ARTICLES = "articles"
    INTERNAL_NOTE = "internal_note"
    PEOPLE = "people"


@dataclass
class Plan:
    """The plan for one quote: why it is left out, or the customer, people, rows and owner of its copy."""

    quote: ImportedQuote
    skip_reason: Reason | None = None
    company: PartyMatch | None = None
    people: list[PartyMatch] = field(default_factory=list)
    is_company_new: bool = False
    rows: list[dict[str, Any]] = field(default_factory=list)
    # What the quote says besides its rows, as headings above them.
    titles: list[dict[str, Any]] = field(default_factory=list)
    owner_id: int | None = None
    decided: Decided | None = None
    losses: list[Loss] = field(default_factory=list)

    @property
    def note_codes(self) -> list[str]:
        """The codes of the quote's notes, which a person has to read before the quote is copied."""
        return [note["code"] for note in self.quote.notes if note["code"] in KINDS]


def plan(quotes: Sequence[ImportedQuote], choice: Choice, *, by: User) -> list[Plan]:
    """Return the plans for these quotes, in their order, as this person may copy them.

    Owners are found by their e-mail addresses, else the chosen one is taken; but a person who may not assign proposals
    to others gets all copies.
    """
    write = TitleWriter(choice.connection)
    if not by.has_perm(REASSIGN):
        own = find_owner(choice.connection.pk, by)
        return [_plan(quote, choice, own, write) for quote in quotes]
    users = AccountUser.objects.present().filter(connection=choice.connection).exclude(email="")
    found: dict[str, set[int]] = defaultdict(set)
    for email, remote_id in users.values_list("email", "remote_id"):
        found[email.lower()].add(remote_id)
    # An address that several users share names none of them.
    owners = {email: ids.pop() for email, ids in found.items() if len(ids) == 1}
    return [_plan(quote, choice, owners.get(quote.owner_email.lower(), choice.owner_id), write) for quote in quotes]


def _plan(quote: ImportedQuote, choice: Choice, owner_id: int | None, write: "TitleWriter") -> Plan:
    reason = find_reason(quote, choice)
    decided = find_decision(quote)
    if reason:
        return Plan(quote, reason, decided=decided)
    company = quote.company
    named = list(quote.people.all())
    people = [person for person in named if person.details.get("email") and person.name]
    return Plan(
        quote,
        company=company,
        people=people,
        is_company_new=company is not None and known_id(company) is None,
        rows=[make_row(row, choice) for row in quote.rows.all()],
        titles=write.titles(quote) if choice.keeps_texts else [],
        owner_id=owner_id,
        decided=decided,
        losses=list(find_losses(quote, choice, people_left_out=len(named) > len(people))),
    )


def find_decision(quote: ImportedQuote) -> Decided | None:
    """Return how the quote was decided in the other system; None where it still is a draft or open."""
    status = ImportedQuote.Status
    if quote.status == status.WON or quote.accepted_at is not None:
        return Decided.ACCEPTED
    if quote.status in {status.LOST, status.CLOSED}:
        return Decided.LOST if quote.status == status.LOST else Decided.CLOSED
    is_over = quote.valid_until is not None and quote.valid_until < timezone.localdate(ports.now())
    return Decided.EXPIRED if is_over else None


def find_losses(quote: ImportedQuote, choice: Choice, *, people_left_out: bool) -> Iterator[Loss]:
    """Yield what the quote has that its copy won't have."""
    if quote.valid_until and choice.keeps_texts:
        yield Loss.VALID_UNTIL
    if not choice.keeps_texts and (quote.reference or quote.valid_until or quote.introduction):
        yield Loss.TEXTS
    if quote.documents:
        yield Loss.DOCUMENTS
    if any(row.article for row in quote.rows.all()):
        yield Loss.ARTICLES
    if quote.internal_note:
        yield Loss.INTERNAL_NOTE
    if people_left_out:
        yield Loss.PEOPLE


class TitleWriter:
    """Writes what a quote says besides its rows as headings for its price table, in the language of its customer.

    Offorte takes no reference, no date and no text with a new proposal, only rows (reference: Proposals, Create).
    """

    def __init__(self, connection: Connection) -> None:
        self.connection_id = connection.pk
        self._languages: dict[int | None, str] = {}

    def titles(self, quote: ImportedQuote) -> list[dict[str, Any]]:
        """Return a heading with reference and date, and one with the text; only those that the quote has."""
        facts = []
        if quote.reference or quote.valid_until:
            language = self._language(quote)
            with override(language):
                if quote.reference:
                    facts.append(gettext("Reference: %(reference)s") % {"reference": quote.reference})
                if quote.valid_until:
                    day = write_date(quote.valid_until, language)
                    facts.append(gettext("Valid until %(date)s") % {"date": day})
        paragraphs = [" · ".join(facts), quote.introduction.strip()]
        return [{"type": "title", "content": paragraphs_of(text)} for text in paragraphs if text]

    def _language(self, quote: ImportedQuote) -> str:
        company = known_id(quote.company) if quote.company else None
        if company not in self._languages:
            self._languages[company] = usual_language(self.connection_id, company)
        return self._languages[company]


def paragraphs_of(text: str) -> str:
    """Return text as HTML: a paragraph for each part between empty lines, and a line break for each line."""
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    lines = (format_html_join(mark_safe("<br>"), "{}", ((line,) for line in part.split("\n"))) for part in parts)
    return str(format_html_join("", "<p>{}</p>", ((part,) for part in lines)))


def can_be_copied(earlier: Operation | None) -> bool:
    """Return whether no earlier copy stands in the way: none was asked for, or it created nothing or is undone."""
    return earlier is None or earlier.state in {*UNMADE, Operation.State.UNDONE}


def find_reason(quote: ImportedQuote, choice: Choice) -> Reason | None:
    """Return why the quote can't be copied; None where it can."""
    if quote.created_with is not None and not can_be_copied(quote.created_with):
        states = {Operation.State.DONE: CopyReason.MADE, Operation.State.UNKNOWN: CopyReason.UNKNOWN}
        return states.get(Operation.State(quote.created_with.state), CopyReason.UNDER_WAY)()
    if quote.missing_since is not None:
        return CopyReason.GONE()
    if quote.has_blocking_notes:
        return CopyReason.BLOCKED()
    if quote.currency != choice.currency and not choice.takes_other_currencies:
        return CopyReason.OTHER_CURRENCY()
    return CopyReason.NOBODY() if quote.company is None else find_customer_reason(quote.company, choice)


def find_customer_reason(match: PartyMatch, choice: Choice) -> Reason | None:
    """Return why the quotes of this customer can't be copied; None where they can."""
    state = PartyMatch.State(match.state)
    is_new = state == PartyMatch.State.NEW or (state == PartyMatch.State.OPEN and choice.makes_unknown_customers)
    if is_new and match.created_with is None:
        return None if match.name else CopyReason.NAMELESS()
    if state not in {PartyMatch.State.CONFIRMED, PartyMatch.State.NEW} and match.created_with is None:
        return CopyReason.UNDECIDED()
    account = match.created_with.connection_id if match.created_with else match.connection_id
    return None if account == choice.connection.pk else CopyReason.OTHER_ACCOUNT()


def known_id(match: PartyMatch) -> int | None:
    """Return the customer's or person's id in Offorte if it was confirmed or created by the portal, else None."""
    if match.created_with is not None:
        return match.created_with.remote_id if match.created_with.state == Operation.State.DONE else None
    return match.remote_id if match.state == PartyMatch.State.CONFIRMED else None


def make_row(row: QuoteRow, choice: Choice) -> dict[str, Any]:
    """Return the price row for Offorte that has the line's own total, so that a discount is part of the price.

    Where no price in whole cents gives that total, the row has a count of 1 and the quantity is in its text.
    """
    total = row.total if row.total is not None else row.quantity * (row.price or Decimal(0))
    count = row.quantity
    price = (total / count).quantize(CENT, ROUND_HALF_UP) if count else None
    content = f"{row.description} ({row.unit})" if row.unit else row.description
    if price is None or price * count != total:
        quantity = f"{row.quantity.normalize():f} {row.unit}".strip()
        count, price, content = Decimal(1), total.quantize(CENT, ROUND_HALF_UP), f"{quantity} × {row.description}"
    vat = choice.default_vat if row.vat is None else row.vat
    return {
        "type": "price",
        "content": str(format_html("<p>{}</p>", content)),
        "count": number(count),
        "price": number(price),
        "vat_percentage": number(vat),
        "userinput_optional": False,
        "userinput_optional_checked": False,
        "userinput_count": False,
    }


def number(value: Decimal) -> str:
    """Return a number as text, without trailing zeros after the decimal point."""
    return f"{value.normalize():f}"


def company_draft(match: PartyMatch) -> dict[str, str]:
    """Return the draft of a company in Offorte for a customer; empty values are left out."""
    named = ("name", "email", "phone", "street", "zipcode", "city", "country", "vat_number", "coc_number")
    draft = {name: match.details.get(name, "") for name in named} | {"internet": match.details.get("website", "")}
    return {name: value for name, value in draft.items() if value}


def person_draft(match: PartyMatch) -> dict[str, str]:
    """Return the draft of a person in Offorte; empty values are left out."""
    draft = {"fullname": match.name} | {name: match.details.get(name, "") for name in ("email", "phone", "mobile")}
    return {name: value for name, value in draft.items() if value}
