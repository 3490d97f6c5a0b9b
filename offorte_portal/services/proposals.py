"""Reading one proposal's details at once, for the person who opens it."""

from offorte_portal.api.errors import Hidden, NotFound
from offorte_portal.mirror.engine import apply_object, mark_hidden, mark_removed
from offorte_portal.mirror.proposals import PROPOSALS
from offorte_portal.services import activity, desk
from offorte_portal.services import connection as connections
from offorte_portal.services.budget import Lane
from proposals.models import Proposal


def refresh(proposal: Proposal, *, lane: Lane = Lane.PERSON) -> None:
    """Read the proposal's details, by default in the person's lane, and keep them. One request.

    Raises any OfforteError; NotFound and Hidden are kept in the mirror before they are raised.
    """
    client = connections.client(proposal.connection, lane)
    try:
        fetched = client.get_proposal(proposal.remote_id)
    except (NotFound, Hidden) as error:
        as_of = max(error.requested_at or proposal.as_of, proposal.as_of)
        if isinstance(error, Hidden):
            mark_hidden(proposal.connection_id, PROPOSALS, proposal.remote_id, as_of=as_of)
        else:
            mark_removed(proposal.connection_id, PROPOSALS, [proposal.remote_id], as_of=as_of)
        raise
    finally:
        client.transport.close()
    apply_object(
        proposal.connection_id,
        PROPOSALS,
        proposal.remote_id,
        fetched.data,
        as_of=max(fetched.requested_at, proposal.as_of),
        details_for=proposal.fingerprint,
    )
    activity.collect(proposal.pk)
    desk.refresh([proposal.pk])
    proposal.refresh_from_db()
