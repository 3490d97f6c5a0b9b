"""Adding up explained losses by month.

A loss counts by the state of the change that made it, which moves on without news in the change feed. So the sums hold
the losses whose change was done, or that had none. The others are `PendingLoss`: reports look at each of them, and the
sweep adds them up once they are done.
"""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Max, Q, QuerySet, Sum

from offorte_portal.desk.models import LossRollup, PendingLoss
from offorte_portal.tracking import losses
from offorte_portal.tracking.models import Loss
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

# The follower of the change feed that keeps them up to date.
FOLLOWER = "loss_sums"
SETTLED = Q(operation__isnull=True) | Q(operation__state=Operation.State.DONE)


def of_months(first: date, last: date) -> Q:
    """Return the condition for losses of proposals that were lost in these months, given by their first days."""
    lost = {"status": Proposal.Status.LOST, "decided_month__gte": first, "decided_month__lte": last}
    return Q(**{f"proposal__stats__{name}": value for name, value in lost.items()})


def rebuild(connection_id: int, month: date) -> None:
    """Add up a month of an account again, in the caller's transaction."""
    known = {"connection_id": connection_id, "month": month}
    LossRollup.objects.filter(**known).delete()
    PendingLoss.objects.filter(**known).delete()
    lost = {"connection": connection_id, "ended_at__isnull": True}
    counted = losses.counting().filter(of_months(month, month), SETTLED, **lost)
    LossRollup.objects.bulk_create(_sum(counted, connection_id, month), batch_size=500)
    pending = Loss.objects.filter(of_months(month, month), **lost).exclude(SETTLED)
    # A proposal whose month changed may still be pending in the one before.
    PendingLoss.objects.bulk_create(
        [PendingLoss(loss_id=key, **known) for key in pending.order_by("pk").values_list("pk", flat=True)],
        update_conflicts=True,
        update_fields=["month"],
        unique_fields=["loss"],
    )


def _sum(counted: QuerySet[Loss], connection_id: int, month: date) -> Iterator[LossRollup]:
    columns = ("proposal__stats__owner_key", "proposal__stats__template", "reason", "competitor_key")
    sums = {"n": Count("*"), "v": Sum("proposal__stats__value"), "named": Max("competitor")}
    groups = counted.order_by().values_list(*columns).annotate(**sums)
    for owner, template, reason, competitor_key, count, value, competitor in groups:
        yield LossRollup(
            connection_id=connection_id,
            month=month,
            owner_key=owner,
            template=template,
            reason=reason or 0,
            competitor_key=competitor_key,
            competitor=competitor,
            count=count,
            value=value,
        )


def find_settled() -> set[tuple[int, date]]:
    """Return account and month of the pending losses that can be added up by now."""
    settled = Q(loss__operation__isnull=True) | Q(loss__operation__state=Operation.State.DONE)
    found = PendingLoss.objects.filter(settled | Q(loss__ended_at__isnull=False)).order_by()
    return set(found.values_list("connection_id", "month").distinct())
