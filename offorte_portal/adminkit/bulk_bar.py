"""The bar over a list while rows are selected, with the actions for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django_stubs_ext import StrOrPromise


class BarAction(Protocol):
    """The action of a button; its name is what the form sends."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> StrOrPromise: ...


@dataclass(frozen=True)
class BulkBar:
    """What the bar of a list offers to a person. `value_url` answers with the total value of all rows of the list."""

    buttons: Sequence[BarAction]
    menu: Sequence[BarAction] = ()
    dangers: Sequence[BarAction] = ()
    value_url: str = ""
    currency: str = ""

    @property
    def has_menu(self) -> bool:
        """Whether there are more actions than the buttons."""
        return bool(self.menu or self.dangers)
