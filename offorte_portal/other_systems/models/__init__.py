from offorte_portal.other_systems.models.moving import ListReading, MovedItem
from offorte_portal.other_systems.models.quote import ImportedQuote, PartyMatch, QuoteRow
from offorte_portal.other_systems.models.source import QuoteImport, Readable, Source, SourceRecord

__all__ = [
    "ImportedQuote",
    "ListReading",
    "MovedItem",
    "PartyMatch",
    "QuoteImport",
    "QuoteRow",
    "Readable",
    "Source",
    "SourceRecord",
]
