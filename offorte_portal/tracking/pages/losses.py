"""Asks why a proposal was lost, then marks it as lost; afterwards the reason can be given or corrected here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal import ports
from offorte_portal.adminkit import saving
from offorte_portal.adminkit.conflicts import find_authors
from offorte_portal.adminkit.decisions import write
from offorte_portal.adminkit.records import record_url
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.api.errors import Rejected
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.staff.access import may_act
from offorte_portal.tracking import losses
from offorte_portal.tracking.losses import why_of
from offorte_portal.tracking.models import Loss
from offorte_portal.tracking.why_fields import WhyFields, initial_of
from offorte_portal.waiting.marks import asks_elsewhere
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

CHANGE = "proposals.change_proposal"
LOST, State = Proposal.Status.LOST, Operation.State
LOSING = gettext_lazy("Marking as lost…")


class LossForm(WhyFields):
    """`key` is new for each page, so that a repeated submit loses once; `seen` is the status that the page showed."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)


class LossPage:
    """One request for the page of a proposal."""

    def __init__(self, request: StaffRequest, pk: int) -> None:
        self.request = request
        self.proposal = find(request, pk)
        current = losses.current([self.proposal]).get(pk)
        self.loss: Loss | None = current or losses.find_pending(self.proposal)
        # The colleague who marked it as lost after the page was shown, when and why; "" for none.
        self.beaten_by = ""
        self.is_lost = self.proposal.status == LOST or self.loss is not None
        # A status by which somebody else decided about it, which the person is asked to overwrite.
        self.decided = "" if self.is_lost else self._decided(self.proposal.status)

    def respond(self) -> HttpResponse:
        """Return the form (GET), or do what it asks for (POST)."""
        if self.request.method != "POST":
            return self.show(self.make_form())
        form = self.make_form(self.request.POST)
        if not form.is_valid():
            return self.show(form)
        if self.is_lost:
            return self.explain(form) if self._is_known(form) else self.tell_lost(form)
        if form.cleaned_data["seen"] != self.proposal.status:
            return self.ask_again(form, self.proposal.status)
        return self.lose(form)

    def make_form(self, data: Any = None, **initial: Any) -> LossForm:
        given = self.loss and why_of(self.loss)
        known = initial_of(given) if given else {}
        fresh = {"key": ports.new_uuid(), "seen": LOST if self.is_lost else self.proposal.status}
        form = LossForm(data, initial={**known, **fresh, **initial}, label_suffix="")
        form.offer_reasons([self.proposal.connection_id], given.reason if given else None)
        return form

    def explain(self, form: LossForm) -> HttpResponse:
        """Keep the reason of what is lost already."""
        losses.explain(self.proposal, form.why, by=self.request.user)
        messages.success(self.request, _("The reason for “%s” was saved.") % self.proposal)
        return self.leave()

    def lose(self, form: LossForm) -> HttpResponse:
        """Mark as lost; show the form again where nothing was done."""
        given = form.cleaned_data
        try:
            operation = losses.lose(self.proposal, form.why, by=self.request.user, key=given["key"], seen=given["seen"])
        except Rejected as error:
            form.add_error(None, put_into_words(error.reason))
            return self.show(form)
        held = operation.conflicts.get("status")
        if operation.state == State.SKIPPED and held == LOST:
            return self.explain(form)
        if operation.state == State.SKIPPED and held:
            return self.ask_again(form, str(held))
        if operation.state in saving.BACK:
            form.add_error(None, saving.reason(operation) or _("Nothing changed in Offorte."))
            return self.show(self._renewed(form, self.proposal.status))
        saving.tell(self.request, operation)
        return self.leave()

    def _is_known(self, form: LossForm) -> bool:
        """Return whether the person saw that it is lost, or made it so; else a colleague has, for another reason."""
        loss = self.loss
        is_same = loss is None or loss.by_id == self.request.user.pk or form.why == why_of(loss)
        return is_same or form.cleaned_data["seen"] == LOST

    def tell_lost(self, form: LossForm) -> HttpResponse:
        """Say that a colleague marked it as lost meanwhile and why, and let the person decide whose reason stays."""
        if self.loss:
            name = self.loss.by.get_full_name() or self.loss.by.username if self.loss.by else ""
            self.beaten_by = f"{write(LOST, name, self.loss.at)} {_('Reason: %s.') % losses.describe(self.loss)}"
        return self.show(self._renewed(form, LOST))

    def ask_again(self, form: LossForm, status: str) -> HttpResponse:
        """Say that somebody else changed the status meanwhile, and let the person decide."""
        self.decided = self._decided(status) or status
        return self.show(self._renewed(form, status))

    def _renewed(self, form: LossForm, status: str) -> LossForm:
        """Return the form as it was filled in, for another try from this status."""
        data = {**form.data.dict(), "key": str(ports.new_uuid()), "seen": status}  # type: ignore[attr-defined]
        again = self.make_form(data)
        again.is_valid()
        for text in form.non_field_errors():
            again.add_error(None, text)
        return again

    def show(self, form: LossForm) -> HttpResponse:
        author = find_authors("proposals", self.proposal, {"status": self.decided}) if self.decided else {}
        context = {
            **admin.site.each_context(self.request),
            "title": _("Why was “%s” lost?") if self.is_lost else _("Mark “%s” as lost"),
            "proposal": self.proposal,
            "form": form,
            "is_lost": self.is_lost,
            "beaten_by": self.beaten_by,
            "decided": dict(Proposal.Status.choices).get(self.decided, self.decided),
            "decided_by": author.get("status", ""),
            "next": self.next,
        }
        context["title"] %= self.proposal
        return render(self.request, "tracking/lost.html", context)

    def leave(self) -> HttpResponse:
        return redirect(self.next)

    @property
    def next(self) -> str:
        """The page that the person came from if it is one of ours, else the proposal."""
        given = self.request.POST.get("next") or self.request.GET.get("next") or ""
        is_ours = url_has_allowed_host_and_scheme(given, {self.request.get_host()}, self.request.is_secure())
        return given if is_ours else record_url(self.request.user, self.proposal) or "/"

    @staticmethod
    def _decided(status: str) -> str:
        return status if status in Proposal.DECIDED else ""


@asks_elsewhere(LOSING, is_kept=True)
@staff_view(CHANGE, methods=["GET", "HEAD", "POST"])
def show_lost(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask why the proposal was lost, and mark it as lost."""
    return LossPage(request, pk).respond()


def find(request: HttpRequest, pk: int) -> Proposal:
    """Return the proposal. Raises Http404 if it is gone, PermissionDenied if the person may not change it."""
    found = Proposal.objects.select_related("connection").defer("payload", "search_text")
    proposal = get_object_or_404(found, pk=pk, removed_at__isnull=True)
    if not may_act(request.user, CHANGE, proposal):  # type: ignore[arg-type]
        raise PermissionDenied
    return proposal


loss_urls = [path("<int:pk>/", show_lost, name="proposal_lost")]
