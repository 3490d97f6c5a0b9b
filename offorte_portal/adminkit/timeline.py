"""The timeline of a proposal, newest first: Offorte's log, the comments, the e-mails and our own changes in one list.

What the portal did names the person who asked for it (`writes/attribution.py`), and links to its bulk job. A change
that was undone is left out: the undo says so. A room that knows a reason registers with `explain_with`, one with
events of its own with `add_events`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal.mirror.history import Code, Entry, read_history
from offorte_portal.writes import sentences
from offorte_portal.writes.attribution import Deed, Told, explain, find_operations, read_deeds
from proposals.models import AccountUser, Comment, LogEntry, Proposal, SentEmail

CLIENT = "client"
LONG_TEXT = 400
# Offorte's dates may leave the seconds out.
SAME_MOMENT = timedelta(seconds=61)
_NEVER = datetime.min.replace(tzinfo=UTC)

# Icons of the log's entries, with those that differ for the prospect.
ICONS: dict[Code, str] = {
    Code.CREATED: "file-plus",
    Code.MODIFIED: "pencil",
    Code.SENT: "send",
    Code.SENT_BY_ONESELF: "link",
    Code.VIEWED: "eye",
    Code.VIEWED_PDF: "file-down",
    Code.DOWNLOADED: "file-down",
    Code.COMMENTED: "message-square",
    Code.CHOSE: "list-checks",
    Code.SIGNED: "circle-check",
    Code.WON: "trophy",
    Code.LOST: "circle-x",
    Code.CLOSED: "archive",
    Code.REOPENED: "rotate-ccw",
    Code.BACK_IN_EDIT: "pencil",
    Code.OPENED: "mail-open",
    Code.OWNER_CHANGED: "circle-dot",
    Code.PRICE_CHANGED: "circle-dot",
    Code.REMINDED: "bell",
    Code.DELETED: "trash-2",
}
CLIENT_ICONS = ICONS | {Code.WON: "circle-check", Code.LOST: "circle-x"}

Explain = Callable[[Collection[int]], Mapping[int, str]]
_EXPLANATIONS: list[Explain] = []
_EVENTS: list[Callable[[Proposal], Iterable["Event"]]] = []


def explain_with(read: Explain) -> None:
    """Register what returns the reasons of operations, in the reader's language, by the operations' keys."""
    _EXPLANATIONS.append(read)


def add_events(read: Callable[[Proposal], Iterable["Event"]]) -> None:
    """Register what returns events of a proposal that only the portal knows of."""
    _EVENTS.append(read)


@dataclass(frozen=True)
class Ours:
    """What the portal did to the proposal: its deeds, the reasons by operation, the names of owners by id, and events
    that only the portal knows of.
    """

    deeds: Sequence[Deed] = ()
    reasons: Mapping[int, str] = field(default_factory=dict)
    owners: Mapping[Any, str] = field(default_factory=dict)
    events: Sequence["Event"] = ()


@dataclass(frozen=True)
class Event:
    """Something that happened: when, who did what, on which side, and any text that was written."""

    at: datetime | None
    who: str
    what: str
    icon: str
    is_client: bool
    text: str = ""
    note: str = ""
    reason: str = ""
    job_id: int | None = None
    # Whose job it is.
    by_id: int | None = None

    @property
    def is_long(self) -> bool:
        """Whether the text is collapsed at first."""
        return len(self.text) > LONG_TEXT or self.text.count("\n") > 6


def read_timeline(proposal: Proposal) -> list[Event]:
    """Return all events of a proposal whose parts were read.

    One query for our own changes and two for their words, and those of the rooms that add events.
    """
    deeds = read_deeds(find_operations(proposal.connection_id, proposal.remote_id))
    ids = {deed.operation_id for deed in deeds if deed.code == Code.LOST}
    reasons = {pk: text for read in _EXPLANATIONS for pk, text in read(ids).items()} if ids else {}
    owner_ids = {deed.value for deed in deeds if deed.code == Code.OWNER_CHANGED and isinstance(deed.value, int)}
    users = AccountUser.objects.filter(connection=proposal.connection_id, remote_id__in=owner_ids).defer("payload")
    owners = {user.remote_id: str(user) for user in users} if owner_ids else {}
    comments, emails = list(proposal.comments.all()), list(proposal.emails.all())
    added = [event for read in _EVENTS for event in read(proposal)]
    return merge_events(proposal.log_entries.all(), comments, emails, Ours(deeds, reasons, owners, added))


def merge_events(
    log: Iterable[LogEntry], comments: Sequence[Comment], emails: Sequence[SentEmail], ours: Ours | None = None
) -> list[Event]:
    """Return all events, newest first, those without a date last. They hold plain text: escape it."""
    ours = ours or Ours()
    history = read_history(log)
    logged = explain([Told(entry.code, entry.at, entry.person, entry.is_client) for entry in history], ours.deeds)
    mailed = explain([Told(Code.SENT, email.sent_at, email.sent_by) for email in emails], ours.deeds)
    told = {*logged.values(), *mailed.values()}
    detailed = [
        *_comments(comments),
        *(
            _by_us(_email(email), mailed[position], ours) if position in mailed else _email(email)
            for position, email in enumerate(emails)
        ),
    ]
    untold = [deed for deed in ours.deeds if deed.is_done and not deed.is_undone and deed not in told]
    events = [
        *detailed,
        *(event for event in _logged(history, logged, ours) if not _is_told(event, detailed)),
        *(_by_us(_done(deed), deed, ours) for deed in untold),
        *ours.events,
    ]
    events.sort(key=lambda event: event.at or _NEVER, reverse=True)
    return [_fold(list(group)) for _key, group in groupby(events, key=_fold_key)]


def count_viewers(log: Iterable[LogEntry]) -> int:
    """Return how many people of the prospect have viewed the proposal, according to Offorte's log."""
    return len({entry.person for entry in read_history(log) if entry.is_view})


def _comments(comments: Sequence[Comment]) -> Iterator[Event]:
    answered_at = max(
        (comment.commented_at or _NEVER for comment in comments if comment.type != CLIENT), default=_NEVER
    )
    for comment in comments:
        is_client = comment.type == CLIENT
        is_waiting = is_client and comment.commented_at is not None and comment.commented_at > answered_at
        yield Event(
            at=comment.commented_at,
            who=f"{comment.firstname} {comment.lastname}".strip() or comment.email or _somebody(comment.type),
            what=_("asked") if is_client else _("answered"),
            icon="message-square" if is_client else "message-square-reply",
            is_client=is_client,
            text=comment.comment.strip(),
            note=_("not answered") if is_waiting else "",
        )


def _email(email: SentEmail) -> Event:
    people = [
        receiver.get("fullname") or receiver.get("email") for receiver in email.receivers if isinstance(receiver, dict)
    ]
    names = ", ".join(name for name in people if isinstance(name, str) and name)
    if email.version_nr is None:
        what = _("sent the proposal to %(people)s") if names else _("sent the proposal")
    else:
        what = _("sent version %(number)s to %(people)s") if names else _("sent version %(number)s")
    return Event(
        at=email.sent_at,
        who=email.sent_by or _somebody(""),
        what=what % {"number": email.version_nr, "people": names},
        icon="send",
        is_client=False,
        text=email.message.strip(),
    )


def _logged(history: Sequence[Entry], explained: Mapping[int, Deed], ours: Ours) -> Iterator[Event]:
    """Yield the log's entries, the latest first, but that a proposal was won in the minute in which it was signed."""
    signed = [entry.at for entry in history if entry.code == Code.SIGNED and entry.at]
    for position, entry in reversed(list(enumerate(history))):
        if entry.code == Code.WON and any(entry.at and abs(entry.at - at) < SAME_MOMENT for at in signed):
            continue
        deed = explained.get(position)
        if deed and deed.is_undone:
            continue
        icon, words = _words(replace(entry, code=deed.code) if deed and entry.code == Code.MODIFIED else entry)
        event = Event(
            entry.at, entry.person or _somebody(CLIENT if entry.is_client else ""), words, icon, entry.is_client
        )
        yield _by_us(event, deed, ours) if deed else event


def _done(deed: Deed) -> Event:
    """Return a change of ours that Offorte has not told of yet."""
    icon, words = _words(Entry(deed.code, deed.at, deed.person, is_client=False))
    return Event(deed.at, deed.person or _somebody(""), words, icon, is_client=False)


def _by_us(event: Event, deed: Deed, ours: Ours) -> Event:
    """Return an event with the person who asked for it here, the reason and the bulk job."""
    what = event.what
    if deed.is_undo and deed.code in sentences.UNDONE:
        what = str(sentences.UNDONE[deed.code])
    elif deed.code == Code.OWNER_CHANGED and (owner := ours.owners.get(deed.value)):
        what = _("made %(person)s the owner") % {"person": owner}
    reason = ours.reasons.get(deed.operation_id, "")
    return replace(
        event, who=deed.person or event.who, what=what, reason=reason, job_id=deed.job_id, by_id=deed.person_id
    )


def _words(entry: Entry) -> tuple[str, str]:
    """Return the icon and the text of an entry; unknown entries are quoted."""
    if entry.code == Code.UNKNOWN:
        raw = entry.words.removeprefix("proposal:").strip()
        return "circle-dot", _("“%(words)s” (in Offorte’s words)") % {"words": raw} if raw else _("did something")
    if entry.code == Code.OWNER_CHANGED and entry.value:
        return "circle-dot", _("made %(person)s the owner") % {"person": entry.value}
    words = (sentences.BY_CLIENT if entry.is_client else {}).get(entry.code, sentences.DONE[entry.code])
    return (CLIENT_ICONS if entry.is_client else ICONS)[entry.code], str(words)


def _somebody(side: str) -> str:
    return _("The prospect") if side == CLIENT else _("Someone")


def _is_told(event: Event, detailed: list[Event]) -> bool:
    """Return whether an entry of the log repeats a comment or an e-mail that is shown with its text."""
    return event.icon in {"message-square", "send"} and any(
        other.icon.startswith(event.icon)
        and other.is_client == event.is_client
        and other.at is not None
        and event.at is not None
        and abs(other.at - event.at) < SAME_MOMENT
        for other in detailed
    )


def _fold_key(event: Event) -> object:
    """Return a key by which neighbours are shown as one event: the same person doing the same on the same day."""
    if event.text or event.at is None:
        return id(event)
    return timezone.localtime(event.at).date(), event.who, event.what, event.is_client, event.reason, event.job_id


def _fold(events: list[Event]) -> Event:
    newest, oldest = events[0], events[-1]
    if len(events) == 1 or oldest.at is None:
        return newest
    since = date_format(timezone.localtime(oldest.at), "TIME_FORMAT")
    note = ngettext("%(count)d time since %(since)s", "%(count)d times since %(since)s", len(events))
    return replace(newest, note=note % {"count": len(events), "since": since})
