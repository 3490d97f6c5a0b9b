"""Filters by related rows."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.cache import caches
from django.db.models import F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Company
from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.filters.base import Text
from offorte_portal.adminkit.filters.choices import ColumnFilter
from offorte_portal.adminkit.filters.text import TextFilter
from offorte_portal.connections.models import Connection
from offorte_portal.mirror import search
from offorte_portal.mirror.models import Mirrored

OPTIONS_SECONDS = 30


class RelatedFilter(ColumnFilter):
    """A filter by rows of a small related list. `label` is the database expression for the label of a row."""

    related: ClassVar[type[Mirrored]]
    label: ClassVar[Combinable] = F("name")

    def get_options(self) -> Sequence[tuple[str, Text]]:
        """Return the rows of the chosen account, by name; with the account's label where rows of several are shown."""
        account = accounts.selected(self.request)
        labels = {connection.pk: f" ({connection})" for connection in accounts.available(self.request)}
        if account or len(labels) == 1:
            labels = {}
        # All such filters of this list with one query, cached for half a minute: the menu must not cost one per page.
        key = f"options:{self.model_admin.opts.label}:{account.pk if account else 'all'}"
        rows: list[Any] | None = caches["local"].get(key)
        if rows is None:
            filters = (kind for kind in self.model_admin.list_filter if isinstance(kind, type))
            first, *others = (kind.rows(account) for kind in filters if issubclass(kind, RelatedFilter))
            rows = list(first.union(*others, all=True))
            caches["local"].set(key, rows, OPTIONS_SECONDS)
        named = sorted(
            (f"{label or f'#{pk}'}{labels.get(account_pk, '')}", pk)
            for name, pk, label, account_pk in rows
            if name == self.name
        )
        return [(str(pk), name) for name, pk in named]

    @classmethod
    def rows(cls, account: Connection | None) -> QuerySet[Any, Any]:
        """Return a query for the filter's choices, of one account or of all."""
        present: QuerySet[Any, Any] = cls.related._default_manager.filter(removed_at__isnull=True)
        if account:
            present = present.filter(connection=account)
        return present.order_by().values_list(Value(cls.name), "pk", cls.label, "connection_id")


class CompanyFilter(TextFilter):
    """A filter by company: by its key, as in links, or by words that find companies."""

    title = gettext_lazy("Company")
    name = "company"

    def read(self) -> None:
        """Look up the company where a key is given, for its name on the chip."""
        super().read()
        self.company: Company | None = None
        if self.text.isdecimal():
            known: QuerySet[Any] = Company.objects.filter(pk=int(self.text))
            self.company = known.only("name", "remote_id").first()
            if self.company is None:
                self.errors.append(_("Company %s doesn’t exist.") % self.text)
                self.text = ""

    @property
    def value_text(self) -> str:
        """The company's name, or what was typed."""
        return str(self.company) if self.company else f"“{self.text}”"

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return the rows of the company, or of all companies that contain the words."""
        if self.company:
            return queryset.filter(company=self.company)
        return queryset.filter(company__in=search.apply(Company._default_manager.all(), text).values("pk"))
