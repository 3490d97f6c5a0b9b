"""The hint for people who are not linked to an Offorte user, which explains why "mine" is empty."""

from typing import Any

from django import template

from offorte_portal.staff.identity import identify

register = template.Library()


@register.inclusion_tag("staff/_unlinked.html", takes_context=True)
def unlinked_hint(context: template.Context, is_mine: bool = False) -> dict[str, Any]:
    """Return the context of the hint, which is shown to sellers and to people who look at their own rows."""
    user = context["request"].user
    is_seller = user.has_perm("proposals.change_proposal") and not user.has_perm("proposals.change_others_proposals")
    return {
        "is_shown": (is_seller or is_mine) and not identify(user).is_linked,
        "may_link": user.has_perm("auth.change_user"),
        "user": user,
    }


@register.simple_tag(takes_context=True)
def is_linked(context: template.Context) -> bool:
    """Return whether the current user is an Offorte user in any account."""
    return identify(context["request"].user).is_linked
