"""Follow-ups by the administrator's rules: for proposals not seen, or seen without an answer, for a number of days."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q

from offorte_portal import ports
from offorte_portal.desk import thresholds
from offorte_portal.desk.models import ProposalStats
from offorte_portal.staff.identity import find_staff
from offorte_portal.tracking.followups import morning
from offorte_portal.tracking.models import FollowUp

Rule = FollowUp.Rule
# Proposals that met a rule longer ago get none: when a rule is switched on, there may be years of them.
RECENT = timedelta(days=14)
AT_ONCE = 2000


def apply_rules() -> int:
    """Finish follow-ups whose reason is gone, and create missing ones; return how many were created."""
    # 1. Finish those whose proposal no longer waits for it: it was seen, answered or decided since.
    made = FollowUp.objects.filter(done_at__isnull=True).exclude(rule=Rule.NONE)
    still = Q(proposal__stats__stage=F("rule"), proposal__stats__since=F("rule_since"))
    gone = list(made.exclude(still).values_list("pk", flat=True)[:AT_ONCE])
    FollowUp.objects.filter(pk__in=gone, done_at__isnull=True).update(
        done_at=ports.now(), ended=FollowUp.Ended.ANSWERED
    )
    # 2. Create those that are missing, for each rule that is switched on.
    settings = thresholds.read()
    days = {Rule.UNSEEN: settings.rule_unseen_days, Rule.SILENT: settings.rule_silent_days}
    return sum(_apply(rule, count) for rule, count in days.items() if count)


def _apply(rule: str, days: int) -> int:
    until = ports.now() - timedelta(days=days)
    waiting = ProposalStats.objects.filter(stage=rule, since__lt=until, since__gte=until - RECENT)
    known = FollowUp.objects.filter(proposal=OuterRef("pk"), rule=rule, rule_since=OuterRef("since"))
    stats_rows = list(waiting.exclude(Exists(known)).order_by("since")[:AT_ONCE])
    people = find_staff({stats.connection_id for stats in stats_rows})
    missing = [
        FollowUp(
            connection_id=stats.connection_id,
            proposal_id=stats.pk,
            assigned_to_id=people.get((stats.connection_id, stats.owner_key)),
            due_at=morning(0),
            rule=rule,
            rule_since=stats.since,
        )
        for stats in stats_rows
    ]
    # Another process may have created some of them meanwhile.
    FollowUp.objects.bulk_create(missing, ignore_conflicts=True, batch_size=500)
    return len(stats_rows)
