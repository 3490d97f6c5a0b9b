"""What a proposal's page offers besides reading: buttons to send and copy it, and its request for approval."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse

from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.compose import approval, drafts, sending
from offorte_portal.staff.access import may_act
from proposals.models import Proposal

register = template.Library()


@register.inclusion_tag("compose/_actions.html", takes_context=True)
def compose_actions(context: RequestContext, proposal: Proposal) -> dict[str, Any]:
    """Show the buttons to send and to copy the proposal, to those who may do so."""
    user = staff_user(context["request"])
    is_there = proposal.removed_at is None and not proposal.is_hidden
    is_sendable = is_there and proposal.status in sending.SENDABLE and proposal.details_as_of is not None
    can_send = is_sendable and may_act(user, sending.PERMISSION, proposal)
    return {
        "send_url": reverse("send", args=[proposal.pk]) if can_send else "",
        "copy_url": f"{reverse('compose_new')}?proposal={proposal.pk}" if user.has_perm(drafts.PERMISSION) else "",
        "is_first": proposal.status == Proposal.Status.EDIT,
    }


@register.inclusion_tag("compose/_approval.html", takes_context=True)
def approval_banner(context: RequestContext, proposal: Proposal) -> dict[str, Any]:
    """Show a request that waits, or the person's own last request if it was refused."""
    request = context["request"]
    user = staff_user(request)
    if not (getattr(proposal, "has_approvals", True) and user.has_perm(sending.PERMISSION)):
        return {}
    last = approval.visible(user).filter(proposal=proposal).first()
    is_waiting = last is not None and last.state == last.State.WAITING
    is_refused = last is not None and last.state == last.State.REFUSED and last.requested_by_id == user.pk
    return {"approval": last if is_waiting or is_refused else None, "is_mine": last and last.requested_by_id == user.pk}
