"""The page that creates or changes a mirrored record, from opening the form to Offorte's answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from offorte_portal.adminkit import pending, saving
from offorte_portal.adminkit.conflicts import compare, find_conflicts, settle
from offorte_portal.adminkit.forms import Json, RecordForm, digest, is_same
from offorte_portal.adminkit.formstate import FormState
from offorte_portal.adminkit.neighbours import keep
from offorte_portal.adminkit.record_hooks import RecordHooks
from offorte_portal.adminkit.records import list_url, record_url
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.api.errors import Rejected
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import Mirrored
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.writes.models import Operation

# Names the draft of a form that the browser may discard: read by drafts.js.
SAVED_COOKIE = "saved_form"
Verb = Operation.Verb


class RecordEditor:
    """One request for the form of a new record (`row` is None) or of an existing one."""

    def __init__(
        self,
        admin: RecordHooks[Any],
        request: HttpRequest,
        connection: Connection,
        row: Mirrored | None = None,
        initial: Json | None = None,
    ) -> None:
        self.admin, self.request, self.connection, self.row = admin, request, connection, row
        self.form_class: type[RecordForm] = admin.get_record_form()
        self.initial = initial or {}
        self.waiting = pending.of_row(self.form_class.target, row) if row else []
        self.now: Json = pending.overlay(self.form_class.held(row), self.waiting) if row else {}
        self.of = f"{self.form_class.target}:{row.pk if row else f'new in {connection.pk}'}"

    @property
    def draft_name(self) -> str:
        """The name under which the browser keeps what is typed."""
        user = self.request.user.pk
        return f"{user}:{self.form_class.target}:{self.row.pk if self.row else 'new'}"

    def respond(self) -> HttpResponse:
        """Return the form (GET), or process it (POST)."""
        if self.request.method != "POST":
            state = FormState(self.of, self.now)
            return self.show(self.make_form(None, state), state)
        state = FormState.read(self.request.POST.get("form_state", ""), self.of) or FormState(self.of, {})
        if self.row and not state.opened:
            state = FormState(self.of, self.now)
            form = self.make_form(self.request.POST, state)
            form.add_error(None, _("This form is no longer valid. Check your changes and save again."))
            return self.show(form, state)
        data, undecided = settle(self.request.POST, state.asked, state.opened)
        return self.check(self.make_form(data, state), state, undecided)

    def make_form(self, data: Any, state: FormState) -> RecordForm:
        """Return the form, with the values that were shown when it was opened."""
        return self.form_class(
            data,
            connection=self.connection,
            user=staff_user(self.request),
            row=self.row,
            opened=state.opened,
            initial=self.initial,
        )

    def check(self, form: RecordForm, state: FormState, undecided: list[str]) -> HttpResponse:
        """Validate the form, check for warnings and conflicts, and send the changes if nothing needs attention."""
        if undecided and form.is_valid():
            conflicts = {name: state.opened.get(name) for name in state.asked}
            return self.ask(form, form.asked(), state, conflicts, error=_("Choose one of the two values."))
        if not form.is_valid():
            return self.show(form, state)
        changes = form.changes()
        if changes and saving.is_sent(state.key, form.draft(changes)):
            return self.send(form, state, changes)
        # Left out: what the record already has by now, set by anyone.
        now = self.now
        changes = {name: value for name, value in changes.items() if name not in now or not is_same(now[name], value)}
        if not changes:
            messages.info(self.request, _("You didn’t change anything, so nothing was sent to Offorte."))
            return self.leave(self.row)
        form.warnings = form.find_warnings(changes)
        if form.warnings and self.request.POST.get("confirmed") != digest(form.warnings):
            return self.show(form, state)
        conflicts = find_conflicts(state.opened, changes, now) if self.row else {}
        if conflicts:
            return self.ask(form, changes, state, conflicts)
        return self.send(form, state, changes)

    def send(self, form: RecordForm, state: FormState, changes: Json) -> HttpResponse:
        """Send the changes to Offorte; show the form again where that is refused, or where it was sent before."""
        draft = form.draft(changes)
        earlier = saving.find_sent(state.key, draft)
        if earlier is not None:
            state = state.renewed()
            if self.row is None and earlier.state not in saving.BACK:
                # Nobody should create a second record by mistake.
                text = _(
                    "You already saved this form as “%(name)s”. Save again only if you want to create another one."
                )
                form.add_error(None, text % {"name": earlier.label})
                return self.show(form, state)
        before = {name: state.opened[name] for name in draft if state.opened.get(name) is not None}
        try:
            operation = saving.save(
                self.request,
                connection=self.connection,
                key=state.key,
                keep=form.keep,
                verb=Verb.CHANGE if self.row else Verb.CREATE,
                target=form.target,
                draft=draft,
                remote_id=self.row.remote_id if self.row else None,
                parent_remote_id=form.parent(),
                label=form.label(),
                before=before if self.row else {},
                expected=before if self.row else {},
            )
        except Rejected as error:
            form.add_reasons(error.field_errors, put_into_words(error.reason))
            return self.show(form, state)
        except saving.BusyError as error:
            form.add_error(None, str(error))
            return self.show(form, state)
        return self.answer(form, state, changes, operation)

    def answer(self, form: RecordForm, state: FormState, changes: Json, operation: Operation) -> HttpResponse:
        """Return to the form where nothing was done; go on to the record where something was or will be done."""
        conflicts = {name: form.normal(name, value) for name, value in operation.conflicts.items() if name in changes}
        if operation.state == Operation.State.SKIPPED and conflicts:
            return self.ask(form, changes, state, conflicts)
        if operation.state in saving.BACK:
            form.add_reasons(operation.field_errors, saving.reason(operation))
            return self.show(form, state.renewed())
        saving.tell(self.request, operation)
        row = self.row
        if row is None and operation.remote_id is not None:
            rows = self.form_class.model._default_manager
            row = rows.filter(connection=self.connection, remote_id=operation.remote_id).first()
        response = self.leave(row)
        response.set_cookie(SAVED_COOKIE, self.draft_name, max_age=300, samesite="Lax")
        return response

    def leave(self, row: Mirrored | None) -> HttpResponse:
        """Redirect to the record, or to the list where there is no record that the person may see."""
        user = self.request.user
        return redirect(
            keep(self.request.GET, record_url(user, row)) or list_url(user, self.form_class.model) or "home"
        )

    def ask(
        self, form: RecordForm, changes: Json, state: FormState, conflicts: Json, *, error: str = ""
    ) -> HttpResponse:
        """Ask which value of each field in conflict to keep; from here on the current values count as seen."""
        opened = {name: state.asked.get(name, state.opened.get(name)) for name in conflicts}
        differences = compare(form, changes, conflicts, opened=opened, data=self.request.POST if error else {})
        asking = state.renewed(opened=state.opened | conflicts, asked=opened)
        context = {
            **self.context(form, asking),
            "differences": differences,
            "carried": [form[name].as_hidden() for name in form.fields],
            "confirmed": self.request.POST.get("confirmed", ""),
            "error": error,
        }
        return TemplateResponse(self.request, "admin/record_conflict.html", context)

    def show(self, form: RecordForm, state: FormState) -> HttpResponse:
        context = {
            **self.context(form, state),
            "confirmed": digest(form.warnings) if form.warnings else "",
            "notices": self.admin.form_notices(self.request, self.row),
            "marks": pending.show(self.request.user, self.waiting),
        }
        return TemplateResponse(self.request, self.admin.record_form_template, context)

    def context(self, form: RecordForm, state: FormState) -> Json:
        """Return the context that all pages of the form share."""
        opts = self.admin.opts
        is_new = self.row is None
        title = _("Add %s") % opts.verbose_name if is_new else _("Edit %s") % self.row
        user = self.request.user
        may_delete = self.row is not None and self.admin.has_delete_permission(self.request, self.row)
        name = f"admin:{opts.app_label}_{opts.model_name}_delete"
        return {
            **self.admin.admin_site.each_context(self.request),
            "title": title,
            "opts": opts,
            "original": self.row,
            "account": self.connection,
            "form": form,
            "form_state": state.write(),
            "draft_name": self.draft_name,
            "back_url": keep(self.request.GET, record_url(user, self.row)) or list_url(user, self.form_class.model),
            "delete_url": keep(self.request.GET, reverse(name, args=[self.row.pk])) if may_delete and self.row else "",
            "is_connected": self.connection.is_connected,
        }
