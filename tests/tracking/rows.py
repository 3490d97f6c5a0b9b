"""One follow-up as the rows that steps are taken with."""

from django.db.models import QuerySet

from offorte_portal.tracking.models import FollowUp


def just(row: FollowUp) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(pk=row.pk)
