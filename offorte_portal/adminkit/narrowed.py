"""The rows of a list, filtered by its parameters, for pages that show them in another way."""

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode

from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.filters import Chip, FilterControl, MirrorFilter
from offorte_portal.adminkit.filters.base import settle_address
from offorte_portal.adminkit.filters.menu import build_menu
from offorte_portal.mirror import search
from proposals.models import Proposal

SEARCH = "q"


class Narrowed:
    """The rows that a list with these parameters would find, of the chosen account; filters are read once.

    The rows are proposals. A subclass for another model sets `model`, and overrides `find_all` and `search`.
    """

    model: ClassVar[type[Model]] = Proposal

    def __init__(self, request: HttpRequest, params: QueryDict | None = None) -> None:
        self.request = request
        self.params: QueryDict = request.GET if params is None else params
        self.account = accounts.selected(request)
        self.text = self.params.get(SEARCH, "")
        model_admin = admin.site.get_model_admin(self.model)
        given = {name: list(values) for name, values in self.params.lists()}
        offered = model_admin.get_list_filter(request)
        kinds = [kind for kind in offered if isinstance(kind, type) and issubclass(kind, MirrorFilter)]
        self.filters: list[MirrorFilter] = [kind(request, given, self.model, model_admin) for kind in kinds]
        if params is None or params == request.GET:
            settle_address(request, self.filters)
            self.params = request.GET

    @property
    def active(self) -> list[MirrorFilter]:
        """The filters that are active."""
        return [spec for spec in self.filters if spec.is_active]

    @property
    def is_plain(self) -> bool:
        """Whether no filter but "mine" is active and nothing is searched for: then the sums by month can be used."""
        return not self.text and all(spec.is_mine and spec.is_set for spec in self.active)

    @property
    def is_mine(self) -> bool:
        """Whether only the person's own rows are requested."""
        return any(spec.is_mine and spec.is_set for spec in self.active)

    @property
    def parameters(self) -> set[str]:
        """The parameters of an address that can filter the rows."""
        return {name for spec in self.filters for name in spec.parameters} | {SEARCH}

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """The filtered rows, unordered."""
        found = self.find_all()
        for spec in self.filters:
            found = spec.queryset(self.request, found)
        return self.search(found)

    def find_all(self) -> QuerySet[Any]:
        """Return the rows before filtering, unordered."""
        found: QuerySet[Any] = Proposal.objects.order_by()
        return found.filter(connection=self.account) if self.account else found

    def search(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """Return those of the rows that contain the words that are searched for."""
        return search.apply(found, self.text)

    @property
    def chips(self) -> list[Chip]:
        """The chips of the active filters, with which they can be removed."""
        return [chip for spec in self.filters for chip in spec.chips(self)]  # type: ignore[arg-type]

    @property
    def controls(self) -> list[FilterControl]:
        """The controls of all filters, for the menu."""
        return build_menu(self.filters)

    def get_query_string(self, new_params: dict[str, Any] | None = None) -> str:
        """Return the query string with these parameters changed; those set to None are left out."""
        changes = new_params or {}
        kept = [(name, value) for name, values in self.params.lists() if name not in changes for value in values]
        return "?" + urlencode([*kept, *((name, value) for name, value in changes.items() if value is not None)])
