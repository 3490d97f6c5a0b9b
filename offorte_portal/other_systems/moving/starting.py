"""Starts the job that brings customers and products to Offorte, after a person has seen what becomes of each."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction

from offorte_portal import ports
from offorte_portal.jobs import starting
from offorte_portal.jobs.models import Job
from offorte_portal.other_systems.models import MovedItem, Source
from offorte_portal.other_systems.moving.action import MOVE, RESOURCES
from offorte_portal.other_systems.moving.judging import Judge, MoveChoice, Outcome, Verdict, items_to_judge
from offorte_portal.writes.targets import TARGETS

Kind = MovedItem.Kind
# The kinds that people choose; directories are created with the products that lie in them.
CHOSEN = (Kind.COMPANY, Kind.PERSON, Kind.PRODUCT)


@dataclass(frozen=True)
class Plan:
    """What becomes of all items of the chosen kinds, in the order in which they are created."""

    choice: MoveChoice
    verdicts: list[Verdict] = field(default_factory=list)

    def of(self, *outcomes: Outcome) -> list[Verdict]:
        """Return the verdicts with one of these outcomes."""
        return [verdict for verdict in self.verdicts if verdict.outcome in outcomes]

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        """The number of items by kind and outcome."""
        return Counter((verdict.item.kind, verdict.outcome.value) for verdict in self.verdicts)


def creatable_kinds(user: User) -> list[Kind]:
    """Return the kinds that the person may create in Offorte; products take the right to create directories, too."""
    needed = {Kind.PRODUCT: (Kind.PRODUCT, Kind.DIRECTORY)}
    return [
        kind
        for kind in CHOSEN
        if all(user.has_perm(TARGETS[RESOURCES[each]].permission("create")) for each in needed.get(kind, (kind,)))
    ]


def plan(source: Source, choice: MoveChoice) -> Plan:
    """Return what becomes of the items of the chosen kinds, and of the directories that new products lie in."""
    kinds = set(choice.kinds) | ({Kind.DIRECTORY.value} if Kind.PRODUCT in choice.kinds else set())
    judge = Judge(source, choice)
    verdicts = judge.judge(items_to_judge(source, kinds))
    needed = {
        verdict.item.parent_id
        for verdict in verdicts
        if verdict.item.kind == Kind.PRODUCT and verdict.outcome == Outcome.MAKE
    }
    # A directory that is the same as another one is created as that one.
    needed |= {verdict.same_as.pk for verdict in verdicts if verdict.same_as and verdict.item.pk in needed}
    shown = [verdict for verdict in verdicts if verdict.item.kind != Kind.DIRECTORY or verdict.item.pk in needed]
    return Plan(choice, shown)


def start(source: Source, planned: Plan, *, by: User, key: uuid.UUID) -> Job:
    """Start the job, or return the one with this key. What was brought before is not part of it.

    Raises PermissionDenied.
    """
    choice = planned.choice
    verdicts = [verdict for verdict in planned.verdicts if not _is_past(verdict)]
    with transaction.atomic():
        if (known := Job.objects.filter(key=key, requested_by=by).first()) is not None:
            return known
        _mark(verdicts, choice)
        options = {
            "source": source.pk,
            "label": source.label,
            "account": choice.connection.pk,
            "kinds": sorted(choice.kinds),
            "doubtful": choice.doubtful,
            "currency": choice.currency,
            "takes_other_currencies": choice.takes_other_currencies,
            "confirmed_at": ports.now().isoformat(),
        }
        selection = [verdict.item.pk for verdict in verdicts]
        return starting.start(MOVE, selection=selection, options=options, by=by, key=key)


def _is_past(verdict: Verdict) -> bool:
    return verdict.outcome == Outcome.MADE or verdict.item.is_claimed


def _mark(verdicts: Sequence[Verdict], choice: MoveChoice) -> None:
    """Store the account of each item, and what it was recognised as there."""
    for verdict in verdicts:
        item, existing = verdict.item, verdict.existing
        is_matched = verdict.outcome == Outcome.MATCHED and existing is not None
        item.connection = choice.connection
        item.remote_id = existing.remote_id if is_matched and existing else None
        item.evidence = list(existing.evidence) if is_matched and existing else []
    columns = ["connection", "remote_id", "evidence"]
    MovedItem.objects.bulk_update([verdict.item for verdict in verdicts], columns, batch_size=250)
