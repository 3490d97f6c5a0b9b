"""Sends that wait for a manager: the list, deciding, taking a request back, and from when on it takes one."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contacts.models import Person
from offorte_portal.adminkit import approval_badge, approval_words, saving
from offorte_portal.adminkit.fields import AmountField
from offorte_portal.adminkit.messages import translate_message
from offorte_portal.api.errors import Rejected
from offorte_portal.compose import approval, placeholders, sending
from offorte_portal.compose.approval import Figures
from offorte_portal.compose.pages.sending import tell_sent
from offorte_portal.compose.sending import NotSentError
from offorte_portal.waiting.marks import asks_elsewhere
from proposals.models import Approval, ApprovalSettings, EmailTemplate

State = Approval.State
SHOWN = 50
NOTE_CHARACTERS = 1000


@dataclass(frozen=True)
class Request:
    """A request as the page shows it; `seen` is what somebody decides about who looks at it now."""

    approval: Approval
    reasons: list[str]
    people: list[str]
    words: str
    figures: Figures
    discount: str
    seen: str
    may_decide: bool
    may_withdraw: bool


@require_GET
@admin.site.admin_view
@permission_required(sending.PERMISSION, raise_exception=True)
def list_approvals(request: HttpRequest) -> HttpResponse:
    """The requests that wait, and the latest that were decided."""
    user = cast(User, request.user)
    found = approval.visible(user)
    context = {
        **admin.site.each_context(request),
        "title": _("Approvals"),
        "waiting": [_show(user, one) for one in found.filter(state=State.WAITING)[:SHOWN]],
        "decided": list(found.exclude(state=State.WAITING)[:SHOWN]),
        "may_set": user.has_perm("proposals.change_approvalsettings"),
        "note_characters": NOTE_CHARACTERS,
    }
    return render(request, "compose/approvals.html", context)


def _show(user: User, one: Approval) -> Request:
    proposal = one.proposal
    figures = approval.find_figures(proposal)
    people = Person.objects.filter(connection=proposal.connection_id, remote_id__in=one.order.get("contacts", []))
    return Request(
        approval=one,
        reasons=[approval_words.describe(reason, proposal) for reason in approval.find_reasons(proposal)],
        people=[f"{person} ({person.email})" for person in people.defer("payload", "search_text")],
        words=_words(one, list(people[:1])),
        figures=figures,
        discount="" if figures.discount is None else approval_words.percent(figures.discount),
        seen=_write(figures),
        may_decide=approval.may_decide(user, one),
        may_withdraw=one.requested_by_id == user.pk,
    )


def _words(one: Approval, people: list[Person]) -> str:
    """The message as the first receiver will read it, or what the template is called."""
    if template_id := one.order.get("send_message_id"):
        found = EmailTemplate.objects.filter(connection=one.proposal.connection_id, remote_id=template_id).first()
        return _("E-mail template “%s”") % (found or f"#{template_id}")
    values = placeholders.values_for(people[0], one.proposal) if people else {}
    return placeholders.fill(str(one.order.get("send_message", "")), values)


def _write(figures: Figures) -> str:
    return "|".join("" if one is None else str(one) for one in figures)


def _read(text: str) -> Figures:
    """What was seen when somebody decided; nothing that is known where it makes no sense."""
    parts = text.split("|")
    try:
        value, discount = (Decimal(part) if part else None for part in parts)
    except (ValueError, ArithmeticError):
        return Figures(Decimal(-1), Decimal(-1))
    return Figures(value, discount)


@asks_elsewhere(gettext_lazy("Sending…"), is_kept=True)
@require_POST
@admin.site.admin_view
@permission_required(approval.PERMISSION, raise_exception=True)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a send, which then goes out, or refuse it."""
    user = cast(User, request.user)
    asked = get_object_or_404(approval.visible(user), pk=pk)
    if not approval.may_decide(user, asked):
        raise PermissionDenied
    note = request.POST.get("note", "").replace("\x00", "").strip()[:NOTE_CHARACTERS]
    approval_badge.forget(request)
    if "approve" in request.POST:
        return _approve(request, asked, note)
    if approval.close(asked, State.REFUSED, by=user, note=note):
        messages.success(request, _("“%s” was refused. Nothing was sent.") % asked.proposal)
    else:
        messages.warning(request, translate_message(sending.DECIDED_MEANWHILE))
    return redirect("approvals")


def _approve(request: HttpRequest, asked: Approval, note: str) -> HttpResponse:
    figures = _read(request.POST.get("seen", ""))
    try:
        operation = sending.approve(asked, figures=figures, by=cast(User, request.user), note=note)
    except NotSentError as error:
        messages.error(request, translate_message(str(error)))
        return redirect("approvals")
    except Rejected as error:
        messages.error(request, translate_message(error.message))
        return redirect("approvals")
    done = sending.perform(operation)
    if done.state in saving.BACK:
        saving.tell(request, done)
        return redirect("approvals")
    return tell_sent(request, asked.proposal, done)


@require_POST
@admin.site.admin_view
@permission_required(sending.PERMISSION, raise_exception=True)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what one has asked for oneself."""
    user = cast(User, request.user)
    asked = get_object_or_404(approval.visible(user).filter(requested_by=user), pk=pk)
    approval_badge.forget(request)
    if approval.close(asked, State.WITHDRAWN, by=user):
        messages.success(request, _("The request is taken back. Nothing was sent."))
    else:
        messages.warning(request, translate_message(sending.DECIDED_MEANWHILE))
    return redirect("admin:proposals_proposal_change", asked.proposal_id)


class ApprovalSettingsForm(forms.ModelForm[ApprovalSettings]):
    """From when on a send takes a manager."""

    amount_above = AmountField(gettext_lazy("Value above"))
    discount_above = AmountField(gettext_lazy("Discount above, in percent"))

    class Meta:
        model = ApprovalSettings
        fields = ("amount_above", "discount_above")


@require_http_methods(["GET", "HEAD", "POST"])
@admin.site.admin_view
@permission_required("proposals.change_approvalsettings", raise_exception=True)
def approval_settings(request: HttpRequest) -> HttpResponse:
    """Show from when on a send takes a manager, or set that."""
    form = ApprovalSettingsForm(request.POST or None, instance=approval.read_settings())
    if request.method == "POST" and form.is_valid():
        form.instance.pk = 1
        form.save()
        messages.success(request, _("The rules are set. They hold for whatever is sent from now on."))
        return redirect("approvals")
    context: dict[str, Any] = {**admin.site.each_context(request), "title": _("Rules of approval"), "form": form}
    return render(request, "compose/approval_settings.html", context)


approval_urls = [
    path("", list_approvals, name="approvals"),
    path("<int:pk>/decide/", decide, name="approval_decide"),
    path("<int:pk>/withdraw/", withdraw, name="approval_withdraw"),
    path("rules/", approval_settings, name="approval_settings"),
]
