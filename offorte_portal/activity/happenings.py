"""What the mirror holds of a proposal, as happenings: one for each thing that Offorte has told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from offorte_portal.activity.models import Activity
from offorte_portal.mirror.history import Code, Entry, read_history
from proposals.models import Comment, Proposal, SentEmail

Kind = Activity.Kind

CLIENT = "client"
# The order of happenings at the same moment.
ORDER = list(Kind)
# Views by one person within this time count as one.
VISIT = timedelta(minutes=30)
# The log entries that the feed shows; it leaves out the others.
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
# Only counted for prospects: staff who view their own proposal are no news.
VISITS = {Kind.VIEWED, Kind.PDF, Kind.CHOSE}
OUTCOMES: dict[str, Kind] = {
    Proposal.Status.WON: Kind.WON,
    Proposal.Status.LOST: Kind.LOST,
    Proposal.Status.CLOSED: Kind.CLOSED,
}


@dataclass(frozen=True)
class Happening:
    """One thing that happened to a proposal.

    `remote_id` is that of its comment or mail. `is_estimated` means that the moment is a guess, `is_status` that it
    follows from a change of status.
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
    """Return everything that the mirror tells, oldest first, with what the columns tell at the end. Three queries.

    `known_status` is the status at the previous call; None the first time.
    """
    logged = list(read_log(read_history(proposal.log_entries.all())))
    visits = [happening for happening in logged if happening.kind in VISITS]
    others = [happening for happening in logged if happening.kind not in VISITS]
    happenings = [
        *_read_emails(proposal.emails.all()),
        *_read_comments(proposal.comments.all(), proposal),
        *others,
        *_fold_visits(visits),
    ]
    happenings.sort(key=lambda happening: (happening.at, ORDER.index(happening.kind)))
    return [*happenings, *_read_columns(proposal, known_status)]


def read_log(history: Iterable[Entry]) -> Iterator[Happening]:
    """Yield the happenings in the log, without entries that are no news."""
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
        people = [
            receiver.get("fullname") or receiver.get("email")
            for receiver in email.receivers
            if isinstance(receiver, dict)
        ]
        names = ", ".join(name for name in people if isinstance(name, str) and name)
        if email.sent_at:
            yield Happening(Kind.SENT, email.sent_at, email.sent_by.strip(), text=names, remote_id=email.remote_id)


def _fold_visits(looks: list[Happening]) -> Iterator[Happening]:
    """Yield the first of a person's views within half an hour, with the number of views."""
    visits: dict[tuple[Kind, str], Happening] = {}
    for look in sorted(looks, key=lambda look: look.at):
        visit = visits.get((look.kind, look.person))
        if visit and look.at - visit.at < VISIT:
            visits[look.kind, look.person] = replace(visit, times=visit.times + 1)
            continue
        if visit:
            yield visit
        visits[look.kind, look.person] = look
    yield from visits.values()


def _read_columns(proposal: Proposal, known_status: str | None) -> Iterator[Happening]:
    """Yield what the proposal's columns tell: that it was created, and its status if that has changed."""
    if proposal.remote_created_at:
        yield Happening(Kind.CREATED, proposal.remote_created_at)
    kind = OUTCOMES.get(proposal.status)
    if kind and proposal.status != known_status:
        won_at = proposal.won_at if kind == Kind.WON else None
        at = won_at or proposal.remote_modified_at
        # A status from before the portal first looked is no news if nothing tells since when.
        if at or known_status is not None:
            yield Happening(kind, min(at or proposal.as_of, proposal.as_of), is_estimated=won_at is None)
    elif kind is None and proposal.status and known_status in OUTCOMES:
        yield Happening(Kind.REOPENED, proposal.as_of, is_estimated=True)
