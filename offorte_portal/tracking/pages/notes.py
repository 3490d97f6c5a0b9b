"""Team notes: all of a record, and writing, editing, pinning and deleting them."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from contacts.models import Company, Person
from offorte_portal.adminkit.editing import SAVED_COOKIE
from offorte_portal.adminkit.formstate import FormState
from offorte_portal.adminkit.records import may_see, record_url
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.tracking import notes
from offorte_portal.tracking.forms import NoteForm
from offorte_portal.tracking.models import Note
from offorte_portal.tracking.notes import Subject
from offorte_portal.tracking.pages import note_cards
from proposals.models import Proposal

KINDS: dict[str, type[Proposal] | type[Company] | type[Person]] = {
    "proposals": Proposal,
    "companies": Company,
    "people": Person,
}
A_PAGE = 50


@staff_view(notes.VIEW, methods=["GET", "HEAD", "POST"])
def show_notes(request: StaffRequest, kind: str, pk: int) -> HttpResponse:
    """Show all notes about a record, and add one."""
    row = find_subject(request, kind, pk)
    new = note_cards.new_form(request, row)
    if request.method == "POST":
        if new is None:
            raise PermissionDenied
        state = FormState.read(request.POST.get("form_state", ""), new.state.of)
        form = NoteForm(request.POST)
        if state is None:
            form.add_error("text", _("This form is no longer valid. Check your note and save it again."))
        if state and form.is_valid():
            notes.add(row, form.cleaned_data["text"], by=request.user, key=state.key)
            return _leave(request, row, _("Note added."), new.draft_name)
        new = new._replace(form=form, state=state or new.state)
    page = Paginator(notes.about(row).select_related("author", "edited_by"), A_PAGE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": _("Notes about “%s”") % row,
        "row": row,
        "back_url": record_url(request.user, row),
        "page": page,
        "notes": note_cards.show_notes(request.user, list(page.object_list)),
        "new": new,
    }
    return render(request, "tracking/notes.html", context)


@staff_view(notes.CHANGE, methods=["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change the text of a note; say so where somebody else has changed or deleted it meanwhile."""
    if request.method == "POST" and not Note.objects.filter(pk=pk).exists():
        form = NoteForm(request.POST, rows=8)
        form.add_error("text", _("This note was deleted in the meantime. Copy your text if you still need it."))
        return _ask(request, None, form, FormState(f"note:{pk}", {}), status=404)
    note = find(request, pk)
    state = FormState(f"note:{pk}", {"version": note.version})
    if request.method != "POST":
        return _ask(request, note, NoteForm(text=note.text, rows=8), state)
    opened = FormState.read(request.POST.get("form_state", ""), state.of)
    form = NoteForm(request.POST, rows=8)
    if opened is None:
        form.add_error("text", _("This form is no longer valid. Check your note and save it again."))
    if opened is None or not form.is_valid():
        return _ask(request, note, form, opened or state)
    text = form.cleaned_data["text"]
    if text == note.text or notes.edit(note, text, by=request.user, version=opened.opened["version"]):
        return _leave(request, _subject(note), _("Note saved."), _draft_name(request, pk))
    form.add_error("text", _("This note was changed while you were writing. Save again to replace the text below."))
    return _ask(request, note, form, state, theirs=note.text)


@staff_view(notes.CHANGE, methods=["GET", "HEAD", "POST"])
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask whether to delete a note, then delete it."""
    note = find(request, pk)
    row = _subject(note)
    if request.method == "POST":
        note.delete()
        return _leave(request, row, _("Note deleted."))
    context = {
        **admin.site.each_context(request),
        "title": _("Delete this note?"),
        "note": note,
        "back_url": _home(request, row),
    }
    return render(request, "tracking/note_delete.html", context)


@staff_view(notes.CHANGE, methods=["POST"])
def pin(request: StaffRequest, pk: int) -> HttpResponse:
    """Pin a note above the others, or unpin it (`pin` is "0")."""
    note = find(request, pk)
    notes.pin(note, request.POST.get("pin") != "0")
    return redirect(_home(request, _subject(note)))


def find_subject(request: StaffRequest, kind: str, pk: int) -> Subject:
    """Return the record. Raises Http404 where there is none, PermissionDenied where the person may not see such."""
    model = KINDS.get(kind)
    if model is None:
        raise Http404
    if not may_see(request.user, model):
        raise PermissionDenied
    return cast(Subject, get_object_or_404(model._default_manager.defer("payload", "search_text"), pk=pk))


def find(request: StaffRequest, pk: int) -> Note:
    """Return the note. Raises PermissionDenied unless the person may change it and see the record that it is about."""
    wide = [f"{name}__{column}" for name in ("proposal", "company", "person") for column in ("payload", "search_text")]
    rows = Note.objects.select_related("proposal", "company", "person", "author", "edited_by").defer(*wide)
    note = get_object_or_404(rows, pk=pk)
    if not notes.may_change(request.user, note) or not may_see(request.user, type(_subject(note))):
        raise PermissionDenied
    return note


def _ask(
    request: StaffRequest, note: Note | None, form: NoteForm, state: FormState, *, theirs: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Edit note"),
        "note": note,
        "form": form,
        "form_state": state.write(),
        "theirs": theirs,
        "draft_name": _draft_name(request, note.pk) if note else "",
        "back_url": _home(request, _subject(note)) if note else "/",
    }
    return render(request, "tracking/note.html", context, status=status)


def _subject(note: Note) -> Subject:
    row = note.subject
    if row is None:
        raise Http404
    return row


def _home(request: HttpRequest, row: Subject) -> str:
    return f"{record_url(request.user, row)}#{note_cards.ANCHOR}"


def _draft_name(request: StaffRequest, pk: int) -> str:
    return f"note:{pk}:{request.user.pk}"


def _leave(request: StaffRequest, row: Subject, text: str, draft_name: str = "") -> HttpResponse:
    """Return to the record, whose page drops what the browser keeps of the form."""
    messages.success(request, text)
    response = redirect(_home(request, row))
    if draft_name:
        response.set_cookie(SAVED_COOKIE, draft_name, max_age=300, samesite="Lax")
    return response


note_urls = [
    path("<str:kind>/<int:pk>/", show_notes, name="notes"),
    path("<int:pk>/", edit, name="note_edit"),
    path("<int:pk>/delete/", delete, name="note_delete"),
    path("<int:pk>/pin/", pin, name="note_pin"),
]
