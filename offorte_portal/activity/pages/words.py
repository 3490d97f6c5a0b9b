"""Entries as the feed shows them: icons and sentences, grouped by day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.activity.models import Activity
from offorte_portal.activity.telling import may_see_job
from offorte_portal.activity.words import Story

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
    Kind.OWNER: ("user-round-pen", "edit"),
    Kind.PRICE: ("banknote", "edit"),
}


@dataclass(frozen=True)
class FeedItem:
    """A story as a page shows it; `job_url` leads to its bulk job, and `members_url` to the proposals of one line."""

    story: Story
    may_settle: bool = False
    job_url: str = ""
    members_url: str = ""

    @property
    def entry(self) -> Activity:
        return self.story.entry

    @property
    def icon(self) -> str:
        return LOOKS[self.entry.kind][0]

    @property
    def tint(self) -> str:
        """The name of its colour."""
        return LOOKS[self.entry.kind][1]

    @property
    def sentence(self) -> SafeString:
        """The sentence of what happened, with a link to the proposal, or to those that the line stands for."""
        url = self.members_url or reverse("admin:proposals_proposal_change", args=[self.entry.proposal_id])
        # The id keeps the focus in place when the list refreshes itself.
        link = format_html('<a id="activity-{}" href="{}"><bdi>{{}}</bdi></a>', self.entry.pk, url)
        return self._write(link)

    @property
    def plain_sentence(self) -> SafeString:
        """The same sentence without links."""
        return self._write(mark_safe("<bdi>{}</bdi>"))

    def _write(self, link: SafeString) -> SafeString:
        values = {
            "person": format_html("<b><bdi>{}</bdi></b>", self.entry.person),
            "proposal": format_html(link, str(self.entry.proposal)),
            "count": format_html(link, number_format(self.story.count, use_l10n=True, force_grouping=True)),
            "reason": format_html("<bdi>{}</bdi>", self.story.reason),
        }
        return mark_safe(escape(self.story.sentence) % values)  # noqa: S308 - all of it is escaped

    @property
    def members_query(self) -> str:
        """The parameters of the page with the proposals that the line stands for."""
        return "?" + self.members_url.partition("?")[2]

    @property
    def quote(self) -> str:
        """The text of a question or an answer."""
        return self.entry.text if self.entry.kind in {Kind.COMMENTED, Kind.ANSWERED} else ""

    @property
    def receivers(self) -> str:
        """The people it was sent to."""
        return self.entry.text if self.entry.kind == Kind.SENT and not self.story.is_folded else ""


def show(story: Story, user: User, members_url: str = "", *, may_settle: bool = False) -> FeedItem:
    """Return the story with the links that the person may follow."""
    entry = story.entry
    job_url = reverse("admin:jobs_job_change", args=[entry.job_id]) if may_see_job(user, entry) else ""
    return FeedItem(story, may_settle, job_url, members_url)


def group_by_day(lines: Iterable[FeedItem]) -> Iterator[tuple[str, list[FeedItem]]]:
    """Yield the items of each day, with the day in words."""
    today = timezone.localdate(ports.now())
    names = {today: _("Today"), today - timedelta(days=1): _("Yesterday")}
    for day, group in groupby(lines, lambda line: timezone.localtime(line.entry.happened_at).date()):
        yield names.get(day) or date_format(day, "l j F" if day.year == today.year else "l j F Y"), list(group)
