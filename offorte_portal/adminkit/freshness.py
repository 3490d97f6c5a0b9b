"""The age of the data on a page, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.moments import naturaltime
from offorte_portal.connections.models import Connection

State = Literal["fresh", "stale", "syncing", "broken", "never"]


@dataclass(frozen=True)
class Freshness:
    """A state, its text, and the page with more about it (empty where the person may not see one)."""

    state: State
    text: str
    url: str = ""


def read_freshness(request: HttpRequest) -> Freshness:
    """Return the freshness of the chosen account, or the worst of all accounts when none is chosen."""
    chosen = accounts.selected(request)
    connections = [chosen] if chosen else accounts.available(request)
    return describe(request, connections) if connections else Freshness("never", _("No account connected"))


def describe(request: HttpRequest, connections: list[Connection]) -> Freshness:
    """Return the worst state among these accounts, as `accounts` reads them; it names them where there are several."""
    broken = [connection for connection in connections if connection.state == Connection.State.RECONNECT]
    if broken:
        text = _name(_("Reconnect needed"), broken, connections)
        return Freshness("broken", text, _url(request, "connections.connection", broken[0].pk))
    run = next(filter(None, (accounts.number_of(connection, "active_run") for connection in connections)), None)
    if run:
        return Freshness("syncing", _("Syncing…"), _url(request, "sync.syncrun", run))
    living = [connection for connection in connections if connection.is_connected] or connections
    never = [connection for connection in living if connection.synced_at is None]
    if never:
        text = _name(_("Never synced"), never, connections)
        return Freshness("never", text, _url(request, "connections.connection", never[0].pk))
    at, pk = min((connection.synced_at, connection.pk) for connection in living if connection.synced_at)
    oldest = next(connection for connection in living if connection.pk == pk)
    text = _("Synced %(ago)s") % {"ago": naturaltime(at)}
    state: State = "fresh" if oldest.is_connected and is_recent(at) else "stale"
    return Freshness(state, text, _url(request, "connections.connection", oldest.pk))


def is_recent(moment: datetime) -> bool:
    """Return whether at most one scheduled sync has been missed since then."""
    return moment > ports.now() - timedelta(minutes=2 * settings.OFFORTE_SYNC_INTERVAL)


def _name(text: str, some: Iterable[Connection], among: list[Connection]) -> str:
    return f"{text}: {', '.join(str(connection) for connection in some)}" if len(among) > 1 else text


def _url(request: HttpRequest, model: str, pk: int) -> str:
    """Return the URL of a connection or a sync run; "" when the person may not see it."""
    app, name = model.split(".")
    user = request.user
    if not (user.has_perm(f"{app}.view_{name}") or user.has_perm(f"{app}.change_{name}")):
        return ""
    try:
        return reverse(f"admin:{app}_{name}_change", args=[pk])
    except NoReverseMatch:
        return ""
