"""What the mirror holds of a proposal, as happenings: one for each thing that Offorte has told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from offorte_portal.activity.models import Activity
from offorte_portal.mirror.history import Code, Entry, read_history
from offorte_portal.writes.attribution import Deed, Told, explain
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
# The feed shows these only where the portal did them: Offorte's log has one for each save in its own editor.
OURS = {Code.OWNER_CHANGED: Kind.OWNER, Code.PRICE_CHANGED: Kind.PRICE}
# What events and mails mean in the words of the log.
CODES = {
    Kind.CREATED: Code.CREATED,
    Kind.SENT: Code.SENT,
    Kind.WON: Code.WON,
    Kind.LOST: Code.LOST,
    Kind.CLOSED: Code.CLOSED,
    Kind.VIEWED: Code.VIEWED,
    Kind.COMMENTED: Code.COMMENTED,
}
OUTCOMES: dict[str, Kind] = {
    Proposal.Status.WON: Kind.WON,
    Proposal.Status.LOST: Kind.LOST,
    Proposal.Status.CLOSED: Kind.CLOSED,
}


@dataclass(frozen=True)
class Happening:
    """One thing that happened to a proposal.

    `remote_id` is that of its comment or mail. `is_estimated` means that the moment is a guess, `is_status` that it
    follows from a change of status. `deed` is our own change that did it, and `named` the person whom Offorte's log
    names for that.
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
    deed: Deed | None = None
    named: str = ""


def read_happenings(proposal: Proposal, known_status: str | None, deeds: Sequence[Deed] = ()) -> list[Happening]:
    """Return everything that the mirror tells, oldest first, with what the columns tell at the end. Three queries.

    `known_status` is the status at the previous call; None the first time. Our own `deeds` are joined with what tells
    of them; one that is done and that nothing tells of yet is a happening by itself, and one that was undone is none.
    """
    logged = list(read_log(read_history(proposal.log_entries.all()), deeds))
    visits = [happening for happening in logged if happening.kind in VISITS]
    others = [happening for happening in logged if happening.kind not in VISITS]
    happenings = [
        *attribute(list(_read_emails(proposal.emails.all())), deeds),
        *_read_comments(proposal.comments.all(), proposal),
        *others,
        *_fold_visits(visits),
    ]
    told = {happening.deed for happening in happenings}
    happenings += [happening for deed in deeds if deed not in told and (happening := _read_deed(deed))]
    happenings.sort(key=lambda happening: (happening.at, ORDER.index(happening.kind)))
    return [
        *(happening for happening in happenings if not (happening.deed and happening.deed.is_undone)),
        *_read_columns(proposal, known_status),
    ]


def read_log(history: Sequence[Entry], deeds: Sequence[Deed] = ()) -> Iterator[Happening]:
    """Yield the happenings in the log, without entries that are no news."""
    told = [Told(entry.code, entry.at, entry.person, entry.is_client) for entry in history]
    ours = explain(told, deeds)
    for position, entry in enumerate(history):
        deed = ours.get(position)
        kind = LOGGED.get(entry.code) or (_kind_of(deed) if deed else None)
        if kind and entry.at and (entry.is_client or kind not in VISITS):
            happening = Happening(kind, entry.at, entry.person, entry.is_client, is_status=bool(entry.status))
            yield by_us(happening, deed) if deed else happening


def attribute(happenings: Sequence[Happening], deeds: Sequence[Deed]) -> list[Happening]:
    """Return happenings other than the log's with our own deeds."""
    ours = explain([Told(CODES[each.kind], each.at, each.person, each.is_client) for each in happenings], deeds)
    return [by_us(each, ours[position]) if position in ours else each for position, each in enumerate(happenings)]


def by_us(happening: Happening, deed: Deed) -> Happening:
    """Return the happening as done by the person who asked for it here."""
    kind = Kind.REOPENED if deed.is_undo and deed.code == Code.REOPENED else happening.kind
    return replace(happening, kind=kind, deed=deed, named=happening.person, person=deed.person, is_client=False)


def _kind_of(deed: Deed) -> Kind | None:
    return LOGGED.get(deed.code) or OURS.get(deed.code)


def _read_deed(deed: Deed) -> Happening | None:
    kind = _kind_of(deed)
    return Happening(kind, deed.at, deed.person, deed=deed) if kind and deed.is_done and not deed.is_undone else None


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
