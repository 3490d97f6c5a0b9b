"""The fields of a file of proposals and their statuses: those of our own exports, and what people call them."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy

from offorte_portal.files.imports.fields import ID, Field
from offorte_portal.files.reasons import ImportReason
from offorte_portal.runs.reasons import invalid
from offorte_portal.text.keys import match_key
from offorte_portal.tracking.models.loss import COMPETITOR_LENGTH, WORDS_LENGTH
from proposals.models import Proposal

Status = Proposal.Status
# What people write besides the names of the statuses in any language.
_ALSO = {
    Status.EDIT: ("edit", "in progress", "draft", "concept", "bewerken"),
    Status.OPEN: ("openstaand", "sent", "verstuurd", "verzonden"),
    Status.WON: ("accepted", "akkoord", "geaccepteerd", "gewonnen"),
    Status.LOST: ("declined", "rejected", "afgewezen", "verloren"),
    Status.CLOSED: ("gesloten", "afgesloten"),
}


def parse_status(text: str) -> str:
    """Return the status that has this name in any language. Raises ValidationError."""
    key = match_key(text)
    for status, also in _ALSO.items():
        if key == status or key in map(match_key, also) or key in _names(status):
            return status.value
    raise invalid(ImportReason.NO_STATUS(text=text[:80]))


def _names(status: Status) -> set[str]:
    names = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names.add(match_key(str(status.label)))
    return names


def parse_words(text: str) -> str:
    """Return the text as one line that an explanation has room for. Raises ValidationError."""
    return _fit(text, WORDS_LENGTH)


def parse_competitor(text: str) -> str:
    """Return the text as one line that a competitor's name has room for. Raises ValidationError."""
    return _fit(text, COMPETITOR_LENGTH)


def _fit(text: str, most: int) -> str:
    line = " ".join(text.replace("\0", "").split())
    if len(line) > most:
        raise invalid(ImportReason.TOO_LONG(most=most))
    return line


STATUSES = (
    ID,
    Field(
        name="number",
        label=gettext_lazy("Proposal number"),
        words=("number", "proposal number", "nummer", "offertenummer", "offerte nummer", "nr", "offerte nr"),
        example="2026-0042",
    ),
    Field(
        name="name",
        label=gettext_lazy("Proposal name"),
        words=("proposal", "proposal name", "name", "subject", "offerte", "offertenaam", "naam", "onderwerp"),
        example="Onderhoud 2027",
    ),
    Field(
        name="status",
        label=gettext_lazy("Status"),
        words=("status", "state", "stage", "stand", "fase", "uitkomst", "outcome"),
        parse=parse_status,
        is_required=True,
        example="Verloren",
    ),
    Field(
        name="lost_reason",
        label=gettext_lazy("Lost reason"),
        words=(
            "lost reason", "reason", "reason lost", "loss reason", "why lost", "reason for loss", "closed lost reason",
            "reden van verlies", "verliesreden", "reden verloren", "reden verlies", "reden", "afwijsreden",
            "reden van afwijzing", "reden afwijzing",
        ),
        parse=parse_competitor,
        example="Te duur",
    ),
    Field(
        name="competitor",
        label=gettext_lazy("Competitor"),
        words=("competitor", "lost to", "concurrent", "concurrentie", "verloren aan", "winner"),
        parse=parse_competitor,
        example="Bouwcombinatie Zuid",
    ),
    Field(
        name="lost_words",
        label=gettext_lazy("Lost note"),
        words=(
            "lost note", "note", "explanation of the loss", "explanation", "toelichting", "toelichting bij het verlies",
            "toelichting verlies", "uitleg", "opmerking", "notitie", "notitie verlies",
        ),
        parse=parse_words,
        example="Het andere voorstel was 10% lager",
    ),
)  # fmt: skip
