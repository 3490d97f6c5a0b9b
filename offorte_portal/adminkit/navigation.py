"""The navigation, grouped by work. Technical models are left out: what no room announces has no way in.

Each room registers its entries in its `navigation`; `AdminKitConfig` finds them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db.models import TextChoices
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Count = Callable[[HttpRequest], int]


class Group(TextChoices):
    """What people come for, in the order in which it is shown."""

    SELL = "sell", _("Sell")
    CUSTOMERS = "customers", _("Customers")
    CATALOGUE = "catalogue", _("Catalogue")
    INSIGHT = "insight", _("Insight")
    SETTINGS = "settings", _("Settings")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A place to go to, for those who hold one of its permissions (none named: everybody).

    `position` is where it stands in its group; `badge_id` is that of the badge, where it renews itself; `key` is
    pressed after "g" (`palette.js`); `is_phone` puts it into the bar at the bottom of a phone.
    """

    title: Text
    url_name: str
    icon: str = ""
    position: int = 0
    permissions: tuple[str, ...] = ()
    count: Count | None = None
    badge_id: str = ""
    key: str = ""
    is_phone: bool = False
    children: tuple["Entry", ...] = ()


_entries: dict[Group, list[Entry]] = {group: [] for group in Group}


def register(group: Group, *entries: Entry) -> None:
    """Announce ways in."""
    _entries[group] += entries
    _entries[group].sort(key=lambda entry: entry.position)


def extend(group: Group, url_name: str, *children: Entry) -> None:
    """Give an entry of a room before more children. Raises ValueError where there is no such entry."""
    entries = _entries[group]
    at = [entry.url_name for entry in entries].index(url_name)
    entries[at] = replace(entries[at], children=(*entries[at].children, *children))


def list_of(model: str, title: Text, **options: object) -> Entry:
    """The entry of a model's list, "app.model"."""
    app, name = model.split(".")
    permissions = (f"{app}.view_{name}", f"{app}.change_{name}")
    url_name = f"admin:{app}_{name}_changelist"
    return Entry(title=title, url_name=url_name, permissions=permissions, **options)  # type: ignore[arg-type]


def groups() -> list[tuple[Text, tuple[Entry, ...]]]:
    """Every group with its entries."""
    return [(group.label, tuple(entries)) for group, entries in _entries.items()]


@dataclass
class Link:
    """An entry as one person sees it on one page."""

    title: Text
    icon: str
    url: str
    is_current: bool
    is_phone: bool = False
    badge: int = 0
    badge_id: str = ""
    children: list["Link"] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether the page is this one or below it, so that its children show."""
        return self.is_current or any(child.is_current for child in self.children)


def build_navigation(request: HttpRequest) -> list[tuple[Text, list[Link]]]:
    """The groups with the links that the person may follow; groups without any are left out."""
    shown = ((title, list(_links(request, entries))) for title, entries in groups())
    return [(title, links) for title, links in shown if links]


def _links(request: HttpRequest, entries: tuple[Entry, ...]) -> Iterator[Link]:
    for entry in entries:
        children = list(_links(request, entry.children))
        url = _url(entry) if _may_see(request.user, entry) else ""
        if not url and children:
            url = children[0].url
        if url:
            yield Link(
                title=entry.title,
                icon=entry.icon,
                url=url,
                is_current=_is_current(request.path, url) and not any(child.is_current for child in children),
                is_phone=entry.is_phone,
                badge=entry.count(request) if entry.count else 0,
                badge_id=entry.badge_id,
                children=children,
            )


@dataclass(frozen=True)
class Shortcut:
    """A page that a key leads to."""

    key: str
    title: Text
    url: str


def shortcuts(user: AbstractBaseUser | AnonymousUser) -> list[Shortcut]:
    """The keys for the pages that the person may go to."""
    entries = (entry for _, group in groups() for entry in group if entry.key and _may_see(user, entry))
    return [Shortcut(entry.key, entry.title, _url(entry)) for entry in entries]


def places(user: AbstractBaseUser | AnonymousUser) -> Iterator[tuple[Text, str, str]]:
    """(title, icon, address) of every page that the person may go to; counts nothing."""
    for _title, entries in groups():
        for entry in entries:
            for one in (entry, *entry.children):
                if _may_see(user, one) and (url := _url(one)):
                    yield one.title, one.icon or entry.icon, url


def _may_see(user: AbstractBaseUser | AnonymousUser, entry: Entry) -> bool:
    if not entry.permissions:
        return True
    return isinstance(user, PermissionsMixin) and any(user.has_perm(name) for name in entry.permissions)


def _url(entry: Entry) -> str:
    """The entry's address; empty when its admin is not registered."""
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""


def _is_current(path: str, url: str) -> bool:
    return path == url or (url != reverse("home") and path.startswith(url))
