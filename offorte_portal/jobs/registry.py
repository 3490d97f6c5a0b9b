"""The bulk actions that there are, by name."""

from typing import Any

from django.contrib.auth.models import User

from offorte_portal.jobs.action import Action
from offorte_portal.jobs.actions import COMPANIES, PEOPLE, PRODUCTS, PROPOSALS, QUOTES, ROWS
from offorte_portal.models import Mirrored

ACTIONS: dict[str, Action[Any]] = {
    action.name: action for action in (*PROPOSALS, *COMPANIES, *PEOPLE, *PRODUCTS, *QUOTES, *ROWS)
}


class UnknownActionError(LookupError):
    """There is no action of that name, or no longer."""


def find(name: str) -> Action[Any]:
    """The action of that name. Raises UnknownActionError."""
    try:
        return ACTIONS[name]
    except KeyError:
        raise UnknownActionError(name) from None


def actions_for(model: type[Mirrored], user: User) -> list[Action[Any]]:
    """The actions on rows of the model that the person may use, in the order in which they are offered."""
    return [action for action in ACTIONS.values() if action.model is model and user.has_perm(action.permission)]
