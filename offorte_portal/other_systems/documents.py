"""Documents of imported quotes, downloaded when a person asks for one. Their addresses are never shown."""

from offorte_portal.other_systems.models import ImportedQuote
from offorte_portal.other_systems.opening import open_reader
from offorte_portal.other_systems.systems.errors import Missing
from offorte_portal.other_systems.systems.http import File


def fetch(quote: ImportedQuote, place: int) -> tuple[str, File]:
    """Return the name and content of the quote's document at this place, counted from 0. Raises SourceError."""
    if not 0 <= place < len(quote.documents):
        raise Missing
    document = quote.documents[place]
    with open_reader(quote.source) as reader:
        return str(document["name"]), reader.download(str(document["key"]))
