"""The bar over a list while rows are ticked: what can be done with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django_stubs_ext import StrOrPromise


class BarAction(Protocol):
    """What a button does: its name is what is sent."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> StrOrPromise: ...


@dataclass(frozen=True)
class BulkBar:
    """What the bar of one list offers to one person. `value_url` says what all rows that the list finds are worth."""

    buttons: Sequence[BarAction]
    menu: Sequence[BarAction] = ()
    dangers: Sequence[BarAction] = ()
    value_url: str = ""
    currency: str = ""

    @property
    def has_menu(self) -> bool:
        """Whether there is anything beside the buttons."""
        return bool(self.menu or self.dangers)
