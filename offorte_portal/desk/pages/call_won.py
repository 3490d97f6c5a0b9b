"""Marking a proposal as won from its row of the call list, and taking that back."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import badges, saving
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.desk.pages.moving import change_status
from offorte_portal.staff.access import may_act
from offorte_portal.waiting.marks import asks_elsewhere
from offorte_portal.writes import undoing
from offorte_portal.writes.models import Operation
from offorte_portal.writes.rights import find_row, may_control
from proposals.models import Proposal

CHANGE = "proposals.change_proposal"
WON = Proposal.Status.WON
State = Operation.State


class WinForm(forms.Form):
    """`key` is new for each row that is shown, so that a repeated click wins once."""

    key = forms.UUIDField()


@asks_elsewhere(gettext_lazy("Marking as won…"), is_kept=True, place="call-{pk}", is_row=True)
@staff_view(CHANGE, methods=["POST"])
def win(request: StaffRequest, pk: int) -> HttpResponse:
    """Mark the proposal as won. htmx gets a row that offers to undo it in place of the proposal’s."""
    rows = Proposal.objects.select_related("connection").defer("payload", "search_text")
    proposal = get_object_or_404(rows, pk=pk, removed_at__isnull=True)
    if not may_act(request.user, CHANGE, proposal):
        raise PermissionDenied
    form = WinForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("“%s” wasn’t marked as won. Try again.") % proposal)
        return _load_list(request, pk)
    operation = change_status(request, proposal, WON, seen=Proposal.Status.OPEN, key=form.cleaned_data["key"])
    if operation is None:
        return _load_list(request, pk)
    badges.forget(request)
    if operation.state == State.DONE and request.headers.get("HX-Request") == "true":
        context = {
            "text": _("Won: %s") % proposal,
            "proposal": proposal,
            "undo_url": reverse("call_undo_won", args=[operation.pk]),
            "may_undo": not undoing.can_undo(operation) and may_control(operation, request.user),
            "query": request.POST.get("next", ""),
        }
        return render(request, "desk/_call_won.html", context)
    saving.tell(request, operation)
    return _load_list(request, pk)


@asks_elsewhere(gettext_lazy("Undoing…"), is_kept=True)
@staff_view(CHANGE, methods=["POST"])
def undo_won(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a win back that a row of the list made, if Offorte still has it, and go back to the list."""
    won = Operation.objects.filter(verb=Operation.Verb.CHANGE, target="proposals", draft={"status": WON.value})
    operation = get_object_or_404(won.select_related("connection", "requested_by", "job"), pk=pk)
    if not may_control(operation, request.user):
        raise PermissionDenied
    saving.undo(request, operation)
    badges.forget(request)
    row = find_row(operation)
    return redirect(home_url(request, row.pk if row else None))


def home_url(request: StaffRequest, pk: int | None) -> str:
    """Return the list’s own address as the form gives it: a query string, nothing else; at the proposal’s row."""
    given = request.POST.get("next", "")
    query = given if given.startswith("?") and given.isprintable() else ""
    return f"{reverse('home')}{query}{f'#call-{pk}' if pk else ''}"


def _load_list(request: StaffRequest, pk: int) -> HttpResponse:
    """Load the list again, whose page tells what happened."""
    url = home_url(request, pk)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


call_won_urls = [
    path("home/calls/<int:pk>/won/", win, name="call_won"),
    path("home/calls/<int:pk>/undo-won/", undo_won, name="call_undo_won"),
]
