"""What pages say to somebody who is nobody at Offorte yet, so that nobody wonders why "mine" is empty."""

from typing import Any

from django import template

from offorte_portal.staff.identity import identify

register = template.Library()


@register.inclusion_tag("staff/_unlinked.html", takes_context=True)
def unlinked_hint(context: template.Context, is_mine: bool = False) -> dict[str, Any]:
    """Say who has to be asked: to sellers, and to whoever looks at what is theirs."""
    user = context["request"].user
    is_seller = user.has_perm("proposals.change_proposal") and not user.has_perm("proposals.change_others_proposals")
    return {
        "is_shown": (is_seller or is_mine) and not identify(user).is_linked,
        "may_link": user.has_perm("auth.change_user"),
        "user": user,
    }


@register.simple_tag(takes_context=True)
def is_linked(context: template.Context) -> bool:
    """Whether who is looking is an Offorte user in any account."""
    return identify(context["request"].user).is_linked
