"""The timeline of a proposal, newest first: Offorte's log, the comments and the e-mails in one list."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from offorte_portal.mirror.history import Code, Entry, read_history
from proposals.models import Comment, LogEntry, SentEmail

CLIENT = "client"
LONG_TEXT = 400
# Offorte's dates may leave the seconds out.
SAME_MOMENT = timedelta(seconds=61)
_NEVER = datetime.min.replace(tzinfo=UTC)

# Icon and text of the log's entries, with those that differ for the prospect in BY_CLIENT.
ACTIONS: dict[Code, tuple[str, str | Promise]] = {
    Code.CREATED: ("file-plus", gettext_lazy("created the proposal")),
    Code.MODIFIED: ("pencil", gettext_lazy("changed the proposal")),
    Code.SENT: ("send", gettext_lazy("sent the proposal")),
    Code.SENT_BY_ONESELF: ("link", gettext_lazy("passed on the links")),
    Code.VIEWED: ("eye", gettext_lazy("viewed the proposal")),
    Code.VIEWED_PDF: ("file-down", gettext_lazy("opened the PDF")),
    Code.DOWNLOADED: ("file-down", gettext_lazy("downloaded the PDF")),
    Code.COMMENTED: ("message-square", gettext_lazy("commented")),
    Code.CHOSE: ("list-checks", gettext_lazy("changed options")),
    Code.SIGNED: ("circle-check", gettext_lazy("signed the proposal")),
    Code.WON: ("trophy", gettext_lazy("marked the proposal as won")),
    Code.LOST: ("circle-x", gettext_lazy("marked the proposal as lost")),
    Code.CLOSED: ("archive", gettext_lazy("closed the proposal")),
    Code.REOPENED: ("rotate-ccw", gettext_lazy("reopened the proposal")),
    Code.BACK_IN_EDIT: ("pencil", gettext_lazy("moved the proposal back to edit")),
    Code.OPENED: ("mail-open", gettext_lazy("marked the proposal as open")),
    Code.OWNER_CHANGED: ("circle-dot", gettext_lazy("changed the owner")),
    Code.PRICE_CHANGED: ("circle-dot", gettext_lazy("changed the price")),
    Code.REMINDED: ("bell", gettext_lazy("sent a reminder")),
    Code.DELETED: ("trash-2", gettext_lazy("deleted the proposal")),
}
BY_CLIENT: dict[Code, tuple[str, str | Promise]] = {
    Code.WON: ("circle-check", gettext_lazy("accepted the proposal")),
    Code.LOST: ("circle-x", gettext_lazy("declined the proposal")),
}


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

    @property
    def is_long(self) -> bool:
        """Whether the text is collapsed at first."""
        return len(self.text) > LONG_TEXT or self.text.count("\n") > 6


def merge_events(log: Iterable[LogEntry], comments: Sequence[Comment], emails: Sequence[SentEmail]) -> list[Event]:
    """Return all events, newest first, those without a date last. They hold plain text: escape it."""
    detailed = [*_comments(comments), *map(_email, emails)]
    events = [*detailed, *(event for event in _logged(log) if not _is_told(event, detailed))]
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


def _logged(log: Iterable[LogEntry]) -> Iterator[Event]:
    """Yield the log's entries, the latest first, but that a proposal was won in the minute in which it was signed."""
    history = read_history(log)
    signed = [entry.at for entry in history if entry.code == Code.SIGNED and entry.at]
    for entry in reversed(history):
        if entry.code == Code.WON and any(entry.at and abs(entry.at - at) < SAME_MOMENT for at in signed):
            continue
        icon, words = _words(entry)
        who = entry.person or _somebody(CLIENT if entry.is_client else "")
        yield Event(entry.at, who, words, icon, entry.is_client)


def _words(entry: Entry) -> tuple[str, str]:
    """Return the icon and the text of an entry; unknown entries are quoted."""
    if entry.code == Code.UNKNOWN:
        raw = entry.words.removeprefix("proposal:").strip()
        return "circle-dot", _("“%(words)s” (in Offorte’s words)") % {"words": raw} if raw else _("did something")
    if entry.code == Code.OWNER_CHANGED and entry.value:
        return "circle-dot", _("made %(person)s the owner") % {"person": entry.value}
    icon, words = (BY_CLIENT if entry.is_client else ACTIONS).get(entry.code, ACTIONS[entry.code])
    return icon, str(words)


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
    return timezone.localtime(event.at).date(), event.who, event.what, event.is_client


def _fold(events: list[Event]) -> Event:
    newest, oldest = events[0], events[-1]
    if len(events) == 1 or oldest.at is None:
        return newest
    since = date_format(timezone.localtime(oldest.at), "TIME_FORMAT")
    note = ngettext("%(count)d time since %(since)s", "%(count)d times since %(since)s", len(events))
    return replace(newest, note=note % {"count": len(events), "since": since})
