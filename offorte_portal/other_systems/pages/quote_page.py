"""The content of an imported quote's page: the mapped values on one side, the original answer on the other."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.adminkit import columns
from offorte_portal.adminkit.html import mail_link
from offorte_portal.adminkit.money import format_amount, write_amount
from offorte_portal.adminkit.pricing import show_tables
from offorte_portal.adminkit.records import (
    Fact,
    Person,
    fact,
    field_facts,
    join_lines,
    label_of,
    may_see,
    record_link,
)
from offorte_portal.adminkit.templatetags import portal
from offorte_portal.other_systems.copy_plan import can_be_copied
from offorte_portal.other_systems.matching import matched_row
from offorte_portal.other_systems.models import ImportedQuote, PartyMatch
from offorte_portal.other_systems.systems.notes import KINDS
from offorte_portal.runs.reasons import Reason, put_into_words
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

# The permissions that copying quotes to Offorte requires.
MAY_COPY = (
    "other_systems.copy_importedquote",
    "other_systems.view_importedquote",
    "proposals.add_proposal",
    "contacts.add_company",
    "contacts.add_person",
)
LONGEST_VALUE = 300


@dataclass(frozen=True)
class NoteText:
    """A note in the reader's language."""

    text: str
    is_blocking: bool


@dataclass(frozen=True)
class Party:
    """A customer or person of the other system, with its match in Offorte."""

    match: PartyMatch
    details: list[str]
    pill: str
    row: Any
    link: SafeString | None


PILLS = {"open": "edit", "proposed": "warn", "confirmed": "good", "new": "info"}


def money(amount: Decimal | None, currency: str) -> SafeString:
    """Return an amount in its own currency, which is always shown."""
    if amount is None:
        return columns.unknown()
    return format_html('<span class="money">{}</span>', write_amount(amount, currency))


def quote_context(request: HttpRequest, quote: ImportedQuote) -> dict[str, Any]:
    """Return the context of `other_systems/quote.html`."""
    today, proposal = timezone.localdate(ports.now()), find_proposal(quote)
    return {
        "quote": quote,
        "amount": money(quote.total, quote.currency),
        "notes": [note_text(note) for note in quote.notes],
        "rows": [_row(row) for row in quote.rows.all()],
        "vat": None if quote.total_vat is None else money(quote.total_vat, quote.currency),
        "facts": _facts(request, quote),
        "customer": None if quote.company is None else describe_party(request, quote.company),
        "people": [describe_party(request, person) for person in quote.people.all()],
        "original": list(flatten(json.loads(quote.raw))) if quote.raw else [],
        "is_expired": bool(quote.status == "open" and quote.valid_until and quote.valid_until < today),
        "proposal": proposal,
        "tables": show_tables(proposal.price_tables.all(), proposal.price_total_display) if proposal else [],
        "operation": quote.created_with,
        "may_match": request.user.has_perm("other_systems.match_importedquote"),
        "may_copy": (
            request.user.has_perms(MAY_COPY) and not quote.has_blocking_notes and can_be_copied(quote.created_with)
        ),
    }


def note_text(note: dict[str, Any]) -> NoteText:
    """Return a stored note in the reader's language; its code where its kind no longer exists."""
    kind = KINDS.get(note["code"])
    if kind is None:
        return NoteText(note["code"], is_blocking=False)
    values = {
        name: put_into_words(Reason.from_json(value)) if isinstance(value, dict) else value
        for name, value in note["values"].items()
    }
    # Notes that an earlier version has stored may lack a value.
    return NoteText((_(kind.text) % defaultdict(str, values)).strip(), kind.is_blocking)


def find_proposal(quote: ImportedQuote) -> Proposal | None:
    """Return the copy of the quote in Offorte; None where there is none, or the mirror does not have it."""
    operation = quote.created_with
    if operation is None or operation.state != Operation.State.DONE or operation.remote_id is None:
        return None
    found = Proposal.objects.filter(connection=operation.connection_id, remote_id=operation.remote_id)
    return found.prefetch_related("price_tables__rows").first()


def find_copied(proposal: Proposal) -> ImportedQuote | None:
    """Return the imported quote that the proposal is a copy of; None where there is none."""
    made = Operation.objects.filter(connection=proposal.connection_id, target="proposals", remote_id=proposal.remote_id)
    # The copying operation is looked up first, by its index; mostly there is none.
    found = list(
        made.filter(verb=Operation.Verb.CREATE).exclude(state=Operation.State.UNDONE).values_list("pk", flat=True)
    )
    return ImportedQuote.objects.select_related("source").filter(created_with__in=found).first() if found else None


def describe_copied(user: Person, proposal: Proposal) -> list[Fact]:
    """Return the quote that a proposal was copied from and how it was decided there, for the proposal's page."""
    is_ours = getattr(proposal, "was_created_here", True)
    quote = find_copied(proposal) if is_ours and may_see(user, ImportedQuote) else None
    if quote is None:
        return []
    lines = [record_link(user, quote), f"{quote.source} {quote.number}".strip(), describe_outcome(quote)]
    return [fact(_("Copied from"), join_lines(lines))]


def describe_outcome(quote: ImportedQuote) -> str:
    """Return the quote's status in the other system, with the order that it became or the reason why it was lost."""
    if quote.missing_since is not None:
        return _("No longer in %(system)s") % {"system": quote.source}
    status = quote.get_status_display()
    if quote.order_number:
        return _("%(status)s, order %(number)s") % {"status": status, "number": quote.order_number}
    return f"{status}: {quote.lost_reason}" if quote.lost_reason else status


def describe_party(request: HttpRequest, match: PartyMatch) -> Party:
    """Return a customer or person with its proposed or confirmed match."""
    row = matched_row(match)
    shown = ("email", "phone", "street", "zipcode", "city", "country", "vat_number", "coc_number", "title")
    details = [match.details[name] for name in shown if match.details.get(name)]
    return Party(match, details, PILLS[match.state], row, record_link(request.user, row) if row else None)


def party_facts(match: PartyMatch) -> list[Fact]:
    """Return the other system's values of a customer or person, without empty ones."""
    labels = {
        "title": _("Title"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "mobile": _("Mobile"),
        "website": _("Website"),
        "street": _("Street"),
        "zipcode": _("Zip code"),
        "city": _("City"),
        "country": _("Country"),
        "vat_number": _("VAT number"),
        "coc_number": _("Chamber of commerce number"),
    }
    return [fact(label, match.details[name]) for name, label in labels.items() if match.details.get(name)]


def _row(row: Any) -> dict[str, Any]:
    return {
        "description": row.description,
        "article": row.article,
        "quantity": f"{number_format(row.quantity.normalize(), use_l10n=True)} {row.unit}".strip(),
        "price": "—" if row.price is None else format_amount(row.price),
        "vat": "—" if row.vat is None else f"{number_format(row.vat.normalize(), use_l10n=True)}%",
        "amount": "—" if row.total is None else format_amount(row.total),
    }


def _facts(request: HttpRequest, quote: ImportedQuote) -> list[Fact]:
    facts = [
        fact(_("System"), record_link(request.user, quote.source)),
        fact(_("Total excluding VAT"), None if quote.total is None else money(quote.total, quote.currency)),
    ]
    if quote.total_vat is not None:
        facts.append(fact(_("VAT"), money(quote.total_vat, quote.currency)))
    facts += field_facts(quote, "number", "status_text", "owner_name")
    if quote.owner_email:
        facts.append(fact(_("Owner e-mail"), mail_link(quote.owner_email)))
    facts += field_facts(quote, "order_number", "lost_reason")
    days = (name for name in ("quoted_on", "valid_until", "ordered_on") if getattr(quote, name))
    facts += [fact(label_of(quote, name), date_format(getattr(quote, name), "SHORT_DATE_FORMAT")) for name in days]
    moments = ("sent_at", "accepted_at", "remote_created_at", "remote_updated_at")
    facts += field_facts(quote, *(name for name in moments if getattr(quote, name) is not None))
    facts += field_facts(quote, "reference", "external_id")
    if quote.read_at:
        facts.append(fact(_("Read"), portal.ago(quote.read_at)))
    return facts


def flatten(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the paths and values of an answer, for example "rows.0.price" and "695.00"; empty ones are left out."""
    if isinstance(data, dict | list):
        pairs = data.items() if isinstance(data, dict) else enumerate(data)
        for name, value in pairs:
            yield from flatten(value, f"{path}.{name}" if path else str(name))
    elif data not in (None, ""):
        yield path, str(data)[:LONGEST_VALUE]
