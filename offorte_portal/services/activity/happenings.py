"""What the mirror holds of a proposal, as happenings: one for each thing that Offorte has told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from proposals.models import Activity, Comment, LogEntry, Proposal, SentEmail

Kind = Activity.Kind

CLIENT = "client"
# In which things of the same minute come about.
ORDER = list(Kind)
# Looks by one person within this time are one.
VISIT = timedelta(minutes=30)
# The log's words; the reference knows of "viewed pdf" only. A line that says none of them tells nothing.
LOGGED = {
    "created": Kind.CREATED,
    "send": Kind.SENT,
    "send by user": Kind.SENT,
    "viewed": Kind.VIEWED,
    "viewed pdf": Kind.PDF,
    "changed options": Kind.CHOSE,
    "accepted": Kind.WON,
    "status won": Kind.WON,
    "status lost": Kind.LOST,
    "status closed": Kind.CLOSED,
    "status open": Kind.REOPENED,
    "status edit": Kind.REOPENED,
}
# Only prospects do these; staff who look at their own proposal are no news.
BY_CLIENTS = {Kind.VIEWED, Kind.PDF, Kind.CHOSE}
VISITS = BY_CLIENTS
OUTCOMES: dict[str, Kind] = {
    Proposal.Status.WON: Kind.WON,
    Proposal.Status.LOST: Kind.LOST,
    Proposal.Status.CLOSED: Kind.CLOSED,
}


@dataclass(frozen=True)
class Happening:
    """One thing that happened. `remote_id` is that of its comment or mail; `is_estimated`: the moment is a guess."""

    kind: Kind
    at: datetime
    person: str = ""
    is_client: bool = False
    text: str = ""
    times: int = 1
    remote_id: int | None = None
    is_estimated: bool = False


def read_happenings(proposal: Proposal, known_status: str | None) -> list[Happening]:
    """All that the mirror tells, oldest first, what is least certain last. Three queries.

    `known_status` is the status as of the last time; None on the first.
    """
    logged = list(_read_log(proposal.log_entries.all()))
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


def _read_log(entries: Iterable[LogEntry]) -> Iterator[Happening]:
    for entry in entries:
        kind = LOGGED.get(entry.action.removeprefix("proposal:").strip().lower())
        is_client = entry.type == CLIENT
        if kind and entry.logged_at and (is_client or kind not in BY_CLIENTS):
            yield Happening(kind, entry.logged_at, entry.person.strip(), is_client)


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
