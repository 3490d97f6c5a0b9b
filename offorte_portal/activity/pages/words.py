"""Entries as the feed shows them: icons and sentences, grouped by day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.activity import words
from offorte_portal.activity.models import Activity

Kind = Activity.Kind

# Icon, and the status or kind whose colour it has.
LOOKS: dict[str, tuple[str, str]] = {
    Kind.CREATED: ("file-plus", "edit"),
    Kind.SENT: ("send", "edit"),
    Kind.VIEWED: ("eye", "open"),
    Kind.PDF: ("file-down", "open"),
    Kind.COMMENTED: ("message-square", "asked"),
    Kind.ANSWERED: ("message-square-reply", "edit"),
    Kind.CHOSE: ("list-checks", "open"),
    Kind.SIGNED: ("circle-check", "won"),
    Kind.WON: ("trophy", "won"),
    Kind.LOST: ("circle-x", "lost"),
    Kind.CLOSED: ("archive", "closed"),
    Kind.REOPENED: ("rotate-ccw", "edit"),
}


@dataclass(frozen=True)
class FeedItem:
    """An entry as a page shows it."""

    entry: Activity
    may_settle: bool = False

    @property
    def icon(self) -> str:
        return LOOKS[self.entry.kind][0]

    @property
    def tint(self) -> str:
        """The name of its colour."""
        return LOOKS[self.entry.kind][1]

    @property
    def sentence(self) -> SafeString:
        """The sentence of what happened, with a link to the proposal."""
        url = reverse("admin:proposals_proposal_change", args=[self.entry.proposal_id])
        # The id keeps the focus in place when the list refreshes itself.
        link = format_html(
            '<a id="activity-{}" href="{}"><bdi>{}</bdi></a>', self.entry.pk, url, str(self.entry.proposal)
        )
        return self._write(link)

    @property
    def plain_sentence(self) -> SafeString:
        """The same sentence without links."""
        return self._write(format_html("<bdi>{}</bdi>", str(self.entry.proposal)))

    def _write(self, proposal: SafeString) -> SafeString:
        person = format_html("<b><bdi>{}</bdi></b>", self.entry.person)
        text = escape(words.sentence(self.entry))
        return mark_safe(text % {"person": person, "proposal": proposal})  # noqa: S308 - all of it is escaped

    @property
    def quote(self) -> str:
        """The text of a question or an answer."""
        return self.entry.text if self.entry.kind in {Kind.COMMENTED, Kind.ANSWERED} else ""

    @property
    def receivers(self) -> str:
        """The people it was sent to."""
        return self.entry.text if self.entry.kind == Kind.SENT else ""


def group_by_day(lines: Iterable[FeedItem]) -> Iterator[tuple[str, list[FeedItem]]]:
    """Yield the items of each day, with the day in words."""
    today = timezone.localdate(ports.now())
    names = {today: _("Today"), today - timedelta(days=1): _("Yesterday")}
    for day, group in groupby(lines, lambda line: timezone.localtime(line.entry.happened_at).date()):
        yield names.get(day) or date_format(day, "l j F" if day.year == today.year else "l j F Y"), list(group)
