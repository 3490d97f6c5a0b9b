"""The sheets for exporting the quotes of other systems and their customers."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from offorte_portal.files.exports.columns import linked, told
from offorte_portal.files.exports.sheets import Column, ColumnKind, Sheet, register
from offorte_portal.other_systems.models import ImportedQuote, PartyMatch
from offorte_portal.other_systems.parties import count_quotes
from offorte_portal.writes.models import Operation


def match_state(quote: ImportedQuote) -> str | None:
    """Return the state of the match of the quote's customer; None where it has no customer."""
    return None if quote.company is None else str(quote.company.get_state_display())


def made(quote: ImportedQuote) -> str | None:
    """Return how far copying the quote to Offorte has got; None where it was not asked for."""
    operation = quote.created_with
    if operation is None:
        return None
    return str(_("Copied")) if operation.state == Operation.State.DONE else str(operation.get_state_display())


SHEETS = (
    Sheet(
        ImportedQuote,
        (
            told(ImportedQuote, "number", cell="title_cell"),
            told(ImportedQuote, "title", cell="title_cell", kind=ColumnKind.LONG),
            told(ImportedQuote, "company_name", cell="title_cell"),
            told(ImportedQuote, "status", cell="status_pill"),
            told(ImportedQuote, "currency", cell="amount"),
            told(ImportedQuote, "total", cell="amount", kind=ColumnKind.MONEY),
            Column("customer", _("Customer"), match_state, reads=("company__state",), cell="customer"),
            told(ImportedQuote, "quoted_on", cell="quoted"),
            linked("source", _("System"), "system", "label", cell="system"),
            Column("made", _("In Offorte"), made, reads=("created_with__state",), cell="made"),
            told(ImportedQuote, "total_vat", kind=ColumnKind.MONEY),
            told(ImportedQuote, "owner_name"),
            told(ImportedQuote, "owner_email"),
            told(ImportedQuote, "reference"),
            *(
                told(ImportedQuote, name)
                for name in ("valid_until", "remote_created_at", "remote_updated_at", "sent_at", "accepted_at")
            ),
            *(told(ImportedQuote, name) for name in ("order_number", "ordered_on", "lost_reason", "status_text")),
            told(ImportedQuote, "external_id"),
        ),
    ),
    Sheet(
        PartyMatch,
        (
            told(PartyMatch, "name", cell="title_cell"),
            Column("city", _("City"), lambda match: match.details.get("city"), reads=("details",), cell="title_cell"),
            Column(
                "email", _("E-mail"), lambda match: match.details.get("email"), reads=("details",), cell="title_cell"
            ),
            told(PartyMatch, "kind"),
            told(PartyMatch, "state", cell="state_pill"),
            told(PartyMatch, "confidence", cell="certainty"),
            told(PartyMatch, "remote_id", cell="offorte_id"),
            Column(
                "quotes",
                pgettext_lazy("of another system", "Quotes"),
                lambda match: match.number_of_quotes,
                ColumnKind.NUMBER,
                cell="quote_number",
            ),
            linked("source", _("System"), "system", "label", cell="system"),
            told(PartyMatch, "decided_at"),
        ),
        count_quotes,
    ),
)

register(*SHEETS)
