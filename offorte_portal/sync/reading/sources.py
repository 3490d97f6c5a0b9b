"""What is to be read next of an account, in order. A source answers one proposal, or None; each is an indexed look-up.

1. `find_changed`: its list item changed, or something was written, since its details were read; the newest first.
2. `find_unseen`, open and in edit: read before the end of a gap in which Offorte's events did not arrive.
3. `find_omitting`: an answer left something out, or could not be read, and the next try is due.
4. `find_oldest`: what Offorte tells nobody of; see `AGES`.
5. `find_unseen`, the other statuses.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from offorte_portal.connections import hooks
from offorte_portal.connections.models import Connection
from offorte_portal.sync.details import changed_proposals, present_proposals, retried_proposals
from proposals.models import Proposal

Source = Callable[[Connection, datetime], Proposal | None]

# Columns that nobody looks at here.
LARGE = ("payload", "search_text")
LIVELY = (Proposal.Status.OPEN, Proposal.Status.EDIT)
ENDED = (Proposal.Status.WON, Proposal.Status.LOST, Proposal.Status.CLOSED)
# How old the details of a proposal get before they are read again, by status. Offorte tells of the first view only
# (reference, "Webhooks": proposal_viewed), so that open ones are read again where a webhook works, too.
AGES = dict.fromkeys(LIVELY, timedelta(hours=1)) | dict.fromkeys(ENDED, timedelta(days=7))
AGES_WITH_WEBHOOK = dict.fromkeys(LIVELY, timedelta(days=1))


def find_next(connection: Connection, now: datetime) -> Proposal | None:
    """What is to be read next of the account, None where nothing is due."""
    return next((found for source in SOURCES if (found := source(connection, now))), None)


def find_changed(connection: Connection, now: datetime) -> Proposal | None:
    """The newest proposal whose details are not those of its list item, unless they were tried for that one.

    Without a fingerprint the list item is out of date itself: the next sync reads it first.
    """
    due = changed_proposals(connection.pk).exclude(fingerprint="")
    return due.order_by("-remote_id").defer(*LARGE).first()


def find_omitting(connection: Connection, now: datetime) -> Proposal | None:
    """The proposal that is to be tried again first."""
    return retried_proposals(connection.pk).order_by("details_retry_at").defer(*LARGE).first()


def find_lively_unseen(connection: Connection, now: datetime) -> Proposal | None:
    """The open one, then the one in edit, that was read longest ago, and before the end of the latest gap."""
    return find_unseen(connection, now, LIVELY)


def find_ended_unseen(connection: Connection, now: datetime) -> Proposal | None:
    """The same of proposals that have ended."""
    return find_unseen(connection, now, ENDED)


def find_unseen(connection: Connection, now: datetime, statuses: Iterable[str]) -> Proposal | None:
    """The oldest details of the first status that has any from before the end of the latest gap."""
    until = connection.unseen_until
    if until is None:
        return None
    return next((found for status in statuses if (found := oldest(connection, now, status, until))), None)


def find_oldest(connection: Connection, now: datetime) -> Proposal | None:
    """The proposal whose details have outlived their age by the largest factor, so that no status starves another."""
    ages = AGES_WITH_WEBHOOK if any(hooks.run([room.hears for room in hooks.ROOMS], connection)) else AGES
    due = [found for status, age in ages.items() if (found := oldest(connection, now, status, now - age))]
    return max(due, key=lambda one: (now - _read_at(one)) / ages[Proposal.Status(one.status)], default=None)


def oldest(connection: Connection, now: datetime, status: str, before: datetime) -> Proposal | None:
    """The proposal of a status whose details were read longest ago, if that was before the given moment."""
    rows = present_proposals(connection.pk).filter(status=status, details_as_of__lt=before)
    # What waits for its next try has a source of its own.
    rows = rows.filter(Q(details_retry_at__isnull=True) | Q(details_retry_at__lte=now))
    return rows.order_by("details_as_of").defer(*LARGE).first()


def _read_at(proposal: Proposal) -> datetime:
    return proposal.details_as_of or proposal.as_of


SOURCES: list[Source] = [find_changed, find_lively_unseen, find_omitting, find_oldest, find_ended_unseen]
