"""Copies of lost quotes, once they are lost in Offorte as well, are lost for the reason that the other system gave.

The reason is found by its name in the managers' list; else it is kept as the explanation, after the system's name. A
reason that a person gave stays.
"""

from collections.abc import Collection, Sequence

from offorte_portal.changes.models import Change
from offorte_portal.other_systems.models import ImportedQuote
from offorte_portal.text.keys import match_key
from offorte_portal.tracking import losses, reasons
from offorte_portal.tracking.losses import Why
from offorte_portal.tracking.models.loss import WORDS_LENGTH
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

READ = ("lost_reason", "source__label", "source__system", "created_with__remote_id", "created_with__requested_by")


def follow(connection_id: int | None, changes: Sequence[Change]) -> None:
    """Explain the changed proposals that are lost copies."""
    if connection_id is not None:
        explain(connection_id, {remote_id for change in changes for remote_id in change.remote_ids})


def rebuild(connection_id: int, position: int) -> None:
    """Explain all lost copies of the account."""
    explain(connection_id)


def explain(connection_id: int, remote_ids: Collection[int] | None = None) -> None:
    """Keep the other systems' reasons of these lost proposals, or of all that are copies and have none."""
    copied = ImportedQuote.objects.filter(
        created_with__connection=connection_id, created_with__state=Operation.State.DONE
    ).exclude(lost_reason="")
    if remote_ids is not None:
        copied = copied.filter(created_with__remote_id__in=remote_ids)
    quotes = {
        quote.created_with.remote_id: quote
        for quote in copied.select_related("created_with", "source").only(*READ)
        if quote.created_with is not None
    }
    if not quotes:
        return
    lost = Proposal.objects.filter(
        connection=connection_id, remote_id__in=[key for key in quotes if key], status=Proposal.Status.LOST
    ).defer("payload", "search_text")
    explained, known = losses.current(lost), reasons.by_name()
    for proposal in lost:
        quote = quotes[proposal.remote_id]
        if proposal.pk not in explained and quote.created_with is not None:
            reason = known.get(match_key(quote.lost_reason))
            words = "" if reason else f"{quote.source}: {quote.lost_reason}"[:WORDS_LENGTH]
            losses.explain(proposal, Why(reason, words), by=quote.created_with.requested_by)
