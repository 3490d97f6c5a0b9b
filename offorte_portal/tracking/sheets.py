"""Why proposals were lost, and their newest team notes, in exported files."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from offorte_portal.files.exports.sheets import Column, ColumnKind, extend
from offorte_portal.tracking import losses, notes
from proposals.models import Proposal


def reason(proposal: Proposal) -> str | None:
    """Return the reason from the list; None where none is given."""
    loss = losses.loaded(proposal)
    return str(loss.reason) if loss and loss.reason else None


def words(proposal: Proposal) -> str | None:
    loss = losses.loaded(proposal)
    return loss.words or None if loss else None


def competitor(proposal: Proposal) -> str | None:
    loss = losses.loaded(proposal)
    return loss.competitor or None if loss else None


def last_note(proposal: Proposal) -> str | None:
    note = notes.latest(proposal)
    return note.text if note else None


def last_note_at(proposal: Proposal) -> datetime | None:
    note = notes.latest(proposal)
    return note.created_at if note else None


extend(
    "proposals.proposal",
    Column("lost_reason", _("Lost reason"), reason, cell="lost_reason", prefetch=losses.prefetch),
    Column("lost_words", _("Explanation of the loss"), words, ColumnKind.LONG, prefetch=losses.prefetch),
    Column("competitor", _("Competitor"), competitor, cell="competitor", prefetch=losses.prefetch),
    Column(
        "last_note",
        _("Last note"),
        last_note,
        ColumnKind.LONG,
        cell="last_note",
        prefetch=notes.prefetch_latest,
        permission=notes.VIEW,
    ),
    Column(
        "last_note_at",
        _("Date of the last note"),
        last_note_at,
        ColumnKind.MOMENT,
        cell="last_note",
        prefetch=notes.prefetch_latest,
        permission=notes.VIEW,
    ),
    after="open_days",
)
