"""Whose proposals a page shows: Offorte's, the other systems', or both, which then lie beside each other, told apart.

The address has it (`systems`), Offorte alone is what it says when it says nothing. Both can only be narrowed by what
both lists know: where the address has another filter, the side that does not know it is left out, and the page says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit.narrowed import Narrowed
from offorte_portal.desk.origins import OtherSide, find_other_side

PARAMETER = "systems"


class Origin(models.TextChoices):
    """What the switch can be set to."""

    OFFORTE = "offorte", gettext_lazy("Offorte")
    OTHER = "other", gettext_lazy("Other systems")
    BOTH = "both", gettext_lazy("Both")


@dataclass(frozen=True)
class Position:
    """A position of the switch, and where it leads."""

    label: str
    url: str
    is_current: bool


def read_origin(request: HttpRequest, value: str) -> Origin:
    """What the address asks for, for who may see it; Offorte for anything else."""
    return Origin(value) if value in Origin.values and find_visible(request) else Origin.OFFORTE


def find_visible(request: HttpRequest) -> OtherSide | None:
    """The other side, where there is one and this person may see it."""
    side = find_other_side()
    return side if side and request.user.has_perm(side.permission) else None


def is_offered(request: HttpRequest) -> bool:
    """Whether there is anything to switch to, for this person. One query."""
    side = find_visible(request)
    return side is not None and side.exists()


class Sides:
    """Both sides of a page, as far as its parameters, by default the address's, ask for them."""

    def __init__(self, request: HttpRequest, params: QueryDict | None = None) -> None:
        self.params = request.GET if params is None else params
        self.origin = read_origin(request, self.params.get(PARAMETER, ""))
        self.proposals = Narrowed(request, self.params)
        self.other = find_other_side()
        # Without the other side no address asks for it.
        self.quotes = self.other.narrowed(request, self.params) if self.other else self.proposals

    @property
    def is_both(self) -> bool:
        """Whether both are asked for."""
        return self.origin == Origin.BOTH

    @property
    def shows_proposals(self) -> bool:
        """Whether Offorte's own are shown."""
        return self.origin != Origin.OTHER and not self._foreign(self.quotes, self.proposals)

    @property
    def shows_quotes(self) -> bool:
        """Whether those of other systems are shown."""
        return self.origin != Origin.OFFORTE and not self._foreign(self.proposals, self.quotes)

    def _foreign(self, narrowed: Narrowed, side: Narrowed) -> list[str]:
        """The filters of the one side that the other does not know."""
        if not self.is_both:
            return []
        return [str(one.title) for one in narrowed.active if not set(one.parameters) <= side.parameters]

    @property
    def notices(self) -> list[str]:
        """Why a side that was asked for is left out."""
        others = _("Other systems don't tell “%s”: none of their quotes are shown until you take that filter off.")
        offorte = _("Offorte doesn't tell “%s”: none of its proposals are shown until you take that filter off.")
        unknown = (
            (others, self._foreign(self.proposals, self.quotes)),
            (offorte, self._foreign(self.quotes, self.proposals)),
        )
        return [text % ", ".join(names) for text, names in unknown if names]

    @cached_property
    def main(self) -> Narrowed:
        """Whose filters the page offers: the chosen side's."""
        return self.quotes if self.origin == Origin.OTHER else self.proposals

    @property
    def controls(self) -> Sequence[object]:
        """The filters for the menu: of both sides those that both know."""
        known = self.parameters(self.origin)
        return [one.control() for one in self.main.filters if set(one.parameters) <= known]

    @property
    def chips(self) -> list[object]:
        """What narrows, each to be taken away."""
        if not self.is_both:
            return list(self.main.chips)
        known = {chip.title: chip for chip in [*self.quotes.chips, *self.proposals.chips]}
        return list(known.values())

    def parameters(self, origin: Origin) -> set[str]:
        """What addresses can narrow by in a position of the switch."""
        if origin == Origin.BOTH:
            return self.proposals.parameters & self.quotes.parameters
        return self.quotes.parameters if origin == Origin.OTHER else self.proposals.parameters

    @property
    def kept(self) -> set[str]:
        """What a view of the page has to remember."""
        return self.parameters(self.origin) | ({PARAMETER} if self.origin != Origin.OFFORTE else set())

    def positions(self) -> list[Position]:
        """The switch; a position keeps what its side can be narrowed by."""
        return [Position(str(one.label), self._url(one), one == self.origin) for one in Origin]

    def _url(self, origin: Origin) -> str:
        known = self.parameters(origin)
        kept = [(name, value) for name, values in self.params.lists() if name in known for value in values]
        chosen = [] if origin == Origin.OFFORTE else [(PARAMETER, origin.value)]
        return "?" + urlencode([*kept, *chosen])
