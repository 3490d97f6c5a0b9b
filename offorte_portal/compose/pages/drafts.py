"""Composing a proposal: the form of a draft, from opening it to Offorte's answer."""

import json
import uuid
from typing import Any

from django.contrib import admin, messages
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import saving
from offorte_portal.adminkit.editing import SAVED_COOKIE
from offorte_portal.adminkit.formstate import FormState
from offorte_portal.adminkit.moments import naturaltime
from offorte_portal.adminkit.records import list_url, record_url
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.api.errors import Rejected
from offorte_portal.compose import drafts, sending, sources
from offorte_portal.compose.drafts import SavedMeanwhileError
from offorte_portal.compose.mapping import to_faults
from offorte_portal.compose.models import Draft
from offorte_portal.compose.pages.form import ComposeForm
from offorte_portal.compose.pages.many import compose_many_urls
from offorte_portal.compose.pages.options import offer_people, offer_products
from offorte_portal.compose.pages.preview import render_preview
from offorte_portal.compose.pages.start import ask_account, describe, find_currency, find_start, list_drafts
from offorte_portal.compose.reasons import DraftReason
from offorte_portal.compose.validation import Fault, find_faults
from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import RunReason
from offorte_portal.staff.access import may_act
from offorte_portal.waiting.marks import asks_elsewhere
from offorte_portal.writes import performing
from offorte_portal.writes.asking import name_of
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

State = Operation.State
# The type, the label of its text, and the placeholder while that is empty.
ROW_TYPES = (
    ("price", gettext_lazy("Description"), gettext_lazy("Product or service")),
    ("discount", gettext_lazy("Discount"), gettext_lazy("Reason for the discount")),
    ("subtotal", gettext_lazy("Subtotal"), gettext_lazy("Subtotal")),
    ("title", gettext_lazy("Title"), gettext_lazy("Heading")),
)

SAVING = gettext_lazy("Saving…")
# The value of the button that creates the proposal and goes on to its page to send it.
SEND = "send"


@asks_elsewhere(SAVING, is_kept=True)
@staff_view(drafts.PERMISSION, methods=["GET", "HEAD", "POST"])
def new_draft(request: StaffRequest) -> HttpResponse:
    """Show the form of a proposal that starts from what the address names."""
    start = find_start(request)
    if start is None:
        return ask_account(request)
    return _Composer(request, start.draft, source=start.source, notes=start.notes).respond()


@asks_elsewhere(SAVING, is_kept=True)
@staff_view(drafts.PERMISSION, methods=["GET", "HEAD", "POST"])
def edit_draft(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the form of a draft, or go on to the proposal that it has become.

    What somebody has typed is shown again, whatever has happened to the draft in the meantime.
    """
    draft = _drafts(request).filter(pk=pk).first()
    typed = FormState.read(request.POST.get("form_state", ""), f"draft:{pk}") if request.method == "POST" else None
    if draft is None:
        # It is gone or no longer shared: what was typed is shown as a new draft.
        account = typed.opened.get("account") if typed else None
        connection = get_object_or_404(Connection, pk=account or 0)
        composer = _Composer(request, Draft(connection=connection), source=f"account-{connection.pk}")
        form = composer.make_form(request.POST)
        text = _(
            "This draft was discarded or is no longer shared with you. What you wrote is still in the form: save "
            "it as a new draft."
        )
        form.add_error(None, text)
        return composer.show(form, composer.open())
    # The form that created the proposal leads there if sent twice; what others have typed is shown to them again.
    is_lost = typed is not None and typed.key != draft.saved_key
    if drafts.is_open(draft) or is_lost:
        return _Composer(request, draft).respond()
    operation = draft.operation
    if operation and operation.state == State.DONE:
        row = _find_created(draft, operation)
        messages.info(request, _("“%s” was created from this draft.") % draft)
        return redirect(_next_url(request, row))
    messages.warning(request, _("“%s” is being created in Offorte and can’t be changed right now.") % draft)
    return redirect(record_url(request.user, operation) or reverse("compose_drafts"))


@staff_view(drafts.PERMISSION, methods=["POST"])
def delete_draft(request: StaffRequest, pk: int) -> HttpResponse:
    draft = get_object_or_404(_drafts(request), pk=pk)
    if drafts.delete(draft):
        messages.success(request, _("Draft “%s” discarded.") % draft)
    else:
        messages.error(
            request, _("“%s” is being created in Offorte or is already there, so you can’t discard the draft.") % draft
        )
    return redirect("compose_drafts")


def _find_created(draft: Draft, operation: Operation) -> Proposal | None:
    return Proposal.objects.filter(connection=draft.connection, remote_id=operation.remote_id or 0).first()


def _next_url(request: StaffRequest, row: Proposal | None) -> str:
    """Return where a created proposal leads: to sending it if that was asked for, else to its record."""
    if row and request.POST.get("create") == SEND and may_act(request.user, sending.PERMISSION, row):
        return reverse("send", args=[row.pk])
    return record_url(request.user, row) or reverse("compose_drafts")


def _drafts(request: StaffRequest) -> QuerySet[Draft]:
    return drafts.visible(request.user).select_related("connection", "operation", "saved_by")


class _Composer:
    """One request for the form of a draft, saved or not."""

    def __init__(
        self, request: StaffRequest, draft: Draft, *, source: str = "", notes: list[str] | None = None
    ) -> None:
        self.request, self.draft, self.source = request, draft, source
        self.user = request.user
        self.notes = notes or []
        self.of = f"draft:{draft.pk or f'new in {draft.connection_id}'}"
        self.draft_name = f"{self.user.pk}:compose:{draft.pk or source}"
        self.is_conflict = False

    def respond(self) -> HttpResponse:
        """Return the form (GET), or its outcome (POST)."""
        state = FormState.read(self.request.POST.get("form_state", ""), self.of)
        if self.request.method != "POST":
            return self.show(self.make_form(None), self.open(), self._reasons())
        form = self.make_form(self.request.POST)
        if "preview" in self.request.POST:
            return self.preview(form)
        if state is None:
            form.add_error(None, _("This form is no longer valid. Check your changes and save again."))
            return self.show(form, self.open())
        return self.check(form, state)

    def open(self) -> FormState:
        """Return the form's state for the draft as it is now."""
        return FormState(self.of, self.opened(self.draft.version))

    def opened(self, version: int) -> dict[str, int]:
        """Return the version and the account that the form was opened with."""
        return {"version": version, "account": self.draft.connection_id}

    def make_form(self, data: Any) -> ComposeForm:
        return ComposeForm(data, draft=self.draft, user=self.user)

    def _reasons(self) -> list[Fault]:
        """Return the reasons why Offorte did not accept the draft the last time."""
        operation = self.draft.operation
        if operation is None or operation.state not in drafts.UNMADE:
            return []
        faults = to_faults(self.draft, operation.field_errors)
        reasons = [Fault(fault.place, DraftReason.OFFORTE_SAID(text=fault.text)) for fault in faults]
        return reasons or [Fault("", RunReason.SAID(text=str(saving.reason(operation))))]

    def check(self, form: ComposeForm, state: FormState) -> HttpResponse:
        """Save the form, then do what the button says."""
        if not form.is_valid():
            return self.show(form, state)
        if seen := self.request.POST.get("overwrite", ""):
            state = state.renewed(opened=self.opened(int(seen) if seen.isdecimal() and len(seen) < 9 else 0))
        try:
            saved = self.keep(form, state)
        except SavedMeanwhileError:
            self.is_conflict = True
            return self.show(form, state)
        except OperationalError as error:
            form.add_error(None, str(saving.BusyError(error)))
            return self.show(form, state)
        if "create" in self.request.POST:
            return self.create(saved)
        messages.success(self.request, _("Draft saved. Nothing was sent to Offorte."))
        return self._forget_copy(redirect("compose_draft", saved.pk))

    def preview(self, form: ComposeForm) -> HttpResponse:
        """Return the form's draft as its recipients will read it, as a fragment. Saves and sends nothing."""
        if not form.is_valid():
            return render(self.request, "compose/_preview_faults.html", {"form": form})
        draft = Draft(connection=self.draft.connection, **form.values())
        return HttpResponse(render_preview(draft, find_currency(draft.connection)))

    def keep(self, form: ComposeForm, state: FormState) -> Draft:
        """Save the form into its draft, or into a new one. Raises SavedMeanwhileError."""
        values = form.values()
        if self.draft.pk and "copy" not in self.request.POST:
            version = int(state.opened["version"])
            return drafts.save(self.draft, values, version=version, key=state.key, by=self.user)
        key = uuid.uuid5(state.key, "copy") if "copy" in self.request.POST else state.key
        return drafts.begin(Draft(connection=self.draft.connection, **values), key=key, by=self.user)

    def create(self, draft: Draft) -> HttpResponse:
        """Create the proposal; show the form with its faults if something is missing."""
        composer = _Composer(self.request, draft)
        faults = find_faults(draft, self.user)
        if not faults:
            try:
                operation = drafts.ask_for(draft, by=self.user)
            except SavedMeanwhileError:
                composer.is_conflict = True
            except Rejected as error:
                faults = to_faults(draft, error.field_errors) or [Fault("", error.reason)]
            else:
                return composer.answer(performing.perform(operation))
        return self._forget_copy(composer.show(composer.make_form(None), composer.open(), faults))

    def answer(self, operation: Operation) -> HttpResponse:
        """Go on to the proposal if it exists or will; show the form again if Offorte did not accept it."""
        if operation.state in drafts.UNMADE:
            self.draft.operation = operation
            return self._forget_copy(self.show(self.make_form(None), self.open(), self._reasons()))
        row = _find_created(self.draft, operation)
        url = _next_url(self.request, row)
        if operation.state != State.DONE or row is None:
            saving.tell(self.request, operation)
            if self.request.POST.get("create") == SEND:
                text = _("Nothing was sent. Once the proposal is in Offorte, you can send it from its own page.")
                messages.warning(self.request, text)
        elif url != reverse("send", args=[row.pk]):
            text = _("“%s” was created in Offorte. It hasn’t been sent to anyone yet.") % row
            link = format_html('{} <a href="{}">{}</a>', text, reverse("send", args=[row.pk]), _("Send proposal…"))
            messages.success(self.request, link if self.user.has_perm(sending.PERMISSION) else text)
        return self._forget_copy(redirect(url))

    def _forget_copy(self, response: HttpResponse) -> HttpResponse:
        """Let the browser forget its copy, as the server has saved it."""
        response.set_cookie(SAVED_COOKIE, self.draft_name, max_age=300, samesite="Lax")
        return response

    def action(self) -> str:
        """Return the address that the form is sent to: that of its draft, or of a new one."""
        if self.draft.pk:
            return reverse("compose_draft", args=[self.draft.pk])
        new = reverse("compose_new")
        return self.request.get_full_path() if self.request.path == new else f"{new}?account={self.draft.connection_id}"

    def show(self, form: ComposeForm, state: FormState, faults: list[Fault] | None = None) -> HttpResponse:
        of_rows = form.point_out(faults or [])
        draft = self.draft
        context = {
            **admin.site.each_context(self.request),
            "title": str(draft) if draft.pk else _("New proposal"),
            "draft": draft,
            "account": draft.connection,
            "form": form,
            "form_state": state.write(),
            "draft_name": self.draft_name,
            "action": self.action(),
            "faults": json.dumps(of_rows),
            "fault_count": len(of_rows),
            "suggested_ids": sources.suggest_ids(draft.connection),
            "notes": self.notes,
            "currency": find_currency(draft.connection),
            "row_types": ROW_TYPES,
            "owner": describe(draft),
            "is_conflict": self.is_conflict,
            "is_closed": not drafts.is_open(draft),
            "saved_by": name_of(draft.saved_by) or _("Someone"),
            "saved_ago": naturaltime(draft.saved_at) if draft.pk else "",
            "may_share": not draft.pk or draft.created_by_id == self.user.pk,
            "list_url": list_url(self.user, Proposal),
            "may_send": self.user.has_perm(sending.PERMISSION),
            "send": SEND,
        }
        return render(self.request, "compose/compose.html", context)


compose_urls: list[URLPattern | URLResolver] = [
    path("many/", include(compose_many_urls)),
    path("", list_drafts, name="compose_drafts"),
    path("new/", new_draft, name="compose_new"),
    path("<int:pk>/", edit_draft, name="compose_draft"),
    path("<int:pk>/delete/", delete_draft, name="compose_delete"),
    path("people/", offer_people, name="compose_people"),
    path("products/", offer_products, name="compose_products"),
]
