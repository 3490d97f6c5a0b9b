"""Lists where somebody is signed in, and signs them out there."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.http import HttpRequest, HttpResponseBase

from offorte_portal import ports
from offorte_portal.staff.security_log import client_address

# Set in sessions that began with a sign-in, which have a `UserSession` to record activity in.
LISTED = "is_listed"
NOTE_INTERVAL = timedelta(minutes=10)
# The order matters: Edge and Opera call themselves Chrome as well, and Chrome calls itself Safari.
_BROWSERS = (
    (re.compile(r"Edg(e|A|iOS)?/"), "Edge"),
    (re.compile(r"OPR/"), "Opera"),
    (re.compile(r"SamsungBrowser/"), "Samsung Internet"),
    (re.compile(r"(Firefox|FxiOS)/"), "Firefox"),
    (re.compile(r"(Chrome|CriOS|HeadlessChrome)/"), "Chrome"),
    (re.compile(r"Safari/"), "Safari"),
)
_SYSTEMS = (
    (re.compile(r"iPhone"), "iPhone"),
    (re.compile(r"iPad"), "iPad"),
    (re.compile(r"Android"), "Android"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"Mac OS X|Macintosh"), "macOS"),
    (re.compile(r"CrOS"), "ChromeOS"),
    (re.compile(r"Linux"), "Linux"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """A session of somebody; `browser` and `system` are empty where they are not recognised."""

    key: int
    browser: str
    system: str
    address: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def devices(user: User, this_session: str) -> list[Device]:
    """List somebody's sessions: this one first, then the most recently used."""
    found = [
        Device(
            key=session.pk,
            browser=_first(_BROWSERS, session.user_agent),
            system=_first(_SYSTEMS, session.user_agent),
            address=session.ip,
            began_at=session.created_at,
            seen_at=session.last_seen_at,
            is_this=session.session_key == this_session,
        )
        for session in UserSession.objects.purge_and_list(user)
    ]
    return sorted(found, key=lambda device: (device.is_this, device.seen_at), reverse=True)


def describe_browser(user_agent: str) -> str:
    """Return browser and system as people know them; empty where neither is recognised."""
    return ", ".join(filter(None, (_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))))


def end_one(user: User, key: int) -> bool:
    """End one of somebody's sessions; return whether there was such a session."""
    session = UserSession.objects.filter(user=user, pk=key).first()
    if session is not None:
        session.end()
    return session is not None


def end_all(user: User, *, keep: str = "") -> int:
    """End all of somebody's sessions but the one whose key is `keep`; return how many.

    All sessions are read, because one that began in another way than by signing in has no `UserSession`.
    """
    current = Session.objects.filter(expire_date__gt=ports.now()).exclude(session_key=keep)
    keys = [session.pk for session in current.iterator() if session.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=keys).delete()
    UserSession.objects.filter(user=user).exclude(session_key=keep).delete()
    return len(keys)


def drop_expired() -> int:
    """Remove sessions that have expired, and their entries; return how many."""
    removed, _ = Session.objects.filter(expire_date__lt=ports.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return removed


class ActivityMiddleware:
    """Records when and from where a session was last used, at most every ten minutes in each process."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        session = request.session
        key = session.session_key if session.accessed and session.get(LISTED) else None
        if key and caches["local"].add(f"session-seen:{key}", True, NOTE_INTERVAL.total_seconds()):
            now = ports.now()
            seen = {"last_seen_at": now} | ({"ip": address} if (address := client_address(request)) else {})
            UserSession.objects.filter(session_key=key, last_seen_at__lt=now - NOTE_INTERVAL).update(**seen)
        return response


def _first(known: tuple[tuple[re.Pattern[str], str], ...], user_agent: str) -> str:
    return next((name for pattern, name in known if pattern.search(user_agent)), "")
