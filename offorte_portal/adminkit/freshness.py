"""How old what a page shows is, in words."""

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
    """State, its text, and where to go for more (empty: nowhere that this person may go)."""

    state: State
    text: str
    url: str = ""


def read_freshness(request: HttpRequest) -> Freshness:
    """How fresh the chosen account is; the worst of all connected ones when none is chosen."""
    chosen = accounts.selected(request)
    connections = [chosen] if chosen else accounts.available(request)
    return describe(request, connections) if connections else Freshness("never", _("No account connected"))


def describe(request: HttpRequest, connections: list[Connection]) -> Freshness:
    """The worst state among these accounts, as `accounts` reads them; named where there are several."""
    broken = [one for one in connections if one.state == Connection.State.RECONNECT]
    if broken:
        text = _name(_("Reconnect needed"), broken, connections)
        return Freshness("broken", text, _url(request, "connections.connection", broken[0].pk))
    run = next(filter(None, (accounts.number_of(one, "active_run") for one in connections)), None)
    if run:
        return Freshness("syncing", _("Syncing…"), _url(request, "sync.syncrun", run))
    living = [one for one in connections if one.is_connected] or connections
    never = [one for one in living if one.synced_at is None]
    if never:
        text = _name(_("Never synced"), never, connections)
        return Freshness("never", text, _url(request, "connections.connection", never[0].pk))
    at, pk = min((one.synced_at, one.pk) for one in living if one.synced_at)
    oldest = next(one for one in living if one.pk == pk)
    text = _("Synced %(ago)s") % {"ago": naturaltime(at)}
    state: State = "fresh" if oldest.is_connected and _is_recent(at) else "stale"
    return Freshness(state, text, _url(request, "connections.connection", oldest.pk))


def _is_recent(moment: datetime) -> bool:
    """Whether at most one sync of the schedule has been missed since."""
    return moment > ports.now() - timedelta(minutes=2 * settings.OFFORTE_SYNC_INTERVAL)


def _name(text: str, some: Iterable[Connection], among: list[Connection]) -> str:
    return f"{text}: {', '.join(str(one) for one in some)}" if len(among) > 1 else text


def _url(request: HttpRequest, model: str, pk: int) -> str:
    """The page of a connection or a syncrun; empty when the person may not see it."""
    app, name = model.split(".")
    user = request.user
    if not (user.has_perm(f"{app}.view_{name}") or user.has_perm(f"{app}.change_{name}")):
        return ""
    try:
        return reverse(f"admin:{app}_{name}_change", args=[pk])
    except NoReverseMatch:
        return ""
