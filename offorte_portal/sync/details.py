"""The third stage: reads the details of proposals whose list item changed since the last time, newest first."""

import logging

from django.db import transaction
from django.db.models import F, Q, QuerySet

from offorte_portal import ports
from offorte_portal.api.client import Fetched
from offorte_portal.api.errors import Hidden, NotFound
from offorte_portal.changes.recording import Source, recording
from offorte_portal.mirror import omissions
from offorte_portal.mirror.engine import apply_object
from offorte_portal.mirror.history import find_unknown
from offorte_portal.mirror.items import ItemWarning
from offorte_portal.mirror.lists import DATABASE_AWAY
from offorte_portal.mirror.models import OmittedKey
from offorte_portal.mirror.omissions import MOST_IN_A_ROW
from offorte_portal.mirror.tombstones import mark_hidden, mark_removed
from offorte_portal.sync.context import Context
from offorte_portal.sync.reasons import SyncReason
from offorte_portal.text.reason import Reason
from proposals.mirror import PROPOSALS
from proposals.models import Proposal

logger = logging.getLogger(__name__)

# The name that details are counted under, beside the lists.
DETAILS = "details"


def present_proposals(connection_id: int) -> "QuerySet[Proposal]":
    """Return the account's proposals that are neither removed nor hidden."""
    return Proposal.objects.filter(connection_id=connection_id, removed_at__isnull=True, is_hidden=False)


def changed_proposals(connection_id: int) -> "QuerySet[Proposal]":
    """Return those whose details don't match their list item, and were not tried in vain since it changed."""
    changed = present_proposals(connection_id).exclude(details_fingerprint=F("fingerprint"))
    return changed.exclude(details_retry_for=F("fingerprint"))


def retried_proposals(connection_id: int) -> "QuerySet[Proposal]":
    """Return those whose details were incomplete or could not be read, and whose next try is due.

    Those without a time for it are due only while no documented key is missing from all answers of the account.
    """
    due = Q(details_retry_at__lte=ports.now())
    if not OmittedKey.objects.filter(connection_id=connection_id, answers__gte=MOST_IN_A_ROW).exists():
        due |= Q(details_retry_at__isnull=True)
    return present_proposals(connection_id).filter(due, details_tries__gt=0)


def count_due(connection_id: int) -> int:
    """Return how many details are due, in two counts, because each has its own index."""
    tried_for_now = retried_proposals(connection_id).filter(details_retry_for=F("fingerprint"))
    return changed_proposals(connection_id).count() + tried_for_now.count()


def next_due(context: Context) -> Proposal | None:
    """Return the newest proposal below the cursor whose details are due."""
    found: list[Proposal] = []
    for due in (changed_proposals(context.connection_id), retried_proposals(context.connection_id)):
        below = due.filter(remote_id__lt=context.at.cursor) if context.at.cursor is not None else due
        found += below.order_by("-remote_id").defer("payload", "search_text")[:1]
    return max(found, key=lambda proposal: proposal.remote_id, default=None)


def read_next_details(context: Context) -> bool:
    """Read the details of one proposal, with one request and one short transaction; return False if none is due."""
    wants = not context.run.only or PROPOSALS.name in context.run.only
    proposal = next_due(context) if wants else None
    if proposal is None:
        return False
    try:
        fetched = context.client.get_proposal(proposal.remote_id)
    except (NotFound, Hidden) as error:
        as_of = max(context.stamp(error.requested_at or proposal.as_of), proposal.as_of)
        with recording(context.connection_id, Source.DETAILS):
            if isinstance(error, Hidden):
                mark_hidden(context.connection_id, PROPOSALS, proposal.remote_id, as_of=as_of)
            else:
                mark_removed(context.connection_id, PROPOSALS, [proposal.remote_id], as_of=as_of)
                context.count(PROPOSALS.name, removed=1)
            finish(context, proposal.remote_id)
        return True
    with recording(context.connection_id, Source.DETAILS):
        try:
            keep_details(context, proposal, fetched)
        except DATABASE_AWAY:
            raise
        except Exception as error:
            logger.exception("Sync %s: proposal %s can't be kept", context.run.pk, proposal.pk)
            context.warn([unread(proposal, type(error).__name__)])
            postpone(proposal)
        finish(context, proposal.remote_id)
    return True


def keep_details(context: Context, proposal: Proposal, fetched: Fetched) -> None:
    """Apply all of one proposal's details, or none of them."""
    as_of = max(context.stamp(fetched.requested_at), proposal.as_of)
    with recording(context.connection_id):
        applied = apply_object(
            context.connection_id,
            PROPOSALS,
            proposal.remote_id,
            fetched.data,
            as_of=as_of,
            details_for=proposal.fingerprint,
        )
        context.warn(applied.warnings)
        if words := find_unknown(proposal.log_entries.all()):
            # One warning a run for each word of the history that is not known.
            context.count(DETAILS, unknown_words=len(words))
            found = {SyncReason.UNKNOWN_WORD(word=word) for word in words}
            warned = context.run.warnings.filter(reason__code=SyncReason.UNKNOWN_WORD).values_list("reason", flat=True)
            new = sorted(found.difference(warned), key=str)
            context.warn(ItemWarning(PROPOSALS.name, proposal.remote_id, reason) for reason in new)
    context.count(DETAILS, items=1)


def finish(context: Context, remote_id: int) -> None:
    """Count the request and continue below this proposal."""
    context.count(DETAILS, requests=1)
    context.save(context.at.move(cursor=remote_id))


def skip_details(context: Context, reason: Reason, *, skips: int) -> None:
    """Skip a proposal whose details can't be read, with a warning."""
    proposal = next_due(context)
    if proposal is None:
        return
    with transaction.atomic():
        context.warn([unread(proposal, reason)])
        context.save(context.at.move(cursor=proposal.remote_id, skips=skips))


def unread(proposal: Proposal, error: Reason | str) -> ItemWarning:
    """Return the warning of a proposal whose details could not be read or stored."""
    return ItemWarning(PROPOSALS.name, proposal.remote_id, SyncReason.DETAILS_UNREADABLE(error=error))


def postpone(proposal: Proposal) -> None:
    """Try details that can't be read again after a pause that grows, or when the list item has changed."""
    tries = proposal.details_tries if proposal.details_retry_for == proposal.fingerprint else 0
    again = omissions.plan(tries, ports.now(), has_vanished=False) | {"details_retry_for": proposal.fingerprint}
    Proposal.objects.filter(pk=proposal.pk).update(**again)
