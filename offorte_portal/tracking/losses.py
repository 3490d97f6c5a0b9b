"""Why proposals were lost. Offorte has no field for it, so the portal keeps it beside the change of the status.

A loss counts while the proposal is lost and the change that made it so was done, or may still be. A change that is
rejected, fails, is cancelled or undone leaves no loss that counts; one that is retried counts again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.changes.models import Change
from offorte_portal.changes.recording import Recording, recording
from offorte_portal.text.keys import sort_key
from offorte_portal.tracking.models import Loss, LostReason
from offorte_portal.writes import asking, performing
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

State = Operation.State
LOST = Proposal.Status.LOST
# The kind of line in the change feed: proposals whose losses changed.
LOSSES = "losses"
# Of operations that were done or may still be.
COUNTED = (State.DONE, *Operation.PENDING)
# Up to so many losses, their proposals are looked up by key.
FEW = 2_000
# Competitors that a form suggests.
MOST_SUGGESTED = 200


@dataclass(frozen=True)
class Why:
    """A reason from the list, or None for another one; then `words` say it."""

    reason: LostReason | None = None
    words: str = ""
    competitor: str = ""

    def __bool__(self) -> bool:
        return bool(self.reason or self.words or self.competitor)


def why_of(loss: Loss) -> Why:
    """Return what a loss says about why."""
    return Why(loss.reason, loss.words, loss.competitor)


def to_options(why: Why) -> dict[str, Any]:
    """Return it as JSON for a job or a form: the reason with its name, so that it is described without a query."""
    named = {"default": why.reason.default, "name": why.reason.name} if why.reason else {}
    return {"reason": why.reason and why.reason.pk, **named, "words": why.words, "competitor": why.competitor}


def standing(why: Why) -> Why:
    """Return it with the reason in place of one that was merged into it."""
    if why.reason is None:
        return why
    return replace(why, reason=LostReason.objects.select_related("merged_into").get(pk=why.reason.pk).standing)


def from_options(options: Mapping[str, Any]) -> Why:
    """Return what `to_options` wrote; jobs of before losses had a text as their reason."""
    key = options.get("reason")
    if isinstance(key, str):
        return Why(words=key.strip())
    named = {"default": options.get("default", ""), "name": options.get("name", "")}
    reason = LostReason(pk=key, **named) if key else None
    return Why(reason, options.get("words", ""), options.get("competitor", ""))


def counting() -> QuerySet[Loss]:
    """Return the losses that count, at most one for each proposal."""
    is_done = Q(operation__isnull=True) | Q(operation__state__in=COUNTED)
    return Loss.objects.filter(is_done, ended_at__isnull=True, proposal__status=LOST)


def current(proposals: Iterable[Proposal]) -> dict[int, Loss]:
    """Return the loss that counts of each of these proposals by its key. One query."""
    keys = [proposal.pk for proposal in proposals]
    found = counting().filter(proposal__in=keys).select_related("reason", "by")
    return {loss.proposal_id: loss for loss in found}


def prefetch() -> Prefetch[Any]:
    """Return how proposals are read with their losses that count, as `current_losses`."""
    return Prefetch("losses", counting().select_related("reason", "by"), to_attr="current_losses")


def loaded(proposal: Proposal) -> Loss | None:
    """Return the loss that counts of a proposal that was read with `prefetch`."""
    found: list[Loss] = getattr(proposal, "current_losses", [])
    return found[0] if found else None


def among(proposals: QuerySet[Proposal], found: QuerySet[Loss]) -> QuerySet[Proposal]:
    """Return those of the lost proposals that have one of these losses, the faster way. One query to choose it."""
    keys = found.order_by().values("proposal")
    if keys[: FEW + 1].count() <= FEW:
        return proposals.filter(pk__in=keys)
    # With many matches, a list fills its page after checking a few rows.
    return proposals.filter(Exists(found.filter(proposal=OuterRef("pk"))), status=LOST)


def find_pending(proposal: Proposal) -> Loss | None:
    """Return the loss of a proposal that is about to be lost at Offorte; None where there is none."""
    found = Loss.objects.filter(proposal=proposal, ended_at__isnull=True, operation__state__in=Operation.PENDING)
    return found.select_related("operation", "reason", "by").first()


def lose(proposal: Proposal, why: Why, *, by: User, key: UUID, seen: str = "") -> Operation:
    """Ask Offorte to mark the proposal as lost, keep the reason, and wait for the answer.

    1. One transaction stores the change and its loss. The same `key` twice stores them once.
    2. If another such change is pending already, it is taken instead of a second one, with this reason.
    3. The change is sent, outside of the transaction, if Offorte still holds the status `seen`: by default the
       proposal's.

    Raises Rejected.
    """
    with _recorded(proposal.connection_id, by) as record:
        _lock([proposal.pk])
        record.note(LOSSES, proposal.remote_id, Change.What.CHANGED)
        operation = Operation.objects.filter(key=key).first()
        if operation is None:
            pending = find_pending(proposal)
            operation = pending.operation if pending else None
            operation = operation or _request(proposal, seen or proposal.status, by, key)
            _store(proposal, why, by, operation)
    return performing.perform(operation) if operation.state == State.WAITING else operation


def explain(proposal: Proposal, why: Why, *, by: User | None) -> Loss | None:
    """Keep or correct the reason of a proposal that is lost, or about to be; an empty one takes it back.

    Nothing is sent to Offorte.
    """
    with _recorded(proposal.connection_id, by) as record:
        _lock([proposal.pk])
        counted = Loss.objects.filter(proposal=proposal, ended_at__isnull=True, operation__state__in=COUNTED)
        loss = counted.select_related("operation", "reason").first()
        if loss and why_of(loss) == why:
            return loss
        record.note(LOSSES, proposal.remote_id, Change.What.CHANGED)
        if not why:
            Loss.objects.filter(proposal=proposal, ended_at__isnull=True).update(ended_at=ports.now())
            return None
        return _store(proposal, why, by, loss.operation if loss else None)


def record(made: Sequence[tuple[Proposal, Operation]], why: Why, by: User | None) -> None:
    """Keep why many proposals are lost, in the transaction that stores their changes; changes that ended are left out.

    A reason that was merged meanwhile is the other one; the competitor is spelled as in each account.
    """
    waiting = [(proposal, operation) for proposal, operation in made if operation.is_pending]
    why = standing(why)
    keys = [proposal.pk for proposal, _operation in waiting]
    lost = _lock(keys)
    Loss.objects.filter(proposal__in=keys, ended_at__isnull=True).update(ended_at=ports.now())
    accounts = {proposal.connection_id for proposal, _operation in waiting}
    spelled = {account: spell_competitor(account, why.competitor) for account in accounts}
    Loss.objects.bulk_create(
        Loss(
            connection_id=proposal.connection_id,
            proposal_id=proposal.pk,
            operation=operation,
            reason=why.reason,
            words=why.words,
            competitor=spelled[proposal.connection_id],
            by=by,
        )
        for proposal, operation in waiting
    )
    for account in {proposal.connection_id for proposal, _operation in waiting if proposal.pk in lost}:
        with recording(account) as news:
            for proposal, _operation in waiting:
                if proposal.connection_id == account:
                    news.note(LOSSES, proposal.remote_id, Change.What.CHANGED)


def describe(loss: Loss) -> str:
    """Return why a proposal was lost, in the reader's language."""
    return describe_why(why_of(loss))


def describe_why(why: Why) -> str:
    """Return the reason, the competitor and the words, as far as they are given."""
    parts = [str(why.reason)] if why.reason else []
    if why.competitor:
        parts.append(_("Competitor: %s") % why.competitor)
    if why.words:
        parts.append(_("“%s”") % why.words if parts else why.words)
    return " · ".join(parts)


def known_competitors(accounts: Collection[int]) -> list[str]:
    """Return the competitors that were named before in these accounts, by name; at most 200."""
    found = Loss.objects.filter(connection__in=accounts).exclude(competitor_key="").order_by("competitor_key")
    return [name for _key, name in found.values_list("competitor_key", "competitor").distinct()[:MOST_SUGGESTED]]


def spell_competitor(account: int, name: str) -> str:
    """Return the competitor's name as it was written before in the account, whatever its case and accents."""
    found = Loss.objects.filter(connection=account, competitor_key=sort_key(name)) if name else Loss.objects.none()
    return found.values_list("competitor", flat=True).first() or name


def _recorded(connection_id: int, by: User | None) -> AbstractContextManager[Recording]:
    return recording(connection_id, Change.Source.WRITE, person_id=by.pk if by else None)


def _lock(keys: Collection[int]) -> set[int]:
    """Wait until no other transaction stores a loss of these proposals; on SQLite none can. Return which are lost."""
    rows = Proposal.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return {key for key, status in rows.values_list("pk", "status") if status == LOST}


def _request(proposal: Proposal, seen: str, by: User, key: UUID) -> Operation:
    return asking.request(
        connection=proposal.connection,
        verb=Operation.Verb.CHANGE,
        target="proposals",
        remote_id=proposal.remote_id,
        draft={"status": LOST.value},
        before={"status": seen},
        expected={"status": seen},
        label=str(proposal),
        by=by,
        key=key,
    )


def _store(proposal: Proposal, why: Why, by: User | None, operation: Operation | None) -> Loss:
    """End the current loss and store another, which takes over the operation."""
    Loss.objects.filter(proposal=proposal, ended_at__isnull=True).update(ended_at=ports.now())
    if operation is not None:
        Loss.objects.filter(operation=operation).update(operation=None)
    return Loss.objects.create(
        connection_id=proposal.connection_id,
        proposal=proposal,
        operation=operation,
        reason=why.reason,
        words=why.words,
        competitor=spell_competitor(proposal.connection_id, why.competitor),
        by=by,
    )
