"""The card with team notes on the pages of a proposal, a company and a person."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse

from offorte_portal.adminkit.additions import RecordPanel
from offorte_portal.adminkit.formstate import FormState
from offorte_portal.adminkit.records import may_see
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.tracking import notes
from offorte_portal.tracking.forms import NoteForm
from offorte_portal.tracking.models import Note
from offorte_portal.tracking.notes import Subject

ANCHOR = "notes"
# What a card shows at once, and with the folded ones; all have a page of their own.
AT_ONCE, SHOWN = 5, 50
# What addresses call the records, by model.
KINDS = {"proposal": "proposals", "company": "companies", "person": "people"}


class New(NamedTuple):
    """The form of a new note about a record."""

    form: NoteForm
    state: FormState
    url: str
    # What the browser keeps typed text under.
    draft_name: str

    @property
    def form_state(self) -> str:
        """The hidden field."""
        return self.state.write()


class Shown(NamedTuple):
    """A note as a page shows it."""

    note: Note
    may_change: bool


def mark_row(model: str) -> dict[str, Exists]:
    """Return what is read with a record of this model ("company"), so that most cost `show_card` no query."""
    return {"has_notes": Exists(Note.objects.filter(**{model: OuterRef("pk")}))}


def show_card(request: HttpRequest, row: Any) -> RecordPanel | None:
    """Return the card of a record's notes, with a form for a new one. One query; none for a row read without notes."""
    user = staff_user(request)
    if not user.has_perm(notes.VIEW) or not may_see(user, type(row)):
        return None
    are_there = getattr(row, "has_notes", True)
    found = list(notes.about(row).select_related("author", "edited_by")[: SHOWN + 1]) if are_there else []
    shown = show_notes(user, found[:SHOWN])
    context = {
        "anchor": ANCHOR,
        "recent": shown[:AT_ONCE],
        "earlier": shown[AT_ONCE:],
        "all_url": all_url(row) if len(found) > SHOWN else "",
        "new": new_form(request, row),
    }
    return RecordPanel("tracking/_notes_card.html", context)


def show_notes(user: User, found: Iterable[Note]) -> list[Shown]:
    return [Shown(note, notes.may_change(user, note)) for note in found]


def new_form(request: HttpRequest, row: Subject) -> New | None:
    """Return the form of a new note; None if the person may not add one, or Offorte has deleted the record."""
    user = staff_user(request)
    if not user.has_perm(notes.ADD) or row.removed_at is not None:
        return None
    name = f"note:{KINDS[str(row._meta.model_name)]}:{row.pk}"
    return New(NoteForm(), FormState(name, {}), all_url(row), f"{name}:{user.pk}")


def all_url(row: Subject) -> str:
    """Return the address of the page with all notes about a record."""
    return reverse("notes", args=[KINDS[str(row._meta.model_name)], row.pk])
