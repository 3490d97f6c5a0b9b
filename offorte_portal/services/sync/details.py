"""The third stage: the details of the proposals whose list item changed since they were read, newest first."""

from django.db import transaction
from django.db.models import F, QuerySet

from offorte_portal.api.errors import Hidden, NotFound
from offorte_portal.mirror.engine import apply_object, mark_hidden, mark_removed
from offorte_portal.mirror.items import Oddity
from offorte_portal.mirror.proposals import PROPOSALS
from offorte_portal.services import activity, desk
from offorte_portal.services.sync.context import Context
from proposals.models import Proposal

# The name under which details are counted, beside the lists.
DETAILS = "details"


def due_proposals(connection_id: int) -> "QuerySet[Proposal]":
    """The account's proposals whose details are not those of their list item."""
    present = Proposal.objects.filter(connection_id=connection_id, removed_at__isnull=True, is_hidden=False)
    return present.exclude(details_fingerprint=F("fingerprint"))


def next_due(context: Context) -> Proposal | None:
    """The newest proposal below the cursor whose details are due."""
    due = due_proposals(context.connection_id)
    if context.at.cursor is not None:
        due = due.filter(remote_id__lt=context.at.cursor)
    return due.order_by("-remote_id").defer("payload", "search_text").first()


def read_next_details(context: Context) -> bool:
    """Read the details of one proposal: one request, one short transaction. False when none is due."""
    wants = not context.run.only or PROPOSALS.name in context.run.only
    proposal = next_due(context) if wants else None
    if proposal is None:
        return False
    try:
        fetched = context.client.get_proposal(proposal.remote_id)
    except (NotFound, Hidden) as error:
        as_of = max(context.stamp(error.requested_at or proposal.as_of), proposal.as_of)
        with transaction.atomic():
            if isinstance(error, Hidden):
                mark_hidden(context.connection_id, PROPOSALS, proposal.remote_id, as_of=as_of)
            else:
                mark_removed(context.connection_id, PROPOSALS, [proposal.remote_id], as_of=as_of)
                context.count(PROPOSALS.name, removed=1)
            finish(context, proposal.remote_id)
        return True
    as_of = max(context.stamp(fetched.requested_at), proposal.as_of)
    with transaction.atomic():
        applied = apply_object(
            context.connection_id,
            PROPOSALS,
            proposal.remote_id,
            fetched.data,
            as_of=as_of,
            details_for=proposal.fingerprint,
        )
        activity.collect(proposal.pk)
        desk.refresh([proposal.pk])
        context.count(DETAILS, items=1)
        context.warn(applied.oddities)
        finish(context, proposal.remote_id)
    return True


def finish(context: Context, remote_id: int) -> None:
    """Count the request and go on below this proposal."""
    context.count(DETAILS, requests=1)
    context.save(context.at.move(cursor=remote_id))


def skip_details(context: Context, reason: str, *, skips: int) -> None:
    """Leave a proposal whose details can't be read, with a warning, and go on with the next one."""
    proposal = next_due(context)
    if proposal is None:
        return
    with transaction.atomic():
        context.warn([unread(proposal, reason)])
        context.save(context.at.move(cursor=proposal.remote_id, skips=skips))


def unread(proposal: Proposal, reason: str) -> Oddity:
    """The warning of a proposal whose details could not be read or kept."""
    return Oddity(PROPOSALS.name, proposal.remote_id, f"The details could not be read: {reason}")
