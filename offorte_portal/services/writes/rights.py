"""Whether whoever asked for an operation may still have it done; a job can run for hours."""

from django.contrib.auth.models import User

from offorte_portal.models import Mirrored, Operation
from offorte_portal.services.access import OTHERS, may_act
from offorte_portal.services.writes.reasons import NO_ACCOUNT, NO_PERMISSION
from offorte_portal.services.writes.targets import target_of

REASSIGN = "proposals.reassign_proposal"


def refusal(operation: Operation) -> str:
    """Why it may not be done any more, "" where it may. What nobody asked for, the portal does of its own accord."""
    if operation.requested_by_id is None:
        return NO_ACCOUNT if operation.requested_by_name else ""
    # Read anew: permissions stay with an instance for as long as it lives.
    person = User.objects.filter(pk=operation.requested_by_id, is_active=True).first()
    if person is None:
        return NO_ACCOUNT
    return "" if is_allowed(person, operation) else NO_PERMISSION


def is_allowed(person: User, operation: Operation) -> bool:
    """Whether the person may do this, to this very thing where it is there already."""
    target = target_of(operation)
    permission = target.permission(operation.verb)
    if operation.verb == Operation.Verb.CREATE:
        return person.has_perm(permission)
    if operation.target == "proposals" and "account_user_id" in operation.draft and not person.has_perm(REASSIGN):
        return False
    row = find_row(operation)
    if row is None:
        is_open = operation.target != "proposals" or person.has_perm(OTHERS)
        return is_open and person.has_perm(permission)
    return may_act(person, permission, row)


def find_row(operation: Operation) -> Mirrored | None:
    """The mirror's row of what the operation is about."""
    rows = target_of(operation).resource.model._default_manager
    return rows.filter(connection_id=operation.connection_id, remote_id=operation.remote_id or 0).first()
