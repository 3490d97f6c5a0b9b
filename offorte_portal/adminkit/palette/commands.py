"""Commands of the palette. Rooms announce theirs in their `additions`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from offorte_portal.adminkit.palette.hits import Hit
from offorte_portal.adminkit.palette.page import Page
from offorte_portal.adminkit.staffview import StaffRequest


class CommandGroup(TextChoices):
    """The groups of commands, in the order in which they are shown."""

    PAGE = "page", _("On this page")
    GENERAL = "general", _("Actions")
    VIEW = "view", _("Saved views")
    SETTING = "setting", _("Settings")


@dataclass(frozen=True, kw_only=True)
class PaletteCommand:
    """Something to do, for a person who may do it.

    It is a link to `url`, where nothing has happened yet, or posts `data` there; or it sets the `theme`, in the browser
    alone. People find it by its title in each language, if that is lazy, and by `keywords`, in all languages at once.
    """

    title: StrOrPromise
    icon: str
    group: CommandGroup
    url: str = ""
    data: Mapping[str, str] | None = None
    theme: str = ""
    details: str = ""
    keywords: str = ""

    def show(self) -> Hit:
        """Return the command as a result, in the reader's language."""
        return Hit(str(self.title), self.details, self.url, self.icon, data=self.data, theme=self.theme)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Finds commands for a person on a page, and is asked again with every letter that is typed.

    Commands are shown by `position`. With `is_searched` they are offered only while something is typed.
    """

    find: Callable[[StaffRequest, Page], Iterable[PaletteCommand]]
    position: int
    is_searched: bool = False


OFFERS: list[Offer] = []


def add_to_palette(*offers: Offer) -> None:
    """Register commands, from a room's `additions`."""
    OFFERS.extend(offers)
    OFFERS.sort(key=lambda offer: offer.position)
