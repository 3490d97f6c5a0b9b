"""What needs attention, as the home page shows it: each count with its label, link and note."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal.adminkit.templatetags import portal
from offorte_portal.connections.connecting import Problem
from offorte_portal.desk import thresholds
from offorte_portal.desk.attention import Counted
from offorte_portal.staff.scope import Scope
from offorte_portal.writes.models import Operation

PROPOSALS = "admin:proposals_proposal_changelist"


@dataclass(frozen=True)
class AttentionItem:
    name: str
    count: int
    label: str
    url: str
    note: SafeString | str = ""
    is_bad: bool = False


def list_attention(scope: Scope, counts: dict[str, Counted], problems: list[Problem]) -> list[AttentionItem]:
    """Return what needs attention, the most urgent first, leaving out what is zero."""
    items = [*_broken(scope, problems), *_people(scope, counts), *_proposals(scope, counts), *_work(scope, counts)]
    return [item for item in items if item.count]


def _broken(scope: Scope, problems: list[Problem]) -> Iterator[AttentionItem]:
    may_repair = problems and scope.user.has_perm("connections.authorise_connection")
    label = ngettext("account has a problem", "accounts have a problem", len(problems))
    yield AttentionItem("accounts", len(problems), label, problems[0].url if may_repair else "", is_bad=True)


def _people(scope: Scope, counts: dict[str, Counted]) -> Iterator[AttentionItem]:
    asked = counts.get("comments", Counted())
    label = ngettext("unread question", "unread questions", asked.count)
    yield AttentionItem("comments", asked.count, label, _url("inbox", who=scope.who), _oldest(asked))
    due = counts.get("followups", Counted())
    label = ngettext("follow-up is due", "follow-ups are due", due.count)
    yield AttentionItem("followups", due.count, label, _url("followups", who=scope.who), _oldest(due))


def _proposals(scope: Scope, counts: dict[str, Counted]) -> Iterator[AttentionItem]:
    settings = thresholds.read()
    labels = {
        "hot": _("hot: much looked at, still open"),
        "seen": _("seen in the last %(days)d days, still open") % {"days": settings.seen_days},
        "unseen": _("open and not seen for %(days)d days") % {"days": settings.unseen_days},
        "silent": _("seen, but silent for %(days)d days") % {"days": settings.silent_days},
    }
    for kind, label in labels.items():
        counted = counts.get(kind, Counted())
        yield AttentionItem(
            kind, counted.count, label, proposals_url(scope, attention=kind), portal.money(counted.value)
        )


def _work(scope: Scope, counts: dict[str, Counted]) -> Iterator[AttentionItem]:
    waiting = counts.get("writes", Counted())
    by = {"by": str(scope.user.pk)} if scope.is_mine else {}
    url = _url("admin:writes_operation_changelist", state=",".join(Operation.PENDING), **by)
    label = ngettext("change waits for Offorte", "changes wait for Offorte", waiting.count)
    yield AttentionItem("writes", waiting.count, label, url, _oldest(waiting))
    failed = counts.get("jobs", Counted())
    mine = {"mine": "yes"} if scope.is_mine else {}
    url = _url("admin:jobs_job_changelist", failures="yes", **mine)
    label = ngettext("job of this week with failures", "jobs of this week with failures", failed.count)
    yield AttentionItem("jobs", failed.count, label, url, _oldest(failed), is_bad=True)


def proposals_url(scope: Scope, **filters: str) -> str:
    """Return the address of the list of proposals with these filters; of one's own if the scope is."""
    mine = {"mine": "yes"} if scope.is_mine else {}
    return _url(PROPOSALS, **filters, **mine)


def _oldest(counted: Counted) -> SafeString | str:
    return portal.ago(counted.oldest) if counted.oldest else ""


def _url(name: str, **parameters: str) -> str:
    try:
        address = reverse(name)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(parameters)}" if parameters else address
