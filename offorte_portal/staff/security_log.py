"""Writes the security log: a row in the database for administrators, and a line of JSON for machines.

It contains no secrets: no password, token, code, cookie, or link that gives access.
"""

import json
import logging
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.core.validators import validate_email, validate_ipv46_address
from django.db.models import F
from django.http import HttpRequest

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.staff.models.security_event import Kind, SecurityEvent
from offorte_portal.staff.sign_in import find_by_address

__all__ = ["Kind", "record", "record_failure", "record_reset_request"]

logger = logging.getLogger("portal.security")
LONGEST_NAME = 150
LONGEST_USER_AGENT = 200
# Events that anybody can cause without signing in are limited: repeats within this time are counted in one row.
REPEAT = timedelta(minutes=1)
# Of different events, no more than this get rows of their own: about each member of staff, and about unknown people.
# The others are counted in one more row, so that a flood about others hides no guesses at a member of staff.
MOST_PER_MINUTE = 60


def record(
    kind: Kind,
    *,
    by: User | None = None,
    about: User | None = None,
    request: HttpRequest | None = None,
    connection: Connection | None = None,
    name: str = "",
    **details: Any,
) -> SecurityEvent:
    """Add one event to the log and write it as one line of JSON to the logger `portal.security`.

    - `by` is the person who did it, by default the signed-in person of `request`; `name` is the name that somebody
      unknown entered.
    - `about` is the member of staff it happened to, where that is somebody else.
    - `details` are codes and plain values (text, numbers, lists of them), never sentences and never secrets.

    The row belongs to the caller's transaction: a change that is rolled back leaves no event.
    """
    user = getattr(request, "user", None)
    if by is None and isinstance(user, User) and user.is_authenticated:
        by = user
    if connection is not None:
        details = {"account": connection.account} | details
    event = _build(kind, by=by, about=about, request=request, connection=connection, name=name, details=details)
    event.save()
    write_line(event)
    return event


def record_failure(request: HttpRequest, *, login: str, about: User | None, reason: str) -> None:
    """Add a failed sign-in. Reasons: `password`, `second_factor`, `passkey`, `limited`, `inactive`, `not_staff`."""
    _record_repeatable(Kind.SIGN_IN_FAILED, request, login, about, reason)


def record_reset_request(request: HttpRequest, address: str, *, is_refused: bool = False) -> None:
    """Add a request for a new password, which `is_refused` after too many requests."""
    about = next(iter(find_by_address(address)), None)
    reason = "limited" if is_refused else "" if about else "unknown"
    _record_repeatable(Kind.PASSWORD_RESET_ASKED, request, address, about, reason)


def _record_repeatable(kind: Kind, request: HttpRequest, login: str, about: User | None, reason: str) -> None:
    """Count the event in the last minute's row of the same name and address or of the flood, or add that row."""
    event = _build(kind, request=request, about=about, name="" if about else mask(login), details={"reason": reason})
    recent = SecurityEvent.objects.filter(kind=kind, about=about, happened_at__gt=event.happened_at - REPEAT)
    flood = _build(kind, about=about, details={"reason": "many_addresses" if about else "flood"})
    same = recent.filter(by_name=event.by_name, address=event.address)
    is_flood = not same.exists() and recent.count() >= MOST_PER_MINUTE
    rows = recent.filter(details=flood.details) if is_flood else same
    row = rows.order_by("-id").values_list("pk", flat=True)[:1]
    if not SecurityEvent.objects.filter(pk__in=list(row)).update(count=F("count") + 1, last_at=event.happened_at):
        (flood if is_flood else event).save()
    write_line(event)


def _build(
    kind: Kind,
    *,
    details: dict[str, Any],
    by: User | None = None,
    about: User | None = None,
    request: HttpRequest | None = None,
    connection: Connection | None = None,
    name: str = "",
) -> SecurityEvent:
    return SecurityEvent(
        kind=kind,
        by=by,
        by_name=_shorten(by.get_username() if by else name, LONGEST_NAME),
        about=about,
        about_name=about.get_username() if about else "",
        address=client_address(request),
        user_agent=_shorten(request.headers.get("user-agent", ""), LONGEST_USER_AGENT) if request else "",
        connection_id=connection.pk if connection else None,
        details={name: value for name, value in details.items() if value not in (None, "")},
        happened_at=ports.now(),
    )


def mask(login: str) -> str:
    """Shorten an unknown name, because people enter passwords there by mistake; leave e-mail addresses as they are."""
    login = login.strip()
    try:
        validate_email(login)
    except ValidationError:
        return f"{login[:2]}…" if len(login) > 2 else login
    return login


def client_address(request: HttpRequest | None) -> str | None:
    """Return the visitor's IP address, as sign-in limits use it; None where it is unknown or invalid."""
    if request is None:
        return None
    try:
        address: str = get_adapter().get_client_ip(request)
        validate_ipv46_address(address)
    except (PermissionDenied, ImproperlyConfigured, ValidationError):
        return None
    return address


def write_line(event: SecurityEvent) -> None:
    """Write an event to the log as a line of JSON, which escapes line breaks and control characters."""
    line = {
        "time": event.happened_at.isoformat(),
        "event": str(event.kind),
        "by": event.by_name,
        "about": event.about_name,
        "address": event.address,
        "user_agent": event.user_agent,
        **event.details,
    }
    logger.info("%s", json.dumps({name: value for name, value in line.items() if value not in (None, "")}, default=str))


def _shorten(text: str, length: int) -> str:
    return text.replace("\0", "")[:length]  # PostgreSQL refuses this character
