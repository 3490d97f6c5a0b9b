"""The language of what goes to a client: the proposal's, whatever language the seller reads the portal in.

Offorte tells it with a proposal's details, and not for its templates. A proposal that has none yet gets that of the
company's newest proposals, or of the account's.
"""

from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language, override

from offorte_portal.text.languages import spoken
from proposals.models import Proposal

# The number of newest proposals that are searched for one with a language.
NEWEST = 50


def language_of(proposal: Proposal) -> str:
    """Return the language of a proposal, one of the portal's."""
    return spoken(proposal.language) or usual_language(proposal.connection_id, proposal.company_remote_id)


def usual_language(connection_id: int | None, company_remote_id: int | None = None) -> str:
    """Return the language in which this company gets proposals, else the account, else the active language."""
    found = ""
    known = Proposal.objects.present().filter(connection=connection_id).order_by("-remote_id")
    if connection_id is not None and company_remote_id is not None:
        found = _newest(known.filter(company__connection=connection_id, company__remote_id=company_remote_id))
    if connection_id is not None and not found:
        found = _newest(known)
    return found or get_language() or settings.LANGUAGE_CODE


def write_date(day: date, language: str) -> str:
    """Write a day as names of proposals have it."""
    with override(language):
        return date_format(day, "SHORT_DATE_FORMAT")


def _newest(proposals: QuerySet[Proposal]) -> str:
    languages = proposals.values_list("language", flat=True)[:NEWEST]
    return next((language for text in languages if (language := spoken(text))), "")
