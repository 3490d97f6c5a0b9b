"""The rows of a list, narrowed by its parameters, for pages that show them in another way."""

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode

from offorte_portal.adminkit import accounts, search
from offorte_portal.adminkit.filters import Chip, FilterControl, MirrorFilter
from proposals.models import Proposal

SEARCH = "q"


class Narrowed:
    """The rows that a list with these parameters would find, of the chosen account; filters are read once.

    They are proposals; a class for another model names it, and says how all of its rows are found and searched.
    """

    model: ClassVar[type[Model]] = Proposal

    def __init__(self, request: HttpRequest, params: QueryDict | None = None) -> None:
        self.request = request
        self.params = request.GET if params is None else params
        self.account = accounts.selected(request)
        self.text = self.params.get(SEARCH, "")
        model_admin = admin.site.get_model_admin(self.model)
        given = {name: list(values) for name, values in self.params.lists()}
        kinds = [kind for kind in model_admin.list_filter if isinstance(kind, type) and issubclass(kind, MirrorFilter)]
        self.filters: list[MirrorFilter] = [kind(request, given, self.model, model_admin) for kind in kinds]

    @property
    def active(self) -> list[MirrorFilter]:
        """The filters at work."""
        return [one for one in self.filters if one.is_active]

    @property
    def is_plain(self) -> bool:
        """Whether nothing narrows but, perhaps, whose they are: then the sums by month will do."""
        return not self.text and all(one.name == "mine" for one in self.active)

    @property
    def is_mine(self) -> bool:
        """Whether one's own are asked for."""
        return any(one.name == "mine" for one in self.active)

    @property
    def parameters(self) -> set[str]:
        """What addresses can narrow by."""
        return {name for one in self.filters for name in one.parameters} | {SEARCH}

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """The rows, in no order."""
        found = self.find_all()
        for one in self.filters:
            narrowed = one.queryset(self.request, found)
            found = found if narrowed is None else narrowed
        return self.search(found)

    def find_all(self) -> QuerySet[Any]:
        """The rows before anything narrows them, in no order."""
        found: QuerySet[Any] = Proposal.objects.order_by()
        return found.filter(connection=self.account) if self.account else found

    def search(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """Of these rows, those with the words that are searched for."""
        return search.apply(found, self.text)

    @property
    def chips(self) -> list[Chip]:
        """What narrows, each to be taken away."""
        return [chip for one in self.filters for chip in one.chips(self)]  # type: ignore[arg-type]

    @property
    def controls(self) -> list[FilterControl]:
        """All filters, for the menu."""
        return [one.control() for one in self.filters]

    def get_query_string(self, new_params: dict[str, Any] | None = None) -> str:
        """The parameters with these changes, None for those to be left out, as an address has them."""
        changes = new_params or {}
        kept = [(name, value) for name, values in self.params.lists() if name not in changes for value in values]
        return "?" + urlencode([*kept, *((name, value) for name, value in changes.items() if value is not None)])
