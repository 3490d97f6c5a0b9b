"""Offorte's token endpoints: exchange a code or a refresh token for a token (reference, "OAuth2" and "Refresh tokens").

requests-oauthlib makes the requests. It accepts any text as an answer, and its readers fail in many ways, so each
answer is checked, and reduced to what the reference names, before the library reads it.
"""

# ruff: noqa: N818 - the errors are named like those of api.errors, by what they mean

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import requests
import urllib3.exceptions
from django.views.decorators.debug import sensitive_variables
from oauthlib.oauth2 import InsecureTransportError

from offorte_portal import ports
from offorte_portal.api.delivery import explain_failure
from offorte_portal.api.errors import (
    MalformedAnswer,
    NotConnected,
    NotFound,
    OfforteError,
    RateLimited,
    Rejected,
    Unavailable,
)
from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth.address import require_confidential
from offorte_portal.connections.oauth.session import OfforteSession
from offorte_portal.connections.reasons import ConnectionReason

# The reference's lifetime of an access token, for answers without a believable `expires_in`.
LIFETIME = timedelta(days=30)
_LONGEST_LIFETIME = timedelta(days=3650)
_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")
_ERROR_CODE = re.compile(r"[a-z_]{1,40}")
_PASSING_ERRORS = frozenset({"temporarily_unavailable", "server_error"})
_CLIENT_ERRORS = frozenset({"invalid_client", "unauthorized_client"})


class GrantRefused(OfforteError):
    """The code or the refresh token is wrong, used, expired or revoked (`invalid_grant`)."""

    code = ConnectionReason.GRANT_REFUSED


class ClientRefused(OfforteError):
    """Offorte does not know the client ID or refuses the secret (`invalid_client`, 401)."""

    code = ConnectionReason.CLIENT_REFUSED


@dataclass(frozen=True, slots=True)
class Token:
    """A token that Offorte issued; `refresh` is empty where there is none."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime


@sensitive_variables()
def exchange_code(connection: Connection, *, code: str, redirect_uri: str, code_verifier: str = "") -> Token:
    """Exchange an authorization code. Raises GrantRefused, ClientRefused or another OfforteError."""
    if not code:
        raise GrantRefused
    with _open_session(connection, redirect_uri=redirect_uri) as session:
        answer = session.fetch_token(
            f"{connection.oauth_url}/token",
            code=code,
            code_verifier=code_verifier or None,
            include_client_id=True,
            client_secret=connection.client_secret,
        )
    return _read_token(answer)


@sensitive_variables()
def renew_token(connection: Connection) -> Token:
    """Get a new token; it keeps the old refresh token if no new one came. Raises as `exchange_code` does."""
    with _open_session(connection) as session:
        answer = session.refresh_token(
            f"{connection.oauth_url}/refresh-token",
            refresh_token=connection.refresh_token,
            client_id=connection.client_id,
            client_secret=connection.client_secret,
        )
    return _read_token(answer)


@contextmanager
def _open_session(connection: Connection, **options: Any) -> Iterator[OfforteSession]:
    """Open a session for one request to a token endpoint; any failure in it raises an OfforteError."""
    require_confidential(connection.oauth_url)
    with OfforteSession(connection.client_id, **options) as session:
        session.register_compliance_hook("access_token_response", _judge)
        session.register_compliance_hook("refresh_token_response", _judge)
        try:
            yield session
        except InsecureTransportError:
            # Only one of Offorte's two URLs is on this machine, so plain http is not allowed (`switch_https_check`).
            raise NotConnected(ConnectionReason.ADDRESSES_DIFFER) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            # Not chained, because the texts of these errors can contain what was sent.
            raise explain_failure(error) from None


@sensitive_variables()
def _judge(response: requests.Response) -> requests.Response:
    """Return the answer reduced to a valid token. Raises an OfforteError where it holds none."""
    answer = _parse(response.content)
    if not 200 <= response.status_code < 300 or "error" in answer:
        raise _explain(response.status_code, answer)
    access, refresh = answer.get("access_token"), answer.get("refresh_token") or ""
    # A token goes into a header, so it must not contain spaces or line breaks.
    if not (isinstance(access, str) and _TOKEN.fullmatch(access)):
        raise MalformedAnswer(ConnectionReason.TOKEN_MISSING)
    if not isinstance(refresh, str):
        raise MalformedAnswer(ConnectionReason.REFRESH_TOKEN_UNREADABLE)
    token = {"access_token": access, "expires_in": _read_lifetime(answer.get("expires_in"))}
    judged = requests.Response()
    judged.raw = BytesIO(json.dumps(token | ({"refresh_token": refresh} if refresh else {})).encode())
    judged.encoding = "ascii"
    return judged


def _parse(body: bytes) -> dict[str, object]:
    """Return the answer's JSON object; an empty one where there is none."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _read_lifetime(value: object) -> int:
    """Return the seconds that a token lasts; 30 days where the value is not believable."""
    try:
        seconds = int(float(str(value)))
    except (ValueError, OverflowError):
        seconds = 0
    is_believable = 0 < seconds <= _LONGEST_LIFETIME.total_seconds()
    return seconds if is_believable else int(LIFETIME.total_seconds())


@sensitive_variables()
def _read_token(answer: Mapping[str, Any]) -> Token:
    """Return the token. It expires `expires_in` seconds from now; the library uses the machine's clock."""
    expires_at = ports.now() + timedelta(seconds=answer["expires_in"])
    return Token(answer["access_token"], answer.get("refresh_token", ""), expires_at)


def _explain(status: int, answer: Mapping[str, object]) -> OfforteError:
    code = answer.get("error")
    if status == 429:
        return RateLimited()
    if status >= 500 or str(code) in _PASSING_ERRORS:
        return Unavailable(ConnectionReason.CANT_ANSWER, status=status)
    if code == "invalid_grant":
        return GrantRefused()
    if str(code) in _CLIENT_ERRORS or status == 401:
        return ClientRefused()
    if status in {404, 410}:
        return NotFound(ConnectionReason.ACCOUNT_UNKNOWN)
    if 400 <= status < 500 or code:
        is_readable = isinstance(code, str) and _ERROR_CODE.fullmatch(code)
        refused = ConnectionReason.TOKEN_REFUSED_FOR(error=str(code)) if is_readable else ConnectionReason.TOKEN_REFUSED
        return Rejected(refused)
    return MalformedAnswer()
