"""What is read next of an account, in order. A source returns one proposal or None, and each is an indexed look-up.

1. `find_changed`: its list item changed, or something was written, since its details were read; the newest first.
2. `find_lively_unseen`: open or in edit, and read before the end of a gap in which Offorte's events did not arrive.
3. `find_omitting`: an answer left something out, or could not be read, and the next try is due.
4. `find_oldest`: its details are old, and Offorte doesn't send an event for every change; see `AGES`.
5. `find_ended_unseen`: like 2, for the other statuses.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from offorte_portal.connections import hooks
from offorte_portal.connections.models import Connection
from offorte_portal.sync.details import changed_proposals, present_proposals, retried_proposals
from proposals.models import Proposal

Source = Callable[[Connection, datetime], Proposal | None]

# Large columns that are not needed here.
LARGE = ("payload", "search_text")
LIVELY = (Proposal.Status.OPEN, Proposal.Status.EDIT)
ENDED = (Proposal.Status.WON, Proposal.Status.LOST, Proposal.Status.CLOSED)
# How old the details of a proposal may get before they are read again, by status. Offorte sends an event for the first
# view only (reference, "Webhooks": proposal_viewed), so open ones are read again even if a webhook works.
AGES = dict.fromkeys(LIVELY, timedelta(hours=1)) | dict.fromkeys(ENDED, timedelta(days=7))
AGES_WITH_WEBHOOK = dict.fromkeys(LIVELY, timedelta(days=1))


def find_next(connection: Connection, now: datetime) -> Proposal | None:
    """Return the proposal to read next, or None if nothing is due."""
    return next((found for source in SOURCES if (found := source(connection, now))), None)


def find_changed(connection: Connection, now: datetime) -> Proposal | None:
    """Return the newest proposal whose details don't match its list item, unless that was tried already.

    Without a fingerprint the list item itself is out of date: the next sync reads it first.
    """
    due = changed_proposals(connection.pk).exclude(fingerprint="")
    return due.order_by("-remote_id").defer(*LARGE).first()


def find_omitting(connection: Connection, now: datetime) -> Proposal | None:
    """Return the proposal whose next try has been due longest."""
    return retried_proposals(connection.pk).order_by("details_retry_at").defer(*LARGE).first()


def find_lively_unseen(connection: Connection, now: datetime) -> Proposal | None:
    """Return the oldest details from before the latest gap's end, of open proposals, then of those in edit."""
    return find_unseen(connection, now, LIVELY)


def find_ended_unseen(connection: Connection, now: datetime) -> Proposal | None:
    """Return the same of proposals that are won, lost or closed."""
    return find_unseen(connection, now, ENDED)


def find_unseen(connection: Connection, now: datetime, statuses: Iterable[str]) -> Proposal | None:
    """Return the oldest details from before the latest gap's end, of the first status that has any."""
    until = connection.unseen_until
    if until is None:
        return None
    return next((found for status in statuses if (found := oldest(connection, now, status, until))), None)


def find_oldest(connection: Connection, now: datetime) -> Proposal | None:
    """Return the proposal whose details exceed their age by the largest factor, so that no status starves another."""
    ages = AGES_WITH_WEBHOOK if any(hooks.run([room.hears for room in hooks.ROOMS], connection)) else AGES
    due = [found for status, age in ages.items() if (found := oldest(connection, now, status, now - age))]
    return max(
        due,
        key=lambda each: (now - (each.details_as_of or each.as_of)) / ages[Proposal.Status(each.status)],
        default=None,
    )


def oldest(connection: Connection, now: datetime, status: str, before: datetime) -> Proposal | None:
    """Return the proposal of a status whose details were read longest ago, if that was before the given moment."""
    rows = present_proposals(connection.pk).filter(status=status, details_as_of__lt=before)
    # Proposals that wait for their next try have a source of their own.
    rows = rows.filter(Q(details_retry_at__isnull=True) | Q(details_retry_at__lte=now))
    return rows.order_by("details_as_of").defer(*LARGE).first()


SOURCES: list[Source] = [find_changed, find_lively_unseen, find_omitting, find_oldest, find_ended_unseen]
