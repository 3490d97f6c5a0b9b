"""Team notes: what the team keeps about a proposal, a company or a person. Offorte never gets them."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery

from contacts.models import Company, Person
from offorte_portal import ports
from offorte_portal.tracking.models import Note
from proposals.models import Proposal

Subject = Proposal | Company | Person
ADD, CHANGE, VIEW = "tracking.add_note", "tracking.change_note", "tracking.view_note"
# Without this permission, people may change only the notes that they wrote.
OTHERS = "tracking.change_others_notes"


def about(row: Subject) -> QuerySet[Note]:
    """Return the notes about a row, pinned ones first, then the newest."""
    return Note.objects.filter(**_of(row)).order_by("-is_pinned", "-created_at", "-pk")


def may_change(user: User, note: Note) -> bool:
    """Return whether the person may edit, pin and delete the note: it is theirs, or they may do so with all."""
    return user.has_perm(CHANGE) and (note.author_id == user.pk or user.has_perm(OTHERS))


def add(row: Subject, text: str, *, by: User, key: UUID) -> Note:
    """Keep a note about a row. The same `key` twice keeps it once."""
    known = {**_of(row), "connection_id": row.connection_id, "text": text, "author": by}
    note, _is_new = Note.objects.get_or_create(key=key, defaults=known)
    return note


def edit(note: Note, text: str, *, by: User, version: int) -> bool:
    """Replace the text that had this version; return False if it has another one by now, or is gone."""
    found = Note.objects.filter(pk=note.pk, version=version)
    return bool(found.update(text=text, edited_by=by, edited_at=ports.now(), version=F("version") + 1))


def pin(note: Note, is_pinned: bool) -> None:
    Note.objects.filter(pk=note.pk).update(is_pinned=is_pinned)


def move(found: QuerySet[Note], row: Subject) -> int:
    """Let these notes be about another row of the account; return how many."""
    return found.update(**{"proposal": None, "company": None, "person": None, **_of(row)})


def prefetch_latest() -> Prefetch[Any]:
    """Return how proposals are read with their newest note, as `latest_notes`."""
    newest = Note.objects.filter(proposal=OuterRef("proposal")).order_by("-created_at", "-pk")
    rows = Note.objects.filter(pk=Subquery(newest.values("pk")[:1]))
    return Prefetch("notes", rows.select_related("author"), to_attr="latest_notes")


def latest(proposal: Proposal) -> Note | None:
    """Return the newest note of a proposal that was read with `prefetch_latest`."""
    found: list[Note] = getattr(proposal, "latest_notes", [])
    return found[0] if found else None


def _of(row: Subject) -> dict[str, Subject]:
    return {str(row._meta.model_name): row}
