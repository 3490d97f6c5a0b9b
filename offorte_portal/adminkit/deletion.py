"""The page that asks for confirmation before a record is deleted at Offorte, and shows what is deleted with it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from offorte_portal.adminkit import pending, saving
from offorte_portal.adminkit.formstate import FormState, Json
from offorte_portal.adminkit.neighbours import back_to_list, keep
from offorte_portal.adminkit.record_hooks import RecordHooks
from offorte_portal.adminkit.records import list_url, record_url
from offorte_portal.mirror.models import Mirrored
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import describe_field_error


class RecordDeletion:
    """One request for the deletion page of a record. `parent` is Offorte's id of the record that it belongs to."""

    def __init__(
        self, admin: RecordHooks[Any], request: HttpRequest, row: Mirrored, *, parent: int | None = None
    ) -> None:
        self.admin, self.request, self.row, self.parent = admin, request, row, parent
        form = admin.get_record_form()
        self.target, self.name = form.target, form.name_of(row)
        self.of = f"delete {self.target}:{row.pk}"

    def respond(self) -> HttpResponse:
        """Return the confirmation page (GET), or delete the record (POST)."""
        if self.request.method != "POST":
            return self.show(FormState(self.of, {}))
        state = FormState.read(self.request.POST.get("form_state", ""), self.of)
        return self.delete(state) if state else self.show(FormState(self.of, {}))

    def delete(self, state: FormState, after: Operation | None = None) -> HttpResponse:
        """Delete the record at Offorte; show the page again where nothing was done."""
        try:
            operation = saving.save(
                self.request,
                connection=self.row.connection,
                key=state.key,
                verb=Operation.Verb.DELETE,
                target=self.target,
                draft={},
                remote_id=self.row.remote_id,
                parent_remote_id=self.parent,
                label=self.name,
                after=after,
            )
        except saving.BusyError as error:
            return self.show(state, refusal=str(error))
        if operation.state in saving.BACK:
            reasons = [describe_field_error(text) for texts in operation.field_errors.values() for text in texts]
            refusal = " ".join([saving.reason(operation), *(_("Offorte: %s") % text for text in reasons)]).strip()
            return self.show(state.renewed(), refusal=refusal)
        return self.leave(operation)

    def leave(self, operation: Operation) -> HttpResponse:
        """Redirect to the list if the record is gone, else to the record, which shows what is waiting."""
        saving.tell(self.request, operation)
        user = self.request.user
        url = "" if operation.state == Operation.State.DONE else keep(self.request.GET, record_url(user, self.row))
        return redirect(url or back_to_list(self.request, list_url(user, type(self.row))) or "home")

    def show(self, state: FormState, refusal: str = "", extra: Json | None = None) -> HttpResponse:
        user = self.request.user
        waiting = pending.of_row(self.target, self.row)
        context = {
            **self.admin.admin_site.each_context(self.request),
            "title": _("Delete %s") % self.row,
            "opts": self.admin.opts,
            "original": self.row,
            "account": self.row.connection,
            "losses": [loss for loss in self.admin.deletion_losses(self.request, self.row) if loss.count],
            "notes": self.admin.deletion_notes(self.request, self.row),
            "refusal": refusal,
            "marks": pending.show(user, waiting),
            "form_state": state.write(),
            "back_url": keep(self.request.GET, record_url(user, self.row)),
            "can_delete": True,
            **self.admin.deletion_context(self.request, self.row),
            **(extra or {}),
        }
        return TemplateResponse(self.request, self.admin.record_delete_template, context)
