"""Follow-ups that an administrator's rules ask for: open and not seen, or seen and silent, for so many days."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q

from offorte_portal import ports
from offorte_portal.desk import thresholds
from offorte_portal.desk.models import Standing
from offorte_portal.staff.identity import find_staff
from offorte_portal.tracking.followups import morning
from offorte_portal.tracking.models import FollowUp

Rule = FollowUp.Rule
# What has waited longer when a rule is switched on is not dug up: there may be years of it.
RECENT = timedelta(days=14)
AT_ONCE = 2000


def apply_rules() -> int:
    """End follow-ups whose reason is gone, and make those that are asked for and not there; answer how many."""
    _end_obsolete()
    settings = thresholds.read()
    days = {Rule.UNSEEN: settings.rule_unseen_days, Rule.SILENT: settings.rule_silent_days}
    return sum(_apply(rule, count) for rule, count in days.items() if count)


def _apply(rule: str, days: int) -> int:
    now = ports.now()
    until = now - timedelta(days=days)
    waiting = Standing.objects.filter(stage=rule, since__lt=until, since__gte=until - RECENT)
    known = FollowUp.objects.filter(proposal=OuterRef("pk"), rule=rule, rule_since=OuterRef("since"))
    standings = list(waiting.exclude(Exists(known)).order_by("since")[:AT_ONCE])
    # Another process may have made some of them meanwhile.
    FollowUp.objects.bulk_create(_make(rule, standings), ignore_conflicts=True, batch_size=500)
    return len(standings)


def _make(rule: str, standings: list[Standing]) -> Iterator[FollowUp]:
    people = find_staff({standing.connection_id for standing in standings})
    for standing in standings:
        yield FollowUp(
            connection_id=standing.connection_id,
            proposal_id=standing.pk,
            assigned_to_id=people.get((standing.connection_id, standing.owner_key)),
            due_at=morning(0),
            rule=rule,
            rule_since=standing.since,
        )


def _end_obsolete() -> None:
    """The prospect looked or answered, or the proposal was won or lost: nobody has to come back to it for that."""
    made = FollowUp.objects.filter(done_at__isnull=True).exclude(rule=Rule.NONE)
    still = Q(proposal__standing__stage=F("rule"), proposal__standing__since=F("rule_since"))
    gone = list(made.exclude(still).values_list("pk", flat=True)[:AT_ONCE])
    FollowUp.objects.filter(pk__in=gone, done_at__isnull=True).update(done_at=ports.now())
