"""The bulk action that brings customers and products of other systems to Offorte.

Its rows are `MovedItem`s, companies before people and directories before products. A row has one operation that may
create it, stored with the row in the transaction that plans it. One that ended without creating anything is replaced:
it can then no longer be tried again, so that nothing is created twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from offorte_portal import ports
from offorte_portal.api.errors import Rejected
from offorte_portal.connections.models import Connection
from offorte_portal.jobs.action import Action, Choice, NewId, Options, Skip, Step, Write
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.other_systems.models import MovedItem, PartyMatch, Source
from offorte_portal.other_systems.models.moving import UNMADE
from offorte_portal.other_systems.move_reasons import MoveReason
from offorte_portal.other_systems.moving.judging import Judge, MoveChoice, Outcome, Verdict
from offorte_portal.text.reason import Reason
from offorte_portal.writes.asking import check_draft
from offorte_portal.writes.models import Operation
from offorte_portal.writes.targets import TARGETS

Kind = MovedItem.Kind
# Offorte's resource, by the kind of item.
RESOURCES = {
    Kind.COMPANY.value: "companies",
    Kind.PERSON.value: "people",
    Kind.DIRECTORY.value: "directories",
    Kind.PRODUCT.value: "products",
}
IMPORT = "other_systems.import_source"


def choice_of(options: Options, connection: Connection) -> MoveChoice:
    """Return the choices that a job's options hold."""
    return MoveChoice(
        connection=connection,
        kinds=frozenset(options["kinds"]),
        doubtful=options["doubtful"],
        currency=options["currency"],
        takes_other_currencies=options["takes_other_currencies"],
    )


class Move(Action[Any]):
    """Creates what a person has seen; what has changed since, or is in Offorte by now, is left out with the reason."""

    name = "other_systems.move"
    label = _("Bring customers and products to Offorte")
    permission = IMPORT
    model = MovedItem
    target = creates = "companies"
    also_creates = frozenset({"people", "products"})
    verb = Operation.Verb.CREATE
    columns = (
        "source", "kind", "external_id", "name", "parent", "values", "facts", "warnings", "obstacle", "changed_at",
        "missing_since", "decision", "evidence", "created_with",
    )  # fmt: skip
    is_exclusive = True
    is_mirrored = False

    def clean(self, options: Mapping[str, Any]) -> Options:
        """Raise ValidationError: it starts on a page of its own (`other_systems/pages/moving.py`)."""
        raise ValidationError({"source": _("Choose the customers and products first.")})

    def describe(self, options: Options) -> str:
        """Return the action's label with the name of the system."""
        return f"{self.label}: {options.get('label', '')}"

    def plan(self, rows: Sequence[MovedItem], choice: Choice) -> Iterator[Step | Skip]:
        """Yield one write for each row, or the reason why the row is left out."""
        options = choice.options
        source = Source.objects.filter(pk=options["source"]).first()
        connection = Connection.objects.filter(pk=options["account"]).first()
        if source is None or connection is None:
            yield from (Skip(JobReason.MISSING()) for _row in rows)
            return
        parents = MovedItem.objects.filter(pk__in=[row.parent_id for row in rows if row.parent_id is not None])
        known = {parent.pk: parent for parent in parents.select_related("created_with")}
        operations = Operation.objects.in_bulk([row.created_with_id for row in rows if row.created_with_id is not None])
        for row in rows:
            row.created_with = operations.get(row.created_with_id) if row.created_with_id else None
            row.parent = known.get(row.parent_id) if row.parent_id else None
        making = _Making(Judge(source, choice_of(options, connection)), choice)
        yield from (making.decide(row) for row in rows)

    def keep(self, made: Sequence[tuple[MovedItem, Operation]]) -> None:
        """Store which operation creates each row, also for the customer of quotes that it is."""
        for row, operation in made:
            target = RESOURCES[row.kind]
            if operation.target != target:  # a row that is left out
                Operation.objects.filter(pk=operation.pk).update(target=target)
            if operation.state == Operation.State.WAITING:
                self._keep(row, operation)

    @staticmethod
    def _keep(row: MovedItem, operation: Operation) -> None:
        """Store what creates a row, in place of earlier operations that have created nothing."""
        matches = PartyMatch.objects.filter(source=row.source_id, kind=row.kind, key=row.external_id)
        match = matches.select_for_update().first()
        earlier = {row.created_with_id, match.created_with_id if match else None} - {None}
        if not all(_replace(pk) for pk in earlier if pk is not None):
            # Somebody has tried it again, or copies a quote of this customer, at this very moment.
            ended = {"state": Operation.State.SKIPPED, "reason": MoveReason.UNDER_WAY(), "finished_at": ports.now()}
            Operation.objects.filter(pk=operation.pk).update(**ended)
            return
        MovedItem.objects.filter(pk=row.pk).update(created_with=operation, remote_id=None, evidence=[])
        if match is not None:
            PartyMatch.objects.filter(pk=match.pk).update(created_with=operation)


def _replace(pk: int) -> bool:
    """Keep an operation that has created nothing from being tried again; return False if it may create something."""
    rows = Operation.objects.filter(pk=pk)
    replaced = rows.filter(state__in=UNMADE).update(state=Operation.State.SKIPPED, reason=MoveReason.REPLACED())
    return bool(replaced) or not rows.exclude(state=Operation.State.UNDONE).exists()


class _Making:
    """The writes of one chunk of a job."""

    def __init__(self, judge: Judge, choice: Choice) -> None:
        self.judge, self.by = judge, choice.by
        self.confirmed_at = parse_datetime(choice.options["confirmed_at"])
        self.kinds = judge.choice.kinds
        self._writes: dict[int, Write] = {}

    def decide(self, row: MovedItem) -> Step | Skip:
        """Return the creation of a row, or why it is left out."""
        (verdict,) = self.judge.judge([row])
        if verdict.outcome != Outcome.MAKE:
            return Skip(verdict.reason or JobReason.CHANGED_SINCE())
        is_newer = row.changed_at is not None and self.confirmed_at is not None and row.changed_at > self.confirmed_at
        # One that was shown as being in Offorte is not created without being shown as new.
        if is_newer or row.remote_id is not None:
            return Skip(MoveReason.CHANGED())
        if not self.by.has_perm(IMPORT) or not self.by.has_perm(TARGETS[RESOURCES[row.kind]].permission("create")):
            return Skip(MoveReason.NOT_ALLOWED())
        draft, place = draft_of(verdict), None
        if row.parent is not None:
            place = self._place(self.judge.judge([row.parent])[0])
            if place is None:
                is_person = row.kind == Kind.PERSON
                return Skip(MoveReason.COMPANY_LEFT_OUT() if is_person else MoveReason.DIRECTORY_LEFT_OUT())
        if (reason := _refusal(RESOURCES[row.kind], draft)) is not None:
            return Skip(reason)
        write = Write(
            connection_id=self.judge.choice.connection.pk,
            target=RESOURCES[row.kind],
            remote_id=None,
            parent_remote_id=place if isinstance(place, int) else None,
            label=str(row),
            verb=Operation.Verb.CREATE,
            draft=draft if place is None or isinstance(place, int) else draft | {"parent_remote_id": place},
            after=place.write if isinstance(place, NewId) else None,
        )
        self._writes[row.pk] = write
        return Step([write])

    def _place(self, verdict: Verdict) -> int | NewId | dict[str, int] | None:
        """Return the id in Offorte of a company or a directory, or a reference to what creates it; None for neither."""
        if verdict.same_as is not None:
            return self._place(self.judge.judge([verdict.same_as])[0])
        if verdict.item.pk in self._writes:
            return NewId(self._writes[verdict.item.pk])
        if verdict.existing is not None and verdict.outcome in {Outcome.MATCHED, Outcome.MADE}:
            return verdict.existing.remote_id
        operation = verdict.operation
        return {"operation": operation.pk} if operation is not None and operation.is_pending else None


def draft_of(verdict: Verdict) -> dict[str, Any]:
    """Return the draft of an item for Offorte; the id that it lies in is not part of it."""
    draft: dict[str, Any] = dict(verdict.item.values)
    return draft if verdict.vat_id is None else draft | {"vat_id": verdict.vat_id}


def _refusal(target: str, draft: dict[str, Any]) -> Reason | None:
    """Return the reason why a draft can't be sent; None where it can."""
    try:
        check_draft(TARGETS[target], Operation.Verb.CREATE, draft)
    except Rejected:
        return JobReason.REFUSED()
    return None


MOVE = Move()
