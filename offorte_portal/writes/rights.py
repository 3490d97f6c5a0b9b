"""Whether the person who asked for an operation may still do it; a job can run for hours."""

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
    """Return why the operation may no longer be done, or None if it may.

    The portal's own operations, which no person asked for, always may.
    """
    if operation.requested_by_id is None:
        return WriteReason.NO_ACCOUNT() if operation.requested_by_name else None
    # Read from the database, because an instance caches its permissions.
    person = User.objects.filter(pk=operation.requested_by_id, is_active=True).first()
    if person is None:
        return WriteReason.NO_ACCOUNT()
    if not may_choose_owner(person, operation):
        return WriteReason.MAY_NOT_CHOOSE_OWNER()
    return None if is_allowed(person, operation) else WriteReason.NO_PERMISSION()


def is_allowed(person: User, operation: Operation) -> bool:
    """Return whether the person may do this, with this row if the mirror holds it."""
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
    """Return whether the person may set the owner that the draft names, if it names one.

    Setting the owner of an existing proposal needs the permission to reassign, also for the person's own account.
    """
    if operation.target != "proposals" or OWNER not in operation.draft:
        return True
    if operation.verb == Operation.Verb.CREATE:
        return may_create_for(person, operation.connection_id, operation.draft[OWNER])
    return person.has_perm(REASSIGN)


def find_row(operation: Operation) -> Mirrored | None:
    """Return the mirror's row of the operation's object, or None if there is none."""
    rows = target_of(operation).resource.model._default_manager
    return rows.filter(connection_id=operation.connection_id, remote_id=operation.remote_id or 0).first()


OTHERS_OPERATIONS = "writes.view_others_operations"


def visible_operations(user: User) -> QuerySet[Operation]:
    """Return the operations that the person may see: their own, or all with the permission."""
    if user.has_perm(OTHERS_OPERATIONS):
        return Operation.objects.all()
    return Operation.objects.filter(requested_by=user)


def may_control(operation: Operation, user: User) -> bool:
    """Return whether the person may cancel, retry, settle or undo: they see it and could ask for it themselves."""
    is_known = operation.target in RESOURCES and user.has_perm("writes.view_operation")
    is_seen = operation.requested_by_id == user.pk or user.has_perm(OTHERS_OPERATIONS)
    return is_known and is_seen and is_allowed(user, operation)
