"""The filters of the list of proposals."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.fields import NumberField
from offorte_portal.adminkit.filters import (
    Chip,
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
from offorte_portal.adminkit.filters.base import Text
from offorte_portal.adminkit.money import DEFAULT_CURRENCY, write_amount, write_whole
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.jobs.made import made_by
from offorte_portal.jobs.rights import visible_jobs
from offorte_portal.staff.access import own
from offorte_portal.staff.identity import identify
from proposals.models import AccountUser, DesignTemplate, Proposal

SPACE, NOTHING = Value(" ", TextField()), Value("", TextField())


ME = "me"


class StatusFilter(ColumnFilter):
    is_prominent = True
    title = _("Status")
    name = column = "status"
    options = Proposal.Status.choices


class MineFilter(ChoicesFilter):
    """The proposals of the person who looks at the list."""

    title = _("Mine")
    name = "mine"
    options = (("yes", _("Mine")),)
    within = "owner"

    @property
    def is_mine(self) -> bool:
        return self.is_active

    def chips(self, changelist: ChangeList) -> list[Chip]:
        return [replace(chip, title=str(OwnerFilter.title), value=gettext("me")) for chip in super().chips(changelist)]

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return own(queryset, self.request.user)


class OwnerFilter(RelatedFilter):
    """The proposals of these owners; ME stands for the person who looks at the list."""

    is_prominent = True
    title = _("Owner")
    name = column = "owner"
    related = AccountUser
    label = Coalesce(NullIf(Trim(Concat("firstname", SPACE, "lastname")), NOTHING), "email")

    def get_options(self) -> Sequence[tuple[str, Text]]:
        """Return the person first, then the owners by name."""
        return [(ME, _("Me")), *super().get_options()]

    @property
    def is_mine(self) -> bool:
        return self.values == [ME]

    @property
    def value_text(self) -> str:
        """The owners' names; the person is "me" within a sentence."""
        return get_text_list([gettext("me") if value == ME else str(self.labels[value]) for value in self.values])

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        if ME not in values:
            return super().narrow(queryset, values)
        others = [value for value in values if value != ME]
        if not others:
            return own(queryset, self.request.user)
        return queryset.filter(identify(self.request.user).condition | Q(owner__in=others))


class ByCompanyFilter(CompanyFilter):
    is_prominent = True


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
    is_prominent = True
    title = _("Total")
    name = "total"
    column = "price_total"

    def write(self, end: Decimal | int) -> str:
        """Write an amount, without cents where it has none."""
        is_whole = end == round(end)
        return write_whole(Decimal(end), DEFAULT_CURRENCY) if is_whole else write_amount(Decimal(end), DEFAULT_CURRENCY)


class ViewsFilter(RangeFilter):
    title = _("Views")
    name = "views"
    column = "view_count"
    number = NumberField("", validators=[MinValueValidator(0), MaxValueValidator(2**31 - 1)])


class CreatedFilter(DatesFilter):
    is_prominent = True
    title = _("Created")
    name = "created"
    column = "remote_created_at"


class ModifiedFilter(DatesFilter):
    title = _("Modified")
    name = "modified"
    column = "remote_modified_at"


class SeenFilter(DatesFilter):
    is_prominent = True
    title = _("Last seen")
    name = "seen"
    column = "viewed_at"


class JobFilter(TextFilter):
    """The proposals that a job created: the link from the job's page to the list and its bulk actions."""

    is_offered = False
    title = _("Created by bulk job")
    name = "job"

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
        return queryset.filter(made_by(visible_jobs(staff_user(self.request)).filter(pk=number)))


ALL = (
    StatusFilter,
    MineFilter,
    OwnerFilter,
    ByCompanyFilter,
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
