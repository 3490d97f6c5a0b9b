"""Filters of lists by what the home page counts."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.filters import ChoicesFilter
from offorte_portal.desk.attention import with_failures


class FailuresFilter(ChoicesFilter):
    """Jobs of which something went wrong."""

    title = _("With failures")
    name = "failures"
    options = (("yes", _("Yes")),)

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return with_failures(queryset)
