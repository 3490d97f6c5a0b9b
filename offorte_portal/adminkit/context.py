"""The data of the frame around every staff page: navigation, accounts, problems."""

from functools import cached_property

from django.contrib import admin
from django.http import HttpRequest

from offorte_portal.adminkit.accounts import available, selected
from offorte_portal.adminkit.navigation import Link, Shortcut, Text, build_navigation, shortcuts
from offorte_portal.adminkit.palette.records import record_path
from offorte_portal.connections.connecting import Problem, problems
from offorte_portal.connections.models import Connection
from offorte_portal.runs import beats
from offorte_portal.runs.disk import Space, measure


class Portal:
    """The frame's data; each part is computed only when a page uses it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def accounts(self) -> list[Connection]:
        """All accounts."""
        return available(self.request)

    @cached_property
    def account(self) -> Connection | None:
        """The chosen account; None for all."""
        return selected(self.request)

    @cached_property
    def standing(self) -> str:
        """Whether background work is running."""
        return str(beats.standing())

    @cached_property
    def problems(self) -> list[Problem]:
        """Problems of accounts that a person has to solve."""
        return problems(self.accounts)

    @cached_property
    def full_disk(self) -> Space | None:
        """The disk if it is almost full, for people who may authorise connections."""
        if not self.request.user.has_perm("connections.authorise_connection"):
            return None
        space = measure()
        return space if space and space.is_low else None

    @cached_property
    def navigation(self) -> list[tuple[Text, list[Link]]]:
        """Groups of links that the person may follow."""
        return build_navigation(self.request)

    @cached_property
    def shortcuts(self) -> list[Shortcut]:
        """The keys that open pages."""
        return shortcuts(self.request.user)

    @cached_property
    def record_path(self) -> str:
        """The path of the record that the page is about, which the palette remembers; "" for none."""
        return record_path(self.request.path)

    @cached_property
    def phone_links(self) -> list[Link]:
        """The links in the bar at the bottom of a phone's screen."""
        return [link for _, links in self.navigation for link in links if link.is_phone]


def portal(request: HttpRequest) -> dict[str, Portal]:
    """Provide `portal` to templates (a context processor), only for people who may use the admin."""
    if not hasattr(request, "user") or not admin.site.has_permission(request):
        return {}
    return {"portal": Portal(request)}
