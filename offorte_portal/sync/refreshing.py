"""Reads one proposal's details, for the person who opens it or for the background reader."""

import logging

from django.core.cache import cache

from offorte_portal import ports
from offorte_portal.api.client import Client
from offorte_portal.api.errors import Hidden, MalformedAnswer, NotFound, OfforteError, Unavailable
from offorte_portal.changes.recording import Source, recording
from offorte_portal.connections import connecting as connections
from offorte_portal.connections import patience
from offorte_portal.connections.budget import Lane
from offorte_portal.mirror.engine import apply_object
from offorte_portal.mirror.lists import DATABASE_AWAY
from offorte_portal.mirror.tombstones import mark_hidden, mark_removed
from offorte_portal.sync.details import postpone
from offorte_portal.sync.reasons import SyncReason
from proposals.mirror import PROPOSALS
from proposals.models import Proposal

logger = logging.getLogger(__name__)

# Longer than a request takes, so that the lock expires only if its process died.
LOCK_SECONDS = 60
GLANCE_SECONDS = 0.25


def refresh(proposal: Proposal, *, lane: Lane = Lane.PERSON) -> None:
    """Read the proposal's details, by default in the person's lane, and store them.

    People who ask while a request is under way share that request. Raises any OfforteError and nothing else; NotFound
    and Hidden are applied to the mirror before they are raised. MalformedAnswer also stands for an answer that can't be
    stored, whatever the fault: it is logged, and the details are due again after a pause. Unavailable also stands for a
    database that is busy.
    """
    patience.require()
    lock = f"refresh:{proposal.pk}"
    if lane is not Lane.PERSON:
        return _read(proposal, lane)
    if not cache.add(lock, True, LOCK_SECONDS):
        return _share(proposal, lock)
    try:
        _read(proposal, lane)
        cache.delete(f"{lock}:error")
    except OfforteError as error:
        cache.set(f"{lock}:error", error, LOCK_SECONDS)
        raise
    finally:
        cache.delete(lock)
    return None


def _share(proposal: Proposal, lock: str) -> None:
    """Wait for the request that is under way. Raises the error that it ended with."""
    until = ports.monotonic() + LOCK_SECONDS
    while cache.get(lock) and ports.monotonic() < until:
        ports.sleep(GLANCE_SECONDS)
    proposal.refresh_from_db()
    error: OfforteError | None = cache.get(f"{lock}:error")
    if error is not None:
        raise error


def _read(proposal: Proposal, lane: Lane) -> None:
    client = connections.client(proposal.connection, lane)
    try:
        read(client, proposal)
        proposal.refresh_from_db()
    except DATABASE_AWAY as error:
        logger.exception("Account %s: proposal %s can't be kept now", proposal.connection_id, proposal.pk)
        raise Unavailable(SyncReason.BUSY) from error
    finally:
        client.transport.close()


def read(client: Client, proposal: Proposal) -> None:
    """Read the proposal's details and store all of them or none, with one request and one short transaction.

    Raises as `refresh` does, and DATABASE_AWAY.
    """
    try:
        fetched = client.get_proposal(proposal.remote_id)
        with recording(proposal.connection_id, Source.DETAILS):
            apply_object(
                proposal.connection_id,
                PROPOSALS,
                proposal.remote_id,
                fetched.data,
                as_of=max(fetched.requested_at, proposal.as_of),
                details_for=proposal.fingerprint,
            )
    except (NotFound, Hidden) as error:
        as_of = max(error.requested_at or proposal.as_of, proposal.as_of)
        with recording(proposal.connection_id, Source.DETAILS):
            if isinstance(error, Hidden):
                mark_hidden(proposal.connection_id, PROPOSALS, proposal.remote_id, as_of=as_of)
            else:
                mark_removed(proposal.connection_id, PROPOSALS, [proposal.remote_id], as_of=as_of)
        raise
    except MalformedAnswer:
        postpone(proposal)
        raise
    except (OfforteError, *DATABASE_AWAY):
        raise
    except Exception as error:
        logger.exception("Account %s: proposal %s can't be kept", proposal.connection_id, proposal.pk)
        postpone(proposal)
        raise MalformedAnswer(SyncReason.CANT_BE_KEPT) from error
