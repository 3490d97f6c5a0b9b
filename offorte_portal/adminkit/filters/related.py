"""Filters by what a row belongs to."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.cache import caches
from django.db.models import F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Company
from offorte_portal.adminkit import accounts, search
from offorte_portal.adminkit.filters.base import Text
from offorte_portal.adminkit.filters.choices import ColumnFilter
from offorte_portal.adminkit.filters.text import TextFilter
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import Mirrored

OPTIONS_SECONDS = 30


class RelatedFilter(ColumnFilter):
    """Rows of a small related list, by their keys. `label` is what a row is called, as the database makes it."""

    related: ClassVar[type[Mirrored]]
    label: ClassVar[Combinable] = F("name")

    def get_options(self) -> Sequence[tuple[str, Text]]:
        """What the chosen account has, by name; with the account's label where several are shown."""
        labels = {one.pk: f" ({one})" for one in accounts.available(self.request)}
        if accounts.selected(self.request) or len(labels) == 1:
            labels = {}
        rows = (row for row in self._read_rows() if row[0] == self.name)
        named = sorted((f"{label or f'#{pk}'}{labels.get(account, '')}", pk) for _, pk, label, account in rows)
        return [(str(pk), name) for name, pk in named]

    def _read_rows(self) -> list[Any]:
        """(filter, key, label, account) for all such filters of this list, in one query and at most half a minute old.

        A menu must not cost a query a page.
        """
        account = accounts.selected(self.request)
        key = f"options:{self.model_admin.opts.label}:{account.pk if account else 'all'}"
        rows: list[Any] | None = caches["local"].get(key)
        if rows is None:
            filters = (one for one in self.model_admin.list_filter if isinstance(one, type))
            first, *others = (one.rows(account) for one in filters if issubclass(one, RelatedFilter))
            rows = list(first.union(*others, all=True))
            caches["local"].set(key, rows, OPTIONS_SECONDS)
        return rows

    @classmethod
    def rows(cls, account: Connection | None) -> QuerySet[Any, Any]:
        """What the filter can be set to, of one account or of all."""
        present: QuerySet[Any, Any] = cls.related._default_manager.filter(removed_at__isnull=True)
        if account:
            present = present.filter(connection=account)
        return present.order_by().values_list(Value(cls.name), "pk", cls.label, "connection_id")


class CompanyFilter(TextFilter):
    """What belongs to a company: by its key, as links have it, or by words that find it."""

    title = gettext_lazy("Company")
    name = "company"

    def read(self) -> None:
        """Look the company up where a key is given; its name is what the chip shows."""
        super().read()
        self.company: Company | None = None
        if self.text.isdecimal():
            known: QuerySet[Any] = Company.objects.filter(pk=int(self.text))
            self.company = known.only("name", "remote_id").first()
            if self.company is None:
                self.errors.append(_("There is no company %s.") % self.text)
                self.text = ""

    @property
    def value_text(self) -> str:
        """The company's name, or what was typed."""
        return str(self.company or self.text)

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """The rows of this company, or of all companies with these words."""
        if self.company:
            return queryset.filter(company=self.company)
        return queryset.filter(company__in=search.apply(Company._default_manager.all(), text).values("pk"))
