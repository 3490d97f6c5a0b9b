"""The filters of the change log."""

from typing import Any

from django.contrib.auth.models import User
from django.core.cache import caches
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import operations as operation_words
from offorte_portal.adminkit.filters import ChoicesFilter, ColumnFilter, DatesFilter, JobFilter
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.writes.models import Operation
from offorte_portal.writes.rights import OTHERS_OPERATIONS

OPTIONS_SECONDS = 30
TARGETS = ("proposals", "companies", "people", "products", "directories", "webhooks")


class StateFilter(ColumnFilter):
    title = gettext_lazy("State")
    name = column = "state"
    options = Operation.State.choices


class VerbFilter(ColumnFilter):
    title = gettext_lazy("Action")
    name = column = "verb"
    options = Operation.Verb.choices


class TargetFilter(ColumnFilter):
    title = gettext_lazy("Type")
    name = column = "target"

    def get_options(self) -> list[tuple[str, Any]]:
        return [(name, capfirst(operation_words.target_name(name))) for name in TARGETS]


class FieldFilter(ChoicesFilter):
    """Filter by a field that was asked to change. The few different combinations of fields are looked up first."""

    title = gettext_lazy("Field")
    name = "field"

    def get_options(self) -> list[tuple[str, Any]]:
        """Return the fields that were ever changed; at most half a minute old."""
        names = {name for combination in _combinations() for name in combination.strip(",").split(",") if name}
        labels = [(name, operation_words.any_label(name)) for name in names]
        return sorted(labels, key=lambda each: each[1].casefold())

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        asked = {f",{value}," for value in values}
        return queryset.filter(
            field_names__in=[names for names in _combinations() if any(each in names for each in asked)]
        )


def _combinations() -> list[str]:
    known: list[str] | None = caches["local"].get("fields:writes")
    if known is None:
        known = list(Operation.objects.order_by().values_list("field_names", flat=True).distinct())
        caches["local"].set("fields:writes", known, OPTIONS_SECONDS)
    return known


class PersonFilter(ColumnFilter):
    """Filter by the person who asked. People who see only their own operations are offered only themselves."""

    title = gettext_lazy("Requested by")
    name = "by"
    column = "requested_by"

    def get_options(self) -> list[tuple[str, Any]]:
        staff = User.objects.filter(is_staff=True)
        if not self.request.user.has_perm(OTHERS_OPERATIONS):
            staff = staff.filter(pk=staff_user(self.request).pk)
        named = [(str(user.pk), str(user)) for user in staff]
        return sorted(named, key=lambda each: each[1].casefold())


class AskedFilter(DatesFilter):
    title = gettext_lazy("Requested")
    name = "asked"
    column = "created_at"


ALL = (StateFilter, PersonFilter, TargetFilter, FieldFilter, VerbFilter, JobFilter, AskedFilter)
