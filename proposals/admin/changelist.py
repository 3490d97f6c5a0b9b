"""The list of proposals: it can be sorted by heat, too, which is kept in a table beside it."""

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest

from offorte_portal.adminkit.changelist import MirrorChangeList

HEAT = "standing__heat"


class ProposalChangeList(MirrorChangeList):
    """The list behind ProposalAdmin."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str | Combinable]:
        """One column and the key; where that is the heat, pages are read along its index."""
        name = str(ChangeList.get_ordering(self, request, queryset)[0])
        if name.removeprefix("-") != HEAT:
            return super().get_ordering(request, queryset)
        self.ordered_relation = "standing"
        # Its own key instead of the proposal's: SQLite sees the order of the index in no other way.
        columns = (F(HEAT), F("standing__pk"))
        return [column.desc() if name.startswith("-") else column.asc() for column in columns]
