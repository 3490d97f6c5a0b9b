"""The filters of the list of jobs."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.filters import ChoicesFilter, ColumnFilter, DatesFilter
from offorte_portal.jobs.counts import with_failures
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.registry import ACTIONS


class JobStateFilter(ColumnFilter):
    title = _("State")
    name = column = "state"
    options = Job.State.choices


class MineFilter(ChoicesFilter):
    """Jobs that the reader has started."""

    title = _("Mine")
    name = "mine"
    options = (("yes", _("Mine")),)

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return queryset.filter(requested_by=self.request.user.pk)


class ActionFilter(ColumnFilter):
    title = _("Action")
    name = column = "action"

    def get_options(self) -> list[tuple[str, Any]]:
        return [(action.name, action.label) for action in ACTIONS.values()]


class StartedFilter(DatesFilter):
    title = _("Started")
    name = "started"
    column = "created_at"


class FailuresFilter(ChoicesFilter):
    """Jobs of which a write was rejected, failed, or has an unknown outcome."""

    title = _("With failures")
    name = "failures"
    options = (("yes", _("Yes")),)

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return with_failures(queryset)
