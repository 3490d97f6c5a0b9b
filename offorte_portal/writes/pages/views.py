"""The POST views of an operation: cancel, retry, look at Offorte, decide and undo."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import operations as operation_words
from offorte_portal.adminkit import saving
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.api.errors import OfforteError
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.waiting.marks import asks_elsewhere
from offorte_portal.writes import control, settling
from offorte_portal.writes.models import Operation
from offorte_portal.writes.pages import fields
from offorte_portal.writes.pages.send_decision import read_held
from offorte_portal.writes.rights import find_row, may_control, visible_operations

PAGE = "admin:writes_operation_change"
VIEW = "writes.view_operation"
LONGEST_ID = 18


def _controlled(request: StaffRequest, pk: int) -> Operation:
    """Return the operation. Raises Http404 if there is none, and PermissionDenied if the person may not control it."""
    operation = get_object_or_404(Operation.objects.select_related("connection", "requested_by", "job"), pk=pk)
    if not may_control(operation, request.user):
        raise PermissionDenied
    return operation


@staff_view(methods=["POST"])
def cancel_operation(request: StaffRequest, pk: int) -> HttpResponse:
    """Cancel an operation that still waits."""
    operation = _controlled(request, pk)
    if control.cancel(operation, request.user):
        messages.success(request, _("Cancelled. This won’t be sent to Offorte."))
    else:
        messages.warning(request, _("Too late to cancel: this is no longer waiting."))
    return redirect(PAGE, pk)


@staff_view(methods=["POST"])
def retry_operation(request: StaffRequest, pk: int) -> HttpResponse:
    """Let an operation that was not done wait to be sent again."""
    operation = _controlled(request, pk)
    if control.retry(operation, request.user):
        messages.success(request, _("This will be sent again as soon as it’s its turn."))
    else:
        messages.info(request, _("There’s nothing to retry."))
    return redirect(PAGE, pk)


@asks_elsewhere(gettext_lazy("Checking Offorte…"))
@staff_view(methods=["POST"])
def look_for_operation(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what Offorte holds that may be the result beside what was asked for, so that a person can decide."""
    operation = _controlled(request, pk)
    if operation.state != Operation.State.UNKNOWN:
        messages.info(request, _("The outcome is already known."))
        return redirect(PAGE, pk)
    try:
        findings = settling.look(operation)
    except OfforteError as error:
        why = put_into_words(error.reason)
        messages.error(request, _("We couldn’t check this in Offorte. %(reason)s") % {"reason": why})
        return redirect(PAGE, pk)
    context = {
        **admin.site.each_context(request),
        "title": operation_words.title(operation),
        "opts": Operation._meta,
        "operation": operation,
        "lines": fields.lines(operation),
        "candidates": findings.candidates,
        "held": read_held(operation, findings) if operation.verb == Operation.Verb.SEND else None,
    }
    return render(request, "writes/decide.html", context)


@staff_view(methods=["POST"])
def decide_operation(request: StaffRequest, pk: int) -> HttpResponse:
    """Apply a person's decision about an unknown outcome.

    `verdict` is "done", for a create with the `remote_id` of what it made; "absent"; or "again", which is absent and to
    be sent once more.
    """
    operation = _controlled(request, pk)
    verdict, given = request.POST.get("verdict", ""), request.POST.get("remote_id", "").strip()
    is_done = verdict == "done"
    if why := _undecided(operation, verdict, given):
        messages.error(request, why)
        return redirect(PAGE, pk)
    remote_id = int(given) if given and is_done else operation.remote_id
    if not settling.decide(operation, remote_id=remote_id, is_done=is_done, by=request.user):
        messages.info(request, _("The outcome is already known."))
    elif verdict == "again" and control.retry(operation, request.user):
        messages.success(request, _("This will be sent again as soon as it’s its turn."))
    else:
        messages.success(request, _("Thank you. The outcome has been saved."))
    return redirect(PAGE, pk)


def _undecided(operation: Operation, verdict: str, given: str) -> str:
    """Return the text of what is missing in a person's decision; "" if nothing is."""
    is_id = given.isascii() and given.isdecimal() and len(given) <= LONGEST_ID
    verdicts = {"done", "absent"} if operation.verb == Operation.Verb.SEND else {"done", "absent", "again"}
    if verdict not in verdicts or (given and not is_id):
        return _("Choose whether it was done.")
    if verdict == "done" and not given and operation.verb == Operation.Verb.CREATE:
        return _("Enter the Offorte ID of the right one.")
    return ""


@asks_elsewhere(gettext_lazy("Undoing…"), is_kept=True)
@staff_view(methods=["POST"])
def undo_operation(request: StaffRequest, pk: int) -> HttpResponse:
    """Undo a change, if Offorte still holds what it wrote."""
    operation = _controlled(request, pk)
    undone = saving.undo(request, operation)
    return redirect(PAGE, undone.pk if undone else pk)


@staff_view(VIEW)
def show_record(request: StaffRequest, pk: int) -> HttpResponse:
    """Go to the record that an operation is about; to the operation where there is none."""
    operation = get_object_or_404(visible_operations(request.user), pk=pk)
    row = find_row(operation) if operation.remote_id and operation_words.target_model(operation.target) else None
    if row is None:
        return redirect(PAGE, pk)
    return redirect(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", row.pk)


operation_urls = [
    path("<int:pk>/record/", show_record, name="operation_record"),
    path("<int:pk>/cancel/", cancel_operation, name="operation_cancel"),
    path("<int:pk>/retry/", retry_operation, name="operation_retry"),
    path("<int:pk>/look/", look_for_operation, name="operation_look"),
    path("<int:pk>/decide/", decide_operation, name="operation_decide"),
    path("<int:pk>/undo/", undo_operation, name="operation_undo"),
]
