"""The writes that undo the operations of a job, and the reasons why some of them can't be undone."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User

from contacts.models import Person
from offorte_portal.api.errors import Rejected
from offorte_portal.jobs.action import Write
from offorte_portal.jobs.companions import Undoing, in_chains
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.jobs.registry import ACTIONS
from offorte_portal.jobs.storing import Chunk
from offorte_portal.staff.access import OTHERS, own
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation
from offorte_portal.writes.targets import TARGETS
from proposals.models import Proposal

# Offorte accepts these parameters but never returns them, so nobody can see whether it still holds the values.
UNTOLD = {"company_contacts"}
Verb = Operation.Verb


def add_undoings(chunk: Chunk, undone: Job, keys: Sequence[int]) -> None:
    """Compose the writes that undo these operations, in their order."""
    operations = undone.operations.in_bulk(keys)
    context = Context(chunk.job, undone, list(operations.values()))
    kept: list[Operation] = []
    for operation in (operations[key] for key in keys if key in operations):
        if reason := context.refusal(operation):
            chunk.skip_undoing(operation, reason)
        elif context.action and operation.evidence and not operation.draft:
            chunk.restore(context.action, operation)
        else:
            kept.append(operation)
    if context.companions:
        add_in_chains(chunk, in_chains(kept, context.may))
        return
    contacts: Write | None = None
    for operation in kept:
        # A person who was created for this may be deleted only once no proposal names them any more.
        names_people = operation.verb == Verb.CREATE or bool(UNTOLD & operation.draft.keys())
        # A row that stays, as it was sent or changed, must not stop the others.
        is_chained = names_people and not (operation.verb == Verb.CREATE and operation.target in context.meant)
        write = undoing_of(operation, after=contacts if is_chained else None)
        if operation.verb == Verb.CREATE and context.is_import:
            write.expected = operation.draft
        try:
            chunk.write([write])
        except Rejected:
            chunk.skip_undoing(operation, JobReason.BEFORE_REFUSED())
        else:
            contacts = write if is_chained else contacts


def add_in_chains(chunk: Chunk, undoings: Iterable[Undoing]) -> None:
    """Compose the writes that delete what a job created, each after the one that it depends on."""
    writes: list[Write] = []
    of: dict[Operation, Write] = {}
    for operation, reason, after in undoings:
        if reason is not None:
            chunk.skip_undoing(operation, reason)
            continue
        write = undoing_of(operation, after=of[after] if after else None)
        if operation.target != "proposals":
            write.expected = operation.draft
        of[operation] = write
        writes.append(write)
    chunk.write(writes)


class Context:
    """What undoing a job needs to know besides the operations themselves, read once for all of them."""

    def __init__(self, job: Job, undone: Job, operations: Collection[Operation]) -> None:
        self.deleted = {
            (connection_id, target, remote_id)
            for connection_id, target, remote_id in undone.operations.filter(
                verb=Verb.DELETE, state=Operation.State.DONE
            ).values_list("connection", "target", "remote_id")
        }
        pending = [*Operation.PENDING, Operation.State.DONE]
        self.being_undone = set(
            Operation.objects.filter(undoes__in=operations, state__in=pending).values_list("undoes", flat=True)
        )
        self.action = action = ACTIONS.get(undone.action)
        # What the job was meant to create; "" if it created rows only as part of other changes.
        self.creates = action.creates if action else ""
        # All that it was meant to create.
        self.meant = {self.creates, *action.also_creates} if action else {self.creates}
        self.is_import = bool(action and not action.is_mirrored and self.creates != "proposals")
        self.companions = action.companions if action else ()
        self._by = job.requested_by
        deletable = self.meant - {""} or {"people"}
        self.may_delete = {target: self.may(TARGETS[target].permission(Verb.DELETE)) for target in deletable}
        self.in_use = used_companies(operations) if self.creates == "companies" else set()
        self.foreign: set[tuple[int, int | None]] = set()
        if job.requested_by and not job.requested_by.has_perm(OTHERS):
            self.foreign = self._foreign(job.requested_by, operations)

    def may(self, permission: str) -> bool:
        """Return whether the person who undoes the job has the permission."""
        return bool(self._by and self._by.has_perm(permission))

    def _foreign(self, user: User, operations: Iterable[Operation]) -> set[tuple[int, int | None]]:
        """Return the proposals among them that belong to other people."""
        named = {
            (operation.connection_id, operation.remote_id)
            for operation in operations
            if operation.target == "proposals"
        }
        rows = Proposal.objects.filter(remote_id__in=[remote_id for _, remote_id in named if remote_id])
        return named - set(own(rows, user).values_list("connection", "remote_id"))

    def refusal(self, operation: Operation) -> Reason | None:
        """Return the reason why the operation is not undone; None if it is."""
        if operation.state == Operation.State.UNDONE or operation.pk in self.being_undone:
            return JobReason.ITSELF_UNDONE()
        if operation.target == "proposals" and (operation.connection_id, operation.remote_id) in self.foreign:
            return JobReason.NOT_YOURS()
        if self.has_lost_its_place(operation):
            return JobReason.DELETED_SINCE()
        if operation.verb == Verb.CREATE:
            return self.refusal_of_creation(operation)
        if operation.verb != Verb.CHANGE:
            return JobReason.NOT_UNDOABLE()
        if self.action and operation.evidence and not operation.draft:
            return self.action.refuse_restoring(operation)
        is_known = all(operation.before.get(name) is not None for name in operation.draft)
        return None if is_known else JobReason.BEFORE_UNKNOWN()

    def refusal_of_creation(self, operation: Operation) -> Reason | None:
        """Return the reason why what was created is not deleted again; None if it is."""
        if operation.target in self.companions and operation.remote_id:
            return None
        # Other proposals may by now name the people that were created for a proposal.
        if operation.target not in self.may_delete or not operation.remote_id:
            return JobReason.NOT_UNDOABLE()
        if self.creates and not self.may_delete[operation.target]:
            is_proposal = operation.target == "proposals"
            return JobReason.MAY_NOT_DELETE() if is_proposal else JobReason.MAY_NOT_DELETE_THIS()
        is_used = operation.target == "companies" and (operation.connection_id, operation.remote_id) in self.in_use
        return JobReason.IN_USE() if is_used else None

    def has_lost_its_place(self, operation: Operation) -> bool:
        """Return whether the job itself deleted what the undo would restore or depends on."""
        account = operation.connection_id
        company = (account, "companies", operation.before.get("company_id"))
        people = {(account, "people", remote_id) for remote_id in operation.before.get("company_contacts") or ()}
        if operation.verb == Verb.CREATE:
            return any(target == "people" for _, target, _ in self.deleted)
        return company in self.deleted or bool(people & self.deleted)


def used_companies(operations: Iterable[Operation]) -> set[tuple[int, int | None]]:
    """Return those of the created companies that have people or proposals by now."""
    made = {operation.remote_id for operation in operations if operation.target == "companies" and operation.remote_id}
    used: set[tuple[int, int | None]] = set()
    for model in (Person, Proposal):
        rows = model._default_manager.filter(company_remote_id__in=made, removed_at__isnull=True)
        used |= set(rows.values_list("connection", "company_remote_id"))
    return used


def undoing_of(operation: Operation, *, after: Write | None) -> Write:
    """Return the write that restores what an operation found, or deletes what it created."""
    shared: dict[str, Any] = {
        "connection_id": operation.connection_id,
        "target": operation.target,
        "remote_id": operation.remote_id,
        "parent_remote_id": operation.parent_remote_id,
        "label": operation.label,
        "undoes_id": operation.pk,
        "after": after,
    }
    if operation.verb == Verb.CREATE:
        # A proposal that a prospect may have received is not deleted.
        unsent = {"status": Proposal.Status.EDIT.value} if operation.target == "proposals" else {}
        return Write(**shared, verb=Verb.DELETE, expected=unsent)
    expected = {name: value for name, value in operation.draft.items() if name not in UNTOLD}
    before = {name: operation.before[name] for name in operation.draft}
    return Write(**shared, draft=before, before=operation.draft, expected=expected)
