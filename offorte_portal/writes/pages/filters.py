"""The filters of the change log."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import IntegerField
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import operations as operation_words
from offorte_portal.adminkit.filters import ColumnFilter, DatesFilter
from offorte_portal.adminkit.filters.text import TextFilter
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.writes.models import Operation
from offorte_portal.writes.rights import OTHERS_OPERATIONS

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


class JobFilter(TextFilter):
    """Filter by the number of a job."""

    title = gettext_lazy("Bulk job")
    name = "job"

    def read(self) -> None:
        super().read()
        self.number: int | None = None
        if self.text:
            try:
                self.number = IntegerField(min_value=1, max_value=2**63 - 1).clean(self.text.removeprefix("#"))
            except ValidationError:
                self.errors.append(_("There is no bulk job %s.") % self.text)
                self.text = ""

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(job=self.number)


class AskedFilter(DatesFilter):
    title = gettext_lazy("Requested")
    name = "asked"
    column = "created_at"


ALL = (StateFilter, PersonFilter, TargetFilter, VerbFilter, JobFilter, AskedFilter)
