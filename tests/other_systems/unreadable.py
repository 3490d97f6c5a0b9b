"""What tests of unreadable answers have in common."""

from offorte_portal.other_systems.models import ImportedQuote, Source
from offorte_portal.other_systems.pages.quote_page import note_text

QUOTES = 24


# A customer of each system by its path, its id, and how many quotes name it.
CUSTOMERS = {
    "cirrus": (r"/cirrus/accounts/310", "310"),
    "fynn": (r"/fynn/customers/.*0500", "01J9ZK7Q4M0000000000000500"),
    "workspace": (r"/workspace/contacts/521\.json", "521"),
    "administrate": (r"/administrate/api/v2/crm/accounts/5", "5"),
}


def codes(quote: ImportedQuote) -> set[str]:
    return {note["code"] for note in quote.notes}


def noted(source: Source, code: str) -> dict[str, str]:
    """The notes of this kind in words, by quote."""
    quotes = [(quote, note) for quote in source.quotes.all() for note in quote.notes]
    return {quote.external_id: note_text(note).text for quote, note in quotes if note["code"] == code}
