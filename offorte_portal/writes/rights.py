"""Whether whoever asked for an operation may still have it done; a job can run for hours."""

from django.contrib.auth.models import User

from offorte_portal.models import Mirrored, Operation
from offorte_portal.services.access import OTHERS, REASSIGN, may_act, may_create_for
from offorte_portal.writes.reasons import MAY_NOT_CHOOSE_OWNER, NO_ACCOUNT, NO_PERMISSION
from offorte_portal.writes.targets import target_of

OWNER = "account_user_id"


def refusal(operation: Operation) -> str:
    """Why it may not be done any more, "" where it may. What nobody asked for, the portal does of its own accord."""
    if operation.requested_by_id is None:
        return NO_ACCOUNT if operation.requested_by_name else ""
    # Read anew: permissions stay with an instance for as long as it lives.
    person = User.objects.filter(pk=operation.requested_by_id, is_active=True).first()
    if person is None:
        return NO_ACCOUNT
    if not may_choose_owner(person, operation):
        return MAY_NOT_CHOOSE_OWNER
    return "" if is_allowed(person, operation) else NO_PERMISSION


def is_allowed(person: User, operation: Operation) -> bool:
    """Whether the person may do this, to this very thing where it is there already."""
    target = target_of(operation)
    permission = target.permission(operation.verb)
    if not may_choose_owner(person, operation):
        return False
    if operation.verb == Operation.Verb.CREATE:
        return person.has_perm(permission)
    row = find_row(operation)
    if row is None:
        is_open = operation.target != "proposals" or person.has_perm(OTHERS)
        return is_open and person.has_perm(permission)
    return may_act(person, permission, row)


def may_choose_owner(person: User, operation: Operation) -> bool:
    """Whether the person may give the proposal the owner that this names: a new one that is their own, or any.

    One that is there is taken over by nobody without the permission, not even by the person.
    """
    if operation.target != "proposals" or OWNER not in operation.draft:
        return True
    if operation.verb == Operation.Verb.CREATE:
        return may_create_for(person, operation.connection_id, operation.draft[OWNER])
    return person.has_perm(REASSIGN)


def find_row(operation: Operation) -> Mirrored | None:
    """The mirror's row of what the operation is about."""
    rows = target_of(operation).resource.model._default_manager
    return rows.filter(connection_id=operation.connection_id, remote_id=operation.remote_id or 0).first()
