"""What the mirror holds of a proposal, as happenings: one for each thing that Offorte has told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from offorte_portal.activity.models import Activity
from offorte_portal.mirror.history import Code, Entry, read_history
from proposals.models import Comment, Proposal, SentEmail

Kind = Activity.Kind

CLIENT = "client"
# In which things of the same minute come about.
ORDER = list(Kind)
# Looks by one person within this time are one.
VISIT = timedelta(minutes=30)
# What the log says that is news; the rest the feed leaves out.
LOGGED = {
    Code.CREATED: Kind.CREATED,
    Code.SENT: Kind.SENT,
    Code.SENT_BY_ONESELF: Kind.SENT,
    Code.VIEWED: Kind.VIEWED,
    Code.VIEWED_PDF: Kind.PDF,
    Code.DOWNLOADED: Kind.PDF,
    Code.CHOSE: Kind.CHOSE,
    Code.SIGNED: Kind.SIGNED,
    Code.WON: Kind.WON,
    Code.LOST: Kind.LOST,
    Code.CLOSED: Kind.CLOSED,
    Code.REOPENED: Kind.REOPENED,
}
# Only prospects do these; staff who look at their own proposal are no news.
VISITS = {Kind.VIEWED, Kind.PDF, Kind.CHOSE}
OUTCOMES: dict[str, Kind] = {
    Proposal.Status.WON: Kind.WON,
    Proposal.Status.LOST: Kind.LOST,
    Proposal.Status.CLOSED: Kind.CLOSED,
}


@dataclass(frozen=True)
class Happening:
    """One thing that happened. `remote_id` is that of its comment or mail; `is_estimated`: the moment is a guess.

    `is_status`: it follows from a change of status.
    """

    kind: Kind
    at: datetime
    person: str = ""
    is_client: bool = False
    text: str = ""
    times: int = 1
    remote_id: int | None = None
    is_estimated: bool = False
    is_status: bool = False


def read_happenings(proposal: Proposal, known_status: str | None) -> list[Happening]:
    """All that the mirror tells, oldest first, what is least certain last. Three queries.

    `known_status` is the status as of the last time; None on the first.
    """
    logged = list(read_log(read_history(proposal.log_entries.all())))
    visits = [one for one in logged if one.kind in VISITS]
    others = [one for one in logged if one.kind not in VISITS]
    told = [
        *_read_emails(proposal.emails.all()),
        *_read_comments(proposal.comments.all(), proposal),
        *others,
        *_fold_visits(visits),
    ]
    told.sort(key=lambda one: (one.at, ORDER.index(one.kind)))
    return [*told, *_read_columns(proposal, known_status)]


def read_log(history: Iterable[Entry]) -> Iterator[Happening]:
    """What the log tells that is news."""
    for entry in history:
        kind = LOGGED.get(entry.code)
        if kind and entry.at and (entry.is_client or kind not in VISITS):
            yield Happening(kind, entry.at, entry.person, entry.is_client, is_status=bool(entry.status))


def _read_comments(comments: Iterable[Comment], proposal: Proposal) -> Iterator[Happening]:
    for comment in comments:
        is_client = comment.type == CLIENT
        yield Happening(
            Kind.COMMENTED if is_client else Kind.ANSWERED,
            comment.commented_at or proposal.as_of,
            f"{comment.firstname} {comment.lastname}".strip() or comment.email,
            is_client,
            comment.comment.strip(),
            remote_id=comment.remote_id,
        )


def _read_emails(emails: Iterable[SentEmail]) -> Iterator[Happening]:
    for email in emails:
        people = [one.get("fullname") or one.get("email") for one in email.receivers if isinstance(one, dict)]
        names = ", ".join(name for name in people if isinstance(name, str) and name)
        if email.sent_at:
            yield Happening(Kind.SENT, email.sent_at, email.sent_by.strip(), text=names, remote_id=email.remote_id)


def _fold_visits(looks: list[Happening]) -> Iterator[Happening]:
    """The first of the looks by one person within half an hour, with how many there were."""
    visits: dict[tuple[Kind, str], Happening] = {}
    for look in sorted(looks, key=lambda one: one.at):
        visit = visits.get((look.kind, look.person))
        if visit and look.at - visit.at < VISIT:
            visits[look.kind, look.person] = replace(visit, times=visit.times + 1)
            continue
        if visit:
            yield visit
        visits[look.kind, look.person] = look
    yield from visits.values()


def _read_columns(proposal: Proposal, known_status: str | None) -> Iterator[Happening]:
    """What the proposal's own columns tell: that it was made, and its status where that is another than it was."""
    if proposal.remote_created_at:
        yield Happening(Kind.CREATED, proposal.remote_created_at)
    kind = OUTCOMES.get(proposal.status)
    if kind and proposal.status != known_status:
        won_at = proposal.won_at if kind == Kind.WON else None
        at = won_at or proposal.remote_modified_at
        # What had its status before the portal looked, and nobody tells since when, is no news.
        if at or known_status is not None:
            yield Happening(kind, min(at or proposal.as_of, proposal.as_of), is_estimated=won_at is None)
    elif kind is None and proposal.status and known_status in OUTCOMES:
        yield Happening(Kind.REOPENED, proposal.as_of, is_estimated=True)
