"""Decides what becomes of each customer and product in an Offorte account. Changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from offorte_portal.connections.models import Connection
from offorte_portal.other_systems.marks import company_marks, identify
from offorte_portal.other_systems.models import MovedItem, PartyMatch, Source
from offorte_portal.other_systems.models.moving import UNMADE
from offorte_portal.other_systems.move_reasons import MoveReason, MoveWarning
from offorte_portal.other_systems.moving.known import Existing, Known
from offorte_portal.text.keys import match_key
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation

Kind = MovedItem.Kind
Decision = MovedItem.Decision


class Outcome(StrEnum):
    """What becomes of an item."""

    MAKE = "make"
    MATCHED = "matched"  # it is in Offorte, and is used there
    DOUBTFUL = "doubtful"  # it may be in Offorte; a person chooses
    MADE = "made"  # an operation has created it, or may still do so
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class MoveChoice:
    """A person's choices. `kinds` are those to create; `doubtful` is for what may be in Offorte already."""

    connection: Connection
    kinds: frozenset[str]
    doubtful: str = Decision.LEAVE
    currency: str = "EUR"
    takes_other_currencies: bool = False


@dataclass
class Verdict:
    """What becomes of one item, and why.

    `same_as` is the item of the list that is created in its place, `operation` what has created it or may still do so.
    """

    item: MovedItem
    outcome: Outcome
    reason: Reason | None = None
    existing: Existing | None = None
    same_as: MovedItem | None = None
    operation: Operation | None = None
    warnings: list[Reason] = field(default_factory=list)
    vat_id: int | None = None


class Judge:
    """Judges the items of a source for an account. Reads the account and the source's companies once."""

    def __init__(self, source: Source, choice: MoveChoice) -> None:
        self.source, self.choice = source, choice
        self.known = Known(choice.connection)
        self.verdicts: dict[int, Verdict] = {}
        self._firsts: dict[tuple[str, ...], MovedItem] = {}
        self._matches: dict[tuple[str, str], PartyMatch] = {
            (match.kind, match.key): match
            for match in source.matches.filter(state=PartyMatch.State.CONFIRMED).select_related("created_with")
        } | {
            (match.kind, match.key): match
            for match in source.matches.filter(created_with__isnull=False).select_related("created_with")
        }
        self._remembered: set[str] = set()

    def judge(self, items: Iterable[MovedItem]) -> list[Verdict]:
        """Return the verdicts on these items, companies and directories before what is in them."""
        verdicts = []
        for item in items:
            if item.pk not in self.verdicts:
                self.verdicts[item.pk] = self._judge(item)
            verdicts.append(self.verdicts[item.pk])
        return verdicts

    def _remember(self, kind: str) -> None:
        """Find the first of all items of a kind that are the same, so that each chunk of a job finds the same ones."""
        if kind in self._remembered:
            return
        self._remembered.add(kind)
        items = MovedItem.objects.filter(source=self.source, kind=kind, missing_since__isnull=True)
        items = items.exclude(decision=Decision.LEAVE).select_related("created_with", "parent__created_with")
        for item in items.defer("warnings", "facts", "parent__warnings").order_by("pk"):
            if item.obstacle is None:
                for mark in self._marks(item):
                    self._firsts.setdefault(mark, item)

    def _marks(self, item: MovedItem) -> Iterable[tuple[str, ...]]:
        """Yield what no two items of the list share unless they are the same."""
        values = item.values
        match item.kind:
            case Kind.COMPANY:
                marks = company_marks(values)
                yield from ((item.kind, name, marks[name]) for name in ("vat_number", "coc_number") if name in marks)
                for more in ("zipcode", "email"):
                    if marks.get("name") and marks.get(more):
                        yield item.kind, marks["name"], more, marks[more]
            case Kind.PERSON:
                yield item.kind, str(item.parent_id), *identify(item.name, values.get("email", ""))
            case Kind.DIRECTORY:
                yield item.kind, match_key(item.name)
            case Kind.PRODUCT if values.get("sku"):
                yield item.kind, values["sku"].strip().casefold()

    def _find_first(self, item: MovedItem) -> MovedItem | None:
        """Return the item before this one that is the same; None where this is the first."""
        self._remember(item.kind)
        found = [self._firsts[mark] for mark in self._marks(item) if mark in self._firsts]
        return min((first for first in found if first.pk < item.pk), key=lambda first: first.pk, default=None)

    def _judge(self, item: MovedItem) -> Verdict:
        if (verdict := self._judge_past(item)) is not None:
            return verdict
        if item.missing_since is not None:
            return Verdict(item, Outcome.LEFT_OUT, MoveReason.GONE())
        if item.obstacle is not None:
            return Verdict(item, Outcome.LEFT_OUT, item.obstacle)
        parent = self._judge_parent(item)
        if isinstance(parent, Reason):
            return Verdict(item, Outcome.LEFT_OUT, parent)
        if item.decision == Decision.LEAVE:
            return Verdict(item, Outcome.LEFT_OUT, MoveReason.LEFT_BY_CHOICE())
        if item.decision != Decision.MAKE and (first := self._find_first(item)) is not None:
            reason = MoveReason.SAME_AS(name=str(first)[:200])
            return Verdict(item, Outcome.MATCHED, reason, same_as=first)
        verdict = self._judge_existing(item, parent) or self._judge_new(item)
        verdict.warnings = [*item.warnings, *verdict.warnings]
        return verdict

    def _judge_past(self, item: MovedItem) -> Verdict | None:
        """Return the verdict on what was created before, from here or with a quote, or is confirmed."""
        match = self._matches.get((item.kind, item.external_id))
        operation = item.created_with if item.is_claimed else match.created_with if match else None
        if operation is not None and operation.state not in (*UNMADE, Operation.State.UNDONE):
            if operation.connection_id != self.choice.connection.pk:
                return Verdict(item, Outcome.LEFT_OUT, MoveReason.OTHER_ACCOUNT())
            states = {Operation.State.DONE: MoveReason.MADE, Operation.State.UNKNOWN: MoveReason.UNKNOWN}
            reason = states.get(Operation.State(operation.state), MoveReason.UNDER_WAY)
            existing = Existing(operation.remote_id, str(item), ("made",)) if operation.remote_id else None
            return Verdict(item, Outcome.MADE, reason(), existing, operation=operation)
        if match is None or match.remote_id is None or match.connection_id is None:
            return None
        if match.connection_id != self.choice.connection.pk:
            return Verdict(item, Outcome.LEFT_OUT, MoveReason.OTHER_ACCOUNT())
        existing = Existing(match.remote_id, match.name, tuple(match.evidence))
        return Verdict(item, Outcome.MATCHED, _matched(existing), existing)

    def _judge_parent(self, item: MovedItem) -> Verdict | Reason | None:
        """Return the verdict on a person's company or a product's directory, or why nothing can be created in it."""
        if item.kind not in {Kind.PERSON, Kind.PRODUCT}:
            return None
        if item.parent is None:
            return MoveReason.NO_COMPANY() if item.kind == Kind.PERSON else MoveReason.DIRECTORY_LEFT_OUT()
        (parent,) = self.judge([item.parent])
        if self.is_placed(parent):
            return parent
        return MoveReason.COMPANY_LEFT_OUT() if item.kind == Kind.PERSON else MoveReason.DIRECTORY_LEFT_OUT()

    def is_placed(self, verdict: Verdict) -> bool:
        """Return whether something can be created in what this verdict is about: it is in Offorte, or will be."""
        if verdict.same_as is not None:
            (first,) = self.judge([verdict.same_as])
            return self.is_placed(first)
        if verdict.outcome == Outcome.MAKE:
            # Directories are created with the products that lie in them.
            return (Kind.PRODUCT if verdict.item.kind == Kind.DIRECTORY else verdict.item.kind) in self.choice.kinds
        return verdict.outcome in {Outcome.MATCHED, Outcome.MADE}

    def remote_id(self, verdict: Verdict | None) -> int | None:
        """Return the id in Offorte of what a verdict is about; None where it has none yet."""
        if verdict is None:
            return None
        if verdict.same_as is not None:
            return self.remote_id(self.judge([verdict.same_as])[0])
        return verdict.existing.remote_id if verdict.existing and self.is_placed(verdict) else None

    def _judge_existing(self, item: MovedItem, parent: Verdict | None) -> Verdict | None:
        """Return the verdict on what is in Offorte, or may be; None where nothing is found, or a person creates it."""
        place = self.remote_id(parent)
        existing: Existing | None = None
        match item.kind:
            case Kind.COMPANY:
                existing = self.known.company(item)
            case Kind.PERSON:
                existing = self.known.person(item, place) if place else None
            case Kind.DIRECTORY:
                existing = self.known.directory(item)
            case _:
                existing = self.known.product(item, place)
        if existing is None:
            return None
        if existing.is_certain and item.decision != Decision.MAKE:
            return Verdict(item, Outcome.MATCHED, _matched(existing), existing)
        decision = item.decision or self.choice.doubtful
        if decision == Decision.MAKE:
            return None
        if decision == Decision.USE:
            return Verdict(item, Outcome.MATCHED, _matched(existing), existing)
        reason = MoveReason.DOUBTFUL(name=existing.name[:200], id=existing.remote_id)
        return Verdict(item, Outcome.DOUBTFUL, reason, existing)

    def _judge_new(self, item: MovedItem) -> Verdict:
        """Return the verdict on something that Offorte does not have."""
        verdict = Verdict(item, Outcome.MAKE)
        if item.kind == Kind.PRODUCT:
            currency = item.facts.get("currency", "")
            is_other = bool(currency) and currency != self.choice.currency and bool(item.values.get("price"))
            if is_other and not self.choice.takes_other_currencies:
                return Verdict(item, Outcome.LEFT_OUT, MoveReason.OTHER_CURRENCY(currency=currency))
            rate = item.facts.get("vat", "")
            verdict.vat_id = self.known.vat_group(rate) if rate else None
            if verdict.vat_id is None:
                verdict.warnings.append(MoveWarning.NO_VAT_GROUP(rate=rate) if rate else MoveWarning.VAT_MISSING())
        return verdict


def _matched(existing: Existing) -> Reason:
    return MoveReason.MATCHED(name=existing.name[:200], id=existing.remote_id)


def items_to_judge(source: Source, kinds: Iterable[str]) -> Sequence[MovedItem]:
    """Return the items of these kinds with their parents, companies first, so that each comes after what it is in."""
    order = [kind for kind in (Kind.COMPANY, Kind.PERSON, Kind.DIRECTORY, Kind.PRODUCT) if kind in kinds]
    items = MovedItem.objects.filter(source=source, kind__in=order)
    rows = items.select_related("created_with", "parent__created_with").order_by("pk")
    return sorted(rows, key=lambda item: order.index(Kind(item.kind)))
