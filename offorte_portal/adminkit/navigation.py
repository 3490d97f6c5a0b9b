"""The navigation, grouped by kind of work. Models that no room announces, such as technical ones, have no entry.

Each room registers its entries in its `navigation` module, which `AdminKitConfig` imports.
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
Person = AbstractBaseUser | AnonymousUser
Count = Callable[[HttpRequest], int]
# Managers and administrators have it: they look after an account's syncs and the jobs of others.
OVERSEES = "connections.sync_connection"


def oversees(user: Person) -> bool:
    """Return whether the person looks after an account, and not only after their own work in it."""
    return isinstance(user, PermissionsMixin) and user.has_perm(OVERSEES)


class Group(TextChoices):
    """The groups of the navigation, in the order in which they are shown."""

    SELL = "sell", _("Sell")
    CUSTOMERS = "customers", _("Customers")
    CATALOGUE = "catalogue", _("Catalogue")
    INSIGHT = "insight", _("Insight")
    SETTINGS = "settings", _("Settings")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A page in the navigation, for people who hold one of its permissions, or for everybody where it has none.

    `shown_to` leaves it out for people who have no use for it, though they may open the page. `position` is its place
    in its group; `badge_id` is the id of a badge that refreshes itself; `key` is pressed after "g" to open the page
    (`palette.js`); `is_phone` puts it into the bar at the bottom of a phone's screen.
    """

    title: Text
    url_name: str
    icon: str = ""
    position: int = 0
    permissions: tuple[str, ...] = ()
    shown_to: Callable[[Person], bool] = lambda user: True
    count: Count | None = None
    badge_id: str = ""
    key: str = ""
    is_phone: bool = False
    children: tuple["Entry", ...] = ()


_entries: dict[Group, list[Entry]] = {group: [] for group in Group}


# Children of entries that a later room registers, by group and the entry's URL.
_awaiting: dict[tuple[Group, str], tuple[Entry, ...]] = {}


def register(group: Group, *entries: Entry) -> None:
    """Add entries to a group, ordered by position."""
    for entry in entries:
        children = (*entry.children, *_awaiting.pop((group, entry.url_name), ()))
        _entries[group].append(replace(entry, children=children))
    _entries[group].sort(key=lambda entry: entry.position)


def extend(group: Group, url_name: str, *children: Entry) -> None:
    """Add children to an entry of any room; without that room they are left out."""
    entries = _entries[group]
    for at, entry in enumerate(entries):
        if entry.url_name == url_name:
            entries[at] = replace(entry, children=(*entry.children, *children))
            return
    _awaiting[group, url_name] = (*_awaiting.get((group, url_name), ()), *children)


def list_of(model: str, title: Text, **options: object) -> Entry:
    """Return an entry for the list of a model, given as "app.model"."""
    app, name = model.split(".")
    permissions = (f"{app}.view_{name}", f"{app}.change_{name}")
    url_name = f"admin:{app}_{name}_changelist"
    return Entry(title=title, url_name=url_name, permissions=permissions, **options)  # type: ignore[arg-type]


def groups() -> list[tuple[Text, tuple[Entry, ...]]]:
    """Return the label and the entries of every group."""
    return [(group.label, tuple(entries)) for group, entries in _entries.items()]


@dataclass
class Link:
    """An entry as a person sees it on a page."""

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
        """Whether the current page is this one or one of its children, which are then shown."""
        return self.is_current or any(child.is_current for child in self.children)


def build_navigation(request: HttpRequest) -> list[tuple[Text, list[Link]]]:
    """Return the groups with the links that the person may follow; groups without links are left out."""
    shown = ((title, list(_links(request, entries))) for title, entries in groups())
    return [(title, links) for title, links in shown if links]


def _links(request: HttpRequest, entries: tuple[Entry, ...]) -> Iterator[Link]:
    for entry in entries:
        children = list(_links(request, entry.children))
        url = _url(entry) if _may_see(request.user, entry) else ""
        if not url and children:
            url = children[0].url
        if url:
            is_here = request.path == url or (url != reverse("home") and request.path.startswith(url))
            yield Link(
                title=entry.title,
                icon=entry.icon,
                url=url,
                is_current=is_here and not any(child.is_current for child in children),
                is_phone=entry.is_phone,
                badge=entry.count(request) if entry.count else 0,
                badge_id=entry.badge_id,
                children=children,
            )


@dataclass(frozen=True)
class Shortcut:
    """A page that a key opens."""

    key: str
    title: Text
    url: str


def shortcuts(user: Person) -> list[Shortcut]:
    """Return the keys of the pages that the person may see."""
    entries = (entry for _, group in groups() for entry in group if entry.key and _may_see(user, entry))
    return [Shortcut(entry.key, entry.title, _url(entry)) for entry in entries]


def places(user: Person) -> Iterator[tuple[Text, str, str]]:
    """Yield the title, icon and URL of every page that the person may see; no badges are counted."""
    for _title, entries in groups():
        for entry in entries:
            for target in (entry, *entry.children):
                if _may_see(user, target) and (url := _url(target)):
                    yield target.title, target.icon or entry.icon, url


def _may_see(user: Person, entry: Entry) -> bool:
    if not entry.shown_to(user):
        return False
    if not entry.permissions:
        return True
    return isinstance(user, PermissionsMixin) and any(user.has_perm(name) for name in entry.permissions)


def _url(entry: Entry) -> str:
    """Return the entry's URL; "" when it can't be resolved, as when its admin is not registered."""
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""
