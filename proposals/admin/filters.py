"""The filters of the list of proposals."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.fields import NumberField
from offorte_portal.adminkit.filters import (
    ChoicesFilter,
    ColumnFilter,
    CompanyFilter,
    DatesFilter,
    RangeFilter,
    RelatedFilter,
    RemovedFilter,
    TextFilter,
    YesNoFilter,
)
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.jobs.made import made_by
from offorte_portal.jobs.rights import visible_jobs
from offorte_portal.staff.access import own
from proposals.models import AccountUser, DesignTemplate, Proposal

SPACE, NOTHING = Value(" ", TextField()), Value("", TextField())


class StatusFilter(ColumnFilter):
    title = _("Status")
    name = column = "status"
    options = Proposal.Status.choices


class MineFilter(ChoicesFilter):
    """The proposals of the person who looks at the list."""

    title = _("Mine")
    name = "mine"
    options = (("yes", _("Mine")),)

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return own(queryset, self.request.user)


class OwnerFilter(RelatedFilter):
    title = _("Owner")
    name = column = "owner"
    related = AccountUser
    label = Coalesce(NullIf(Trim(Concat("firstname", SPACE, "lastname")), NOTHING), "email")


class TemplateFilter(RelatedFilter):
    title = _("Design template")
    name = "template"
    column = "design_template"
    related = DesignTemplate


class UnseenFilter(ChoicesFilter):
    """Open and never viewed. Proposals with an unknown number of views are left out."""

    title = _("Open and not seen")
    name = "unseen"
    options = (("yes", _("Yes")),)

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return queryset.filter(status=Proposal.Status.OPEN, view_count=0)


class DetailsFilter(YesNoFilter):
    title = _("Has details")
    name = "details"

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return queryset.filter(details_as_of__isnull=values == ["no"])


class TotalFilter(RangeFilter):
    title = _("Total")
    name = "total"
    column = "price_total"


class ViewsFilter(RangeFilter):
    title = _("Views")
    name = "views"
    column = "view_count"
    number = NumberField("", validators=[MinValueValidator(0), MaxValueValidator(2**31 - 1)])


class CreatedFilter(DatesFilter):
    title = _("Created")
    name = "created"
    column = "remote_created_at"


class ModifiedFilter(DatesFilter):
    title = _("Modified")
    name = "modified"
    column = "remote_modified_at"


class SeenFilter(DatesFilter):
    title = _("Last seen")
    name = "seen"
    column = "viewed_at"


class JobFilter(TextFilter):
    """The proposals that a job created: the link from the job's page to the list and its bulk actions."""

    title = _("Made by job")
    name = "job"

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
        return queryset.filter(made_by(visible_jobs(staff_user(self.request)).filter(pk=number)))


ALL = (
    StatusFilter,
    MineFilter,
    OwnerFilter,
    CompanyFilter,
    TotalFilter,
    CreatedFilter,
    ModifiedFilter,
    SeenFilter,
    ViewsFilter,
    UnseenFilter,
    TemplateFilter,
    DetailsFilter,
    JobFilter,
    RemovedFilter,
)
