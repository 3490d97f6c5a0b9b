"""Sending a proposal: the form, the page that shows who gets what, and the links afterwards."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Person
from offorte_portal.adminkit import saving
from offorte_portal.adminkit.formstate import FormState
from offorte_portal.adminkit.records import record_url
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.api.errors import Rejected
from offorte_portal.compose import approval, placeholders, sending
from offorte_portal.compose.last_message import LastMessage, find_last_message
from offorte_portal.compose.pages import approvals
from offorte_portal.compose.pages.order_form import DEFAULT_MESSAGE, OrderForm
from offorte_portal.compose.reasons import SendReason
from offorte_portal.compose.sending import NotSentError, Order
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.staff.access import may_act
from offorte_portal.tracking import followups
from offorte_portal.waiting.marks import asks_elsewhere
from offorte_portal.writes.models import Operation
from proposals.languages import language_of
from proposals.models import EmailTemplate, Proposal

LINKS = "proposals.copy_receiver_link"
PROPOSAL_PAGE = "admin:proposals_proposal_change"
State = Operation.State
# The form's fields, whose values the page to confirm sends along again.
CARRIED = ("contacts", "send_method", "words", "send_message", "send_message_id", "password_reset", "again")


@dataclass(frozen=True)
class MessagePreview:
    """The message that one person will get; `empty` are its placeholders without a value."""

    person: Person
    text: str
    empty: list[str]


@asks_elsewhere(gettext_lazy("Sending…"), is_kept=True)
@staff_view(sending.PERMISSION, methods=["GET", "HEAD", "POST"])
def send(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask how to send a proposal (GET), show who gets what (POST), send it (POST with `confirm`)."""
    proposal = _find(request, pk)
    if obstacle := _obstacle(proposal):
        messages.warning(request, obstacle)
        return redirect(PROPOSAL_PAGE, pk)
    return _Sender(request, proposal).respond()


def _find(request: StaffRequest, pk: int) -> Proposal:
    found = Proposal.objects.select_related("connection", "company", "owner").defer("payload", "search_text")
    proposal = get_object_or_404(found, pk=pk, removed_at__isnull=True, is_hidden=False)
    if not may_act(request.user, sending.PERMISSION, proposal):
        raise PermissionDenied
    return proposal


def _obstacle(proposal: Proposal) -> str:
    """Return what keeps it from being sent at all; "" if nothing does."""
    pending = sending.find_pending(proposal)
    if pending and pending.state == State.UNKNOWN:
        return _("We don’t know whether “%s” was sent. Check the outcome before you send it again.") % proposal
    if pending:
        return _("“%s” is already queued to be sent.") % proposal
    if approval.find_waiting(proposal):
        return _("“%s” is waiting for a manager’s approval.") % proposal
    if proposal.status not in sending.SENDABLE:
        return put_into_words(SendReason.NOT_SENDABLE())
    if proposal.details_as_of is None:
        return (
            _("The portal hasn’t loaded the details of “%s” yet. Wait until they appear on this page, then send it.")
            % proposal
        )
    return ""


class _Sender:
    """One request to send a proposal."""

    def __init__(self, request: StaffRequest, proposal: Proposal) -> None:
        self.request, self.proposal = request, proposal
        self.user = request.user
        self.people = sending.people_of(proposal)
        self.of = f"send:{proposal.pk}"

    def respond(self) -> HttpResponse:
        """Return the form, the page to confirm, or the outcome."""
        seen = sending.find_marks(self.proposal)
        if self.request.method != "POST":
            return self.show(self.make_form(None), FormState(self.of, {"seen": seen}))
        form = self.make_form(self.request.POST)
        state = FormState.read(self.request.POST.get("form_state", ""), self.of)
        if state is None:
            form.add_error(None, _("This form is no longer valid, so nothing was sent. Check it and send again."))
            return self.show(form, FormState(self.of, {"seen": seen}))
        if not form.is_valid() or "change" in self.request.POST:
            return self.show(form, state)
        order = form.order()
        return self.carry_out(form, state, order) if "confirm" in self.request.POST else self.ask(form, state, order)

    def make_form(self, data: Any) -> OrderForm:
        """Return the form, with the suggested contacts preselected."""
        name = str(self.user)
        initial = {
            "contacts": [str(contact_id) for contact_id in sending.suggest_contacts(self.proposal, self.people)],
            "send_method": "offorte",
            "words": "message",
            "send_message": self.last.text if self.last else self.suggest_message(name),
        }
        is_again = sending.was_sent(self.proposal)
        return OrderForm(data, proposal=self.proposal, people=self.people, is_again=is_again, initial=initial)

    @cached_property
    def last(self) -> LastMessage | None:
        """The person's last message in the proposal's language."""
        return find_last_message(self.user, language_of(self.proposal), self.proposal.name)

    def suggest_message(self, sender: str) -> str:
        """Return a message to begin with, in the proposal's language."""
        with translation.override(language_of(self.proposal)):
            return DEFAULT_MESSAGE % {"name": self.proposal.name, "sender": sender}

    def show(self, form: OrderForm, state: FormState) -> HttpResponse:
        context = self.context(state) | {
            "form": form,
            "earlier": sending.find_earlier(self.proposal),
            "reasons": self.reasons(),
            "message_source": self.last.label(form.data.get("send_message")) if self.last else "",
            "placeholders": placeholders.OFFERED,
            "people_url": reverse("admin:contacts_person_add") + f"?company={self.proposal.company_id}",
        }
        return render(self.request, "compose/send.html", context)

    def ask(self, form: OrderForm, state: FormState, order: Order) -> HttpResponse:
        """Render the page to confirm, which shows who gets what."""
        previews: list[MessagePreview] = []
        text = order.send_message
        for person in self.people:
            if person.remote_id in order.contacts:
                values = placeholders.values_for(person, self.proposal)
                filled, empty = placeholders.fill(text, values), placeholders.find_empty(text, values)
                previews.append(MessagePreview(person, filled, empty))
        chosen = {preview.person.email.lower() for preview in previews}
        others = [receiver for receiver in self.proposal.receivers.all() if receiver.email.lower() not in chosen]
        template = EmailTemplate.objects.filter(
            connection=self.proposal.connection_id, remote_id=order.send_message_id or 0
        ).first()
        values = placeholders.values_for(previews[0].person, self.proposal) if previews else {}
        context = self.context(state) | {
            "form": form,
            "order": order,
            "previews": previews,
            "others": others,
            "template": template,
            "unknown": placeholders.find_unknown(text, values),
            "reasons": self.reasons(),
            "carried": [(name, value) for name in CARRIED for value in self.request.POST.getlist(name)],
        }
        return render(self.request, "compose/send_confirm.html", context)

    def reasons(self) -> list[str]:
        """Return the reasons why a manager has to approve it, as text; none if nobody has to."""
        if self.user.has_perm(approval.PERMISSION):
            return []
        return [approvals.describe(reason, self.proposal) for reason in approval.find_reasons(self.proposal)]

    def carry_out(self, form: OrderForm, state: FormState, order: Order) -> HttpResponse:
        """Send it, or ask a manager to approve it; show the form again if nothing was sent."""
        seen = list(state.opened["seen"])
        try:
            if self.reasons():
                sending.request_approval(self.proposal, order, seen=seen, key=state.key, by=self.user)
                messages.success(
                    self.request, _("Approval requested. The proposal is sent as soon as a manager approves it.")
                )
                return redirect(PROPOSAL_PAGE, self.proposal.pk)
            operation = sending.order_send(self.proposal, order, seen=seen, key=state.key, by=self.user)
        except OperationalError:
            busy = _("The portal’s database is busy, so nothing was sent. Try again in a moment.")
            return self.return_form(form, busy)
        except (NotSentError, Rejected) as error:
            return self.return_form(form, put_into_words(error.reason))
        done = sending.perform(operation)
        if done.state in saving.BACK:
            for name, texts in done.field_errors.items():
                messages.error(self.request, f"{name}: {' '.join(texts)}")
            return self.return_form(form, _reason(done))
        return tell_sent(self.request, self.proposal, done)

    def return_form(self, form: OrderForm, why: str) -> HttpResponse:
        """Render the form with the reason why nothing was sent; sends in the meantime count as seen now."""
        fresh = _find(self.request, self.proposal.pk)
        sender = _Sender(self.request, fresh)
        if _obstacle(fresh):
            messages.error(self.request, why)
            return redirect(PROPOSAL_PAGE, fresh.pk)
        typed = self.request.POST
        shown = sender.make_form({**typed.dict(), "contacts": typed.getlist("contacts"), "again": ""})
        shown.full_clean()
        shown.errors.pop("again", None)
        shown.add_error(None, why)
        return sender.show(shown, FormState(self.of, {"seen": sending.find_marks(fresh)}))

    def context(self, state: FormState) -> dict[str, Any]:
        return {
            **admin.site.each_context(self.request),
            "title": _("Send “%s”") % self.proposal,
            "proposal": self.proposal,
            "form_state": state.write(),
            "is_connected": self.proposal.connection.is_connected,
        }


def _reason(operation: Operation) -> str:
    """Return why it was not sent: the refusal of its receivers if there is one, else that of the send."""
    step = operation.after
    if step and step.state in saving.BACK:
        errors = [text for texts in step.field_errors.values() for text in texts]
        return _("Offorte: %s") % " ".join(errors) if errors else saving.reason(step)
    return saving.reason(operation)


def tell_sent(request: StaffRequest, proposal: Proposal, operation: Operation) -> HttpResponse:
    """Go on to the links if it was sent; else report its state."""
    if operation.state != State.DONE:
        saving.tell(request, operation)
        return redirect(PROPOSAL_PAGE, proposal.pk)
    is_mailed = operation.draft.get("send_method") != "self"
    text = _("“%s” was sent.") if is_mailed else _("“%s” is now open. No e-mail was sent: share the links yourself.")
    messages.success(request, text % proposal)
    may_see = may_act(request.user, sending.PERMISSION, proposal)
    return redirect("sent", proposal.pk) if may_see else redirect(PROPOSAL_PAGE, proposal.pk)


@staff_view(sending.PERMISSION)
def sent(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the links by which receivers open a proposal, to those who may copy them."""
    proposal = _find(request, pk)
    last = next(
        (operation for operation in reversed(sending.sends_of(proposal)) if operation.state == State.DONE), None
    )
    context = {
        **admin.site.each_context(request),
        "title": _("Sent"),
        "proposal": proposal,
        "receivers": proposal.receivers.all(),
        "may_copy": may_act(request.user, LINKS, proposal),
        "last": last,
        "is_mailed": last is None or last.draft.get("send_method") != "self",
        "url": record_url(request.user, proposal),
        "remind": followups.without([proposal.pk], request.user) if last else [],
    }
    return render(request, "compose/sent.html", context)


send_urls = [
    path("<int:pk>/", send, name="send"),
    path("<int:pk>/links/", sent, name="sent"),
]
