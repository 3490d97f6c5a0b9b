"""The desk's own sources of the call list: questions, follow-ups, what went wrong, and what customers look at."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrOrPromise

from offorte_portal import ports
from offorte_portal.desk import attention, inbox, thresholds
from offorte_portal.desk.calls.sources import CallSource, News, minute, register
from offorte_portal.desk.models import ProposalStats
from offorte_portal.jobs.models import Job
from offorte_portal.staff.preferences import read_failures_seen
from offorte_portal.staff.scope import Scope
from offorte_portal.tracking.followups import due
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAILED = (Operation.State.FAILED, Operation.State.REJECTED)
# So long a failed job is on the list, unless the person says earlier that they have seen what failed.
FAILED_FOR = 7 * DAY


def _questions(scope: Scope) -> QuerySet[Any]:
    """Return the unread questions, without those that were asked before their proposal was decided.

    Offorte's log tells the minute of the decision only.
    """
    found = inbox.unread(inbox.questions(scope.user, is_mine=scope.is_mine, account=scope.account))
    settled = Q(proposal__stats__decided_at__gte=F("happened_at") - timedelta(minutes=1))
    # The status first: SQLite asks Python for the difference, so only where the proposal is decided.
    return found.exclude(Q(proposal__status__in=Proposal.DECIDED) & settled)


def _say_asked(proposal: Proposal, news: News) -> str:
    """Return "asked 26 minutes ago"."""
    age = ports.now() - news.at if news.at else timedelta()
    if age < HOUR:
        count = max(int(age.total_seconds() // 60), 1)
        text = ngettext("asked %(count)d minute ago", "asked %(count)d minutes ago", count)
    elif age < DAY:
        count = int(age // HOUR)
        text = ngettext("asked %(count)d hour ago", "asked %(count)d hours ago", count)
    else:
        count = age.days
        text = ngettext("asked %(count)d day ago", "asked %(count)d days ago", count)
    return text % {"count": count}


def _follow_ups(scope: Scope) -> QuerySet[Any]:
    return due(scope.user, is_mine=scope.is_mine, account=scope.account)


def _say_due(proposal: Proposal, news: News) -> str:
    """Return the time if it is due today, else the day."""
    due_at = timezone.localtime(news.at)
    days = (timezone.localdate(ports.now()) - due_at.date()).days
    if days <= 0:
        return _("follow-up due %(time)s") % {"time": time_format(due_at, "H:i")}
    if days == 1:
        return _("follow-up was due yesterday")
    return _("follow-up was due %(date)s") % {"date": date_format(due_at, "SHORT_MONTH_DAY_FORMAT")}


def _unknown(scope: Scope) -> QuerySet[Operation]:
    """Return the changes and sends whose outcome is unknown, for those who may see them."""
    accounts = [scope.account.pk] if scope.account else scope.accounts
    rows = Operation.objects.filter(connection__in=accounts, state=Operation.State.UNKNOWN, target="proposals")
    found = Proposal.objects.present().filter(connection=OuterRef("connection"), remote_id=OuterRef("remote_id"))
    rows = rows.annotate(proposal_key=Subquery(found.values("pk")[:1])).filter(proposal_key__isnull=False)
    if not scope.user.has_perm("writes.view_operation"):
        return rows.none()
    is_mine = scope.is_mine or not scope.user.has_perm("writes.view_others_operations")
    return rows.filter(requested_by=scope.user) if is_mine else rows


def _say_unknown(proposal: Proposal, news: News) -> str:
    return _("outcome of a change unknown: check")


def _failed_jobs(scope: Scope) -> QuerySet[Job]:
    """Return the person's own bulk jobs that ended with failures lately and were not seen, each with its first."""
    accounts = [scope.account.pk] if scope.account else scope.accounts
    failed = Operation.objects.filter(job=OuterRef("pk"), state__in=FAILED, target="proposals", connection__in=accounts)
    found = Proposal.objects.present().filter(connection=OuterRef("connection"), remote_id=OuterRef("remote_id"))
    failed = failed.annotate(proposal_key=Subquery(found.values("pk")[:1])).filter(proposal_key__isnull=False)
    since = max(filter(None, [minute() - FAILED_FOR, read_failures_seen(scope.user)]))
    rows = Job.objects.filter(requested_by=scope.user, finished_at__gt=since)
    rows = rows.annotate(proposal_key=Subquery(failed.order_by("pk").values("proposal_key")[:1]))
    return rows.filter(proposal_key__isnull=False)


def _say_failed(proposal: Proposal, news: News) -> str:
    return _("not all of your bulk job was done: check")


def _say_looked(proposal: Proposal, news: News) -> str:
    """Return how often the customer looked, and how many people: "looked 4 times since yesterday, 2 people"."""
    stats: ProposalStats = proposal.stats
    if count := stats.visits_day:
        text = ngettext("looked once since yesterday", "looked %(count)d times since yesterday", count)
    elif count := stats.visits_week:
        text = ngettext("looked once this week", "looked %(count)d times this week", count)
    else:
        count = stats.visits_month
        text = ngettext("looked once this month", "looked %(count)d times this month", count)
    words = text % {"count": count}
    if stats.viewers < 2:
        return words
    people = ngettext("%(count)d person", "%(count)d people", stats.viewers) % {"count": stats.viewers}
    return f"{words}, {people}"


def _say_seen(proposal: Proposal, news: News) -> str:
    days = _days_since(news.at)
    if not days:
        return _("looked today, no answer yet")
    text = ngettext("looked %(count)d day ago, no answer yet", "looked %(count)d days ago, no answer yet", days)
    return text % {"count": days}


def _say_unseen(proposal: Proposal, news: News) -> str:
    days = _days_since(news.at)
    text = ngettext("sent %(count)d day ago, never opened", "sent %(count)d days ago, never opened", days)
    return text % {"count": days}


def _say_silent(proposal: Proposal, news: News) -> str:
    days = _days_since(news.at)
    return ngettext("silent for %(count)d day", "silent for %(count)d days", days) % {"count": days}


def _days_since(moment: datetime | None) -> int:
    """Return the calendar days since a moment, in the portal's time zone."""
    return (timezone.localdate(ports.now()) - timezone.localdate(moment)).days if moment else 0


def _stats(
    kind: str,
    rank: int,
    label: StrOrPromise,
    icon: str,
    say: Callable[[Proposal, News], str],
    *,
    weight: str = "",
    moment: str = "since",
) -> CallSource:
    """Return the source of one kind of `attention`; without a weight the newest come first."""

    def find(scope: Scope) -> QuerySet[ProposalStats]:
        return attention.stats_of(scope).filter(attention.condition(kind, thresholds.read(), minute()))

    return CallSource(
        kind=kind,
        rank=rank,
        label=label,
        icon=icon,
        say=say,
        find=find,
        proposal="pk",
        moment=moment,
        weight=weight,
        newest_first=moment == "viewed_at",
    )


for each in (
    CallSource(
        kind="question",
        rank=10,
        label=gettext_lazy("Questions"),
        icon="message-square",
        say=_say_asked,
        find=_questions,
        proposal="proposal_id",
        moment="happened_at",
    ),
    CallSource(
        kind="followup",
        rank=20,
        label=gettext_lazy("Follow-ups due"),
        icon="calendar-clock",
        say=_say_due,
        find=_follow_ups,
        proposal="proposal_id",
        moment="due_at",
    ),
    CallSource(
        kind="unknown",
        rank=30,
        label=gettext_lazy("Outcome unknown"),
        icon="triangle-alert",
        say=_say_unknown,
        find=_unknown,
        proposal="proposal_key",
        moment="created_at",
    ),
    CallSource(
        kind="job",
        rank=35,
        label=gettext_lazy("Failed bulk jobs"),
        icon="list-x",
        say=_say_failed,
        find=_failed_jobs,
        proposal="proposal_key",
        moment="finished_at",
    ),
    _stats("hot", 40, gettext_lazy("Hot"), "flame", _say_looked, weight="heat", moment="viewed_at"),
    _stats("seen", 50, gettext_lazy("Seen"), "eye", _say_seen, moment="viewed_at"),
    _stats("unseen", 60, gettext_lazy("Never opened"), "mail", _say_unseen, weight="value"),
    _stats("silent", 70, gettext_lazy("Silent"), "clock", _say_silent, weight="value"),
):
    register(each)
