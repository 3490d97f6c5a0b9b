"""Sends that wait for a manager: the list, the decision, withdrawing a request, and the limits."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Person
from offorte_portal.adminkit import saving
from offorte_portal.adminkit.fields import AmountField, PercentageField
from offorte_portal.adminkit.money import format_money
from offorte_portal.adminkit.staffview import StaffRequest, staff_user, staff_view
from offorte_portal.api.errors import Rejected
from offorte_portal.compose import approval, placeholders, sending
from offorte_portal.compose.approval import Figures, Reason
from offorte_portal.compose.models import Approval, ApprovalSettings
from offorte_portal.compose.pages.sending import tell_sent
from offorte_portal.compose.reasons import SendReason
from offorte_portal.compose.sending import NotSentError
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.waiting.marks import asks_elsewhere
from proposals.models import EmailTemplate, Proposal

State = Approval.State
SHOWN = 50
NOTE_CHARACTERS = 1000

SECONDS = 30


@dataclass(frozen=True)
class Request:
    """A request as the page shows it; `seen` holds the figures that the reader decides about."""

    approval: Approval
    reasons: list[str]
    people: list[str]
    words: str
    figures: Figures
    discount: str
    seen: str
    may_decide: bool
    may_withdraw: bool


@staff_view(sending.PERMISSION)
def list_approvals(request: StaffRequest) -> HttpResponse:
    """List the requests that wait, and the latest that were decided."""
    user = request.user
    found = approval.visible(user)
    context = {
        **admin.site.each_context(request),
        "title": _("Approvals"),
        "waiting": [_show(user, approval_request) for approval_request in found.filter(state=State.WAITING)[:SHOWN]],
        "decided": list(found.exclude(state=State.WAITING)[:SHOWN]),
        "may_set": user.has_perm("compose.change_approvalsettings"),
        "note_characters": NOTE_CHARACTERS,
    }
    return render(request, "compose/approvals.html", context)


def _show(user: User, approval_request: Approval) -> Request:
    proposal = approval_request.proposal
    figures = approval.find_figures(proposal)
    people = Person.objects.filter(
        connection=proposal.connection_id, remote_id__in=approval_request.order.get("contacts", [])
    )
    return Request(
        approval=approval_request,
        reasons=[describe(reason, proposal) for reason in approval.find_reasons(proposal)],
        people=[f"{person} ({person.email})" for person in people.defer("payload", "search_text")],
        words=_words(approval_request, list(people[:1])),
        figures=figures,
        discount="" if figures.discount is None else percent(figures.discount),
        seen="|".join("" if figure is None else str(figure) for figure in figures),
        may_decide=approval.may_decide(user, approval_request),
        may_withdraw=approval_request.requested_by_id == user.pk,
    )


def _words(approval_request: Approval, people: list[Person]) -> str:
    """Return the message as the first receiver will read it, or the name of the template."""
    if template_id := approval_request.order.get("send_message_id"):
        found = EmailTemplate.objects.filter(
            connection=approval_request.proposal.connection_id, remote_id=template_id
        ).first()
        return _("E-mail template “%s”") % (found or f"#{template_id}")
    values = placeholders.values_for(people[0], approval_request.proposal) if people else {}
    return placeholders.fill(str(approval_request.order.get("send_message", "")), values)


def _read(text: str) -> Figures:
    """Return the figures that the deciding person saw; impossible ones if the text can't be read."""
    parts = text.split("|")
    try:
        value, discount = (Decimal(part) if part else None for part in parts)
    except (ValueError, ArithmeticError):
        return Figures(Decimal(-1), Decimal(-1))
    return Figures(value, discount)


@asks_elsewhere(gettext_lazy("Sending…"), is_kept=True)
@staff_view(approval.PERMISSION, methods=["POST"])
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Approve a send, which then goes out, or refuse it."""
    user = request.user
    asked = get_object_or_404(approval.visible(user), pk=pk)
    if not approval.may_decide(user, asked):
        raise PermissionDenied
    note = request.POST.get("note", "").replace("\x00", "").strip()[:NOTE_CHARACTERS]
    forget(request)
    if "approve" in request.POST:
        return _approve(request, asked, note)
    if approval.close(asked, State.REFUSED, by=user, note=note):
        messages.success(request, _("“%s” was rejected. Nothing was sent.") % asked.proposal)
    else:
        messages.warning(request, put_into_words(SendReason.DECIDED_MEANWHILE()))
    return redirect("approvals")


def _approve(request: StaffRequest, asked: Approval, note: str) -> HttpResponse:
    figures = _read(request.POST.get("seen", ""))
    try:
        operation = sending.approve(asked, figures=figures, by=request.user, note=note)
    except (NotSentError, Rejected) as error:
        messages.error(request, put_into_words(error.reason))
        return redirect("approvals")
    done = sending.perform(operation)
    if done.state in saving.BACK:
        saving.tell(request, done)
        return redirect("approvals")
    return tell_sent(request, asked.proposal, done)


@staff_view(sending.PERMISSION, methods=["POST"])
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Withdraw one's own request."""
    user = request.user
    asked = get_object_or_404(approval.visible(user).filter(requested_by=user), pk=pk)
    forget(request)
    if approval.close(asked, State.WITHDRAWN, by=user):
        messages.success(request, _("Request withdrawn. Nothing was sent."))
    else:
        messages.warning(request, put_into_words(SendReason.DECIDED_MEANWHILE()))
    return redirect("admin:proposals_proposal_change", asked.proposal_id)


class ApprovalSettingsForm(forms.ModelForm[ApprovalSettings]):
    """The limits above which a send needs a manager."""

    amount_above = AmountField(gettext_lazy("Value above"))
    discount_above = PercentageField(gettext_lazy("Discount above (%)"))

    class Meta:
        model = ApprovalSettings
        fields = ("amount_above", "discount_above")


@staff_view("compose.change_approvalsettings", methods=["GET", "HEAD", "POST"])
def approval_settings(request: StaffRequest) -> HttpResponse:
    """Show or set the limits above which a send needs a manager."""
    form = ApprovalSettingsForm(request.POST or None, instance=approval.read_settings())
    if request.method == "POST" and form.is_valid():
        form.instance.pk = 1
        form.save()
        messages.success(request, _("Approval rules saved. They apply to everything sent from now on."))
        return redirect("approvals")
    context: dict[str, Any] = {**admin.site.each_context(request), "title": _("Approval rules"), "form": form}
    return render(request, "compose/approval_settings.html", context)


approval_urls = [
    path("", list_approvals, name="approvals"),
    path("<int:pk>/decide/", decide, name="approval_decide"),
    path("<int:pk>/withdraw/", withdraw, name="approval_withdraw"),
    path("rules/", approval_settings, name="approval_settings"),
]


def count_approvals(request: HttpRequest) -> int:
    """Return the number of waiting requests of others, at most 30 seconds old; 0 without the permission."""
    if not request.user.has_perm(approval.PERMISSION):
        return 0
    known: int | None = caches["local"].get(_key(request))
    if known is None:
        known = approval.count_waiting(staff_user(request))
        caches["local"].set(_key(request), known, SECONDS)
    return known


def forget(request: HttpRequest) -> None:
    """Clear the cached count, as the person has just decided about a request."""
    caches["local"].delete(_key(request))


def _key(request: HttpRequest) -> str:
    return f"badge:approvals:{request.user.pk}"


def describe(reason: Reason, proposal: Proposal) -> str:
    """Return a limit that a proposal exceeds, as text with both figures."""
    display = proposal.price_total_display
    if reason.rule == "amount":
        limit = format_money(reason.limit, display)
        if reason.figure is None:
            return _("Its value isn’t known. Proposals above %(limit)s need a manager’s approval.") % {"limit": limit}
        words = {"value": format_money(reason.figure, display), "limit": limit}
        return _("Its value is %(value)s. Proposals above %(limit)s need a manager’s approval.") % words
    limit = percent(reason.limit)
    if reason.figure is None:
        return _("Its discount isn’t known. Discounts above %(limit)s need a manager’s approval.") % {"limit": limit}
    words = {"discount": percent(reason.figure), "limit": limit}
    return _("Its discount is %(discount)s. Discounts above %(limit)s need a manager’s approval.") % words


def percent(number: object) -> str:
    return f"{number_format(number.normalize(), use_l10n=True)}%"  # type: ignore[attr-defined]
