"""Whose proposals a page shows: Offorte's, those of other systems, or both, kept apart.

The parameter `systems` says which; without it, Offorte's alone. Both can only be narrowed by filters that both lists
have: a side that does not have an active filter is left out, and the page says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit.filters import Chip
from offorte_portal.adminkit.filters.menu import build_menu
from offorte_portal.adminkit.narrowed import Narrowed
from offorte_portal.desk.origins import OtherSide, find_other_side

PARAMETER = "systems"


class Origin(models.TextChoices):
    """The positions of the switch."""

    OFFORTE = "offorte", gettext_lazy("Offorte")
    OTHER = "other", gettext_lazy("Other systems")
    BOTH = "both", gettext_lazy("Both")


@dataclass(frozen=True)
class Position:
    """A position of the switch, and its address."""

    label: str
    url: str
    is_current: bool


def read_origin(request: HttpRequest, value: str) -> Origin:
    """Return the origin that the address asks for; Offorte if it is unknown, or the person may not see the other."""
    return Origin(value) if value in Origin.values and find_visible(request) else Origin.OFFORTE


def find_visible(request: HttpRequest) -> OtherSide | None:
    """Return the other side; None if there is none, or the person may not see it."""
    side = find_other_side()
    return side if side and request.user.has_perm(side.permission) else None


def is_offered(request: HttpRequest) -> bool:
    """Return whether there is anything for this person to switch to. One query."""
    side = find_visible(request)
    return side is not None and side.exists()


class Sides:
    """Both sides of a page, as its parameters ask for them; by default those of the address."""

    def __init__(self, request: HttpRequest, params: QueryDict | None = None) -> None:
        self.params = request.GET if params is None else params
        self.origin = read_origin(request, self.params.get(PARAMETER, ""))
        self.proposals = Narrowed(request, self.params)
        self.params = self.proposals.params
        self.other = find_other_side()
        # Without another side, no origin shows its quotes.
        self.quotes = self.other.narrowed(request, self.params) if self.other else self.proposals

    @property
    def is_both(self) -> bool:
        """Whether both are asked for."""
        return self.origin == Origin.BOTH

    @property
    def shows_proposals(self) -> bool:
        """Whether Offorte's proposals are shown."""
        return self.origin != Origin.OTHER and not self._foreign(self.quotes, self.proposals)

    @property
    def shows_quotes(self) -> bool:
        """Whether quotes of other systems are shown."""
        return self.origin != Origin.OFFORTE and not self._foreign(self.proposals, self.quotes)

    def _foreign(self, narrowed: Narrowed, side: Narrowed) -> list[str]:
        """Return the titles of active filters that the other side does not have; none unless both are asked for."""
        if not self.is_both:
            return []
        return [str(active.title) for active in narrowed.active if not set(active.parameters) <= side.parameters]

    @property
    def notices(self) -> list[str]:
        """The reasons why a side that was asked for is left out."""
        others = _(
            "“%s” isn’t available for quotes from other systems, so none are shown. Remove that filter to see them."
        )
        offorte = _("“%s” isn’t available for proposals in Offorte, so none are shown. Remove that filter to see them.")
        unknown = (
            (others, self._foreign(self.proposals, self.quotes)),
            (offorte, self._foreign(self.quotes, self.proposals)),
        )
        return [text % ", ".join(names) for text, names in unknown if names]

    @cached_property
    def main(self) -> Narrowed:
        """The side whose filters the page offers."""
        return self.quotes if self.origin == Origin.OTHER else self.proposals

    @property
    def controls(self) -> Sequence[object]:
        """The filters for the menu; for both sides, those that both have."""
        known = self.parameters(self.origin)
        return build_menu(each for each in self.main.filters if set(each.parameters) <= known)

    @property
    def chips(self) -> list[Chip]:
        """The active filters, each with a link that removes it."""
        if not self.is_both:
            return list(self.main.chips)
        known = {chip.remove_url: chip for chip in [*self.quotes.chips, *self.proposals.chips]}
        return list(known.values())

    def parameters(self, origin: Origin) -> set[str]:
        """Return the parameters that narrow a page in a position of the switch."""
        if origin == Origin.BOTH:
            return self.proposals.parameters & self.quotes.parameters
        return self.quotes.parameters if origin == Origin.OTHER else self.proposals.parameters

    @property
    def kept(self) -> set[str]:
        """The parameters that a saved view of the page keeps."""
        return self.parameters(self.origin) | ({PARAMETER} if self.origin != Origin.OFFORTE else set())

    def positions(self) -> list[Position]:
        """Return the positions of the switch; each keeps the parameters that its side has."""
        found = []
        for origin in Origin:
            known = self.parameters(origin)
            kept = [(name, value) for name, values in self.params.lists() if name in known for value in values]
            chosen = [] if origin == Origin.OFFORTE else [(PARAMETER, origin.value)]
            found.append(Position(str(origin.label), "?" + urlencode([*kept, *chosen]), origin == self.origin))
        return found
