"""The registry of bulk actions by name, in the order in which they are offered."""

from typing import Any

from django.contrib.auth.models import User
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from offorte_portal.jobs.action import Action
from offorte_portal.jobs.models import Job
from offorte_portal.mirror.models import Mirrored

ACTIONS: dict[str, Action[Any]] = {}
_positions: dict[str, int] = {}


class UnknownActionError(LookupError):
    """No action has this name, or no longer."""


def register(*actions: Action[Any], position: int) -> None:
    """Register bulk actions, from a room's `actions`; they are offered by position, then in this order."""
    _positions.update((action.name, position) for action in actions)
    known = [*ACTIONS.values(), *actions]
    ACTIONS.clear()
    ACTIONS.update((action.name, action) for action in sorted(known, key=lambda action: _positions[action.name]))


def find(name: str) -> Action[Any]:
    """Return the action with that name. Raises UnknownActionError."""
    try:
        return ACTIONS[name]
    except KeyError:
        raise UnknownActionError(name) from None


def actions_for(model: type[Mirrored], user: User) -> list[Action[Any]]:
    """Return the actions on rows of the model that the person may use, in the order in which they are offered."""
    return [action for action in ACTIONS.values() if action.model is model and user.has_perm(action.permission)]


def title(job: Job) -> str:
    """Return what the job does as a title: "Mark as lost"."""
    action = ACTIONS.get(job.action)
    name = str(action.label) if action else job.action
    return _("Undo: %(what)s") % {"what": name} if job.undoes_id else capfirst(name)
