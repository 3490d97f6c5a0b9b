"""What happened to a proposal, newest first: Offorte's log, the comments and the mails in one list."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from proposals.models import Comment, LogEntry, SentEmail

CLIENT = "client"
LONG_TEXT = 400
# Offorte's dates may leave the seconds out.
SAME_MOMENT = timedelta(seconds=61)
_NEVER = datetime.min.replace(tzinfo=UTC)

# What Offorte's log calls things; the reference has "proposal: viewed pdf" and says of no others. What is not
# listed here is shown as Offorte wrote it.
ACTIONS = {
    "viewed": ("eye", gettext_lazy("viewed the proposal")),
    "viewed pdf": ("file-down", gettext_lazy("opened the PDF")),
    "created": ("file-plus", gettext_lazy("created the proposal")),
    "send": ("send", gettext_lazy("sent the proposal")),
    "accepted": ("circle-check", gettext_lazy("accepted the proposal")),
    "comment": ("message-square", gettext_lazy("commented")),
    "changed options": ("list-checks", gettext_lazy("changed options")),
    "status edit": ("pencil", gettext_lazy("put the proposal back in edit")),
    "status open": ("mail-open", gettext_lazy("marked the proposal as open")),
    "status won": ("trophy", gettext_lazy("marked the proposal as won")),
    "status lost": ("circle-x", gettext_lazy("marked the proposal as lost")),
    "status closed": ("archive", gettext_lazy("closed the proposal")),
}


@dataclass(frozen=True)
class Event:
    """Something that happened: when, who did what, on whose side, and the words that were said."""

    at: datetime | None
    who: str
    what: str
    icon: str
    is_client: bool
    text: str = ""
    note: str = ""

    @property
    def is_long(self) -> bool:
        """Whether the words are folded until somebody wants to read them."""
        return len(self.text) > LONG_TEXT or self.text.count("\n") > 6


def merge_events(log: Iterable[LogEntry], comments: Sequence[Comment], emails: Sequence[SentEmail]) -> list[Event]:
    """All events, newest first, those without a date last. Plain text throughout: escape it."""
    told = [*_comments(comments), *map(_email, emails)]
    events = [*told, *(event for event in map(_logged, log) if not _is_told(event, told))]
    events.sort(key=lambda event: event.at or _NEVER, reverse=True)
    return [_fold(list(group)) for _key, group in groupby(events, key=_likeness)]


def count_viewers(log: Iterable[LogEntry]) -> int:
    """How many people of the prospect's have looked at the proposal, as far as Offorte's log tells."""
    return len({entry.person for entry in log if entry.type == CLIENT and "viewed" in entry.action})


def _comments(comments: Sequence[Comment]) -> Iterator[Event]:
    answered_at = max((one.commented_at or _NEVER for one in comments if one.type != CLIENT), default=_NEVER)
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
    people = [one.get("fullname") or one.get("email") for one in email.receivers if isinstance(one, dict)]
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


def _logged(entry: LogEntry) -> Event:
    action = entry.action.removeprefix("proposal:").strip()
    icon, words = ACTIONS.get(action, ("circle-dot", action or _("did something")))
    return Event(entry.logged_at, entry.person or _somebody(entry.type), str(words), icon, entry.type == CLIENT)


def _somebody(side: str) -> str:
    return _("The prospect") if side == CLIENT else _("Somebody")


def _is_told(event: Event, told: list[Event]) -> bool:
    """Whether a line of the log repeats a comment or a mail that is shown with its words."""
    kind = {"message-square": "message-square", "send": "send"}.get(event.icon)
    return kind is not None and any(
        other.icon.startswith(kind)
        and other.is_client == event.is_client
        and other.at is not None
        and event.at is not None
        and abs(other.at - event.at) < SAME_MOMENT
        for other in told
    )


def _likeness(event: Event) -> object:
    """What neighbours have in common that are shown as one: the same person doing the same on the same day."""
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
