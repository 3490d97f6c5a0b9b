"""Whether whoever asked for an operation may still have it done; a job can run for hours."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

from offorte_portal.mirror.models import Mirrored
from offorte_portal.mirror.registry import RESOURCES
from offorte_portal.staff.access import OTHERS, REASSIGN, may_act, may_create_for
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from offorte_portal.writes.targets import target_of

OWNER = "account_user_id"


def refusal(operation: Operation) -> Reason | None:
    """Why it may not be done any more, None where it may. What nobody asked for, the portal does of its own accord."""
    if operation.requested_by_id is None:
        return WriteReason.NO_ACCOUNT() if operation.requested_by_name else None
    # Read anew: permissions stay with an instance for as long as it lives.
    person = User.objects.filter(pk=operation.requested_by_id, is_active=True).first()
    if person is None:
        return WriteReason.NO_ACCOUNT()
    if not may_choose_owner(person, operation):
        return WriteReason.MAY_NOT_CHOOSE_OWNER()
    return None if is_allowed(person, operation) else WriteReason.NO_PERMISSION()


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


OTHERS_OPERATIONS = "writes.view_others_operations"


def visible_operations(user: User) -> QuerySet[Operation]:
    """The writes that the person may see: what they asked for, also by their jobs, or everything."""
    if user.has_perm(OTHERS_OPERATIONS):
        return Operation.objects.all()
    return Operation.objects.filter(requested_by=user)


def may_control(operation: Operation, user: User) -> bool:
    """Whether the person may cancel, repeat, settle or undo the write: they see it, and could ask for it themselves."""
    is_known = operation.target in RESOURCES and user.has_perm("writes.view_operation")
    is_seen = operation.requested_by_id == user.pk or user.has_perm(OTHERS_OPERATIONS)
    return is_known and is_seen and is_allowed(user, operation)
