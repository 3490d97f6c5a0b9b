"""Authorization codes and tokens of one account."""

import base64
import hashlib
import secrets
import threading
from dataclasses import dataclass, field

from offorte_portal.simulator.clock import Clock

CODE_LIFETIME = 600
TOKEN_LIFETIME = 30 * 24 * 3600


class GrantRefusedError(Exception):
    """The code or refresh token is not good (any more): `invalid_grant`."""


@dataclass(slots=True)
class Family:
    """All tokens that come from one consent."""

    access: dict[str, float] = field(default_factory=dict)
    refresh: str = ""
    is_revoked: bool = False


@dataclass(slots=True)
class Code:
    """An authorization code, bound to its request."""

    redirect_uri: str
    challenge: str
    method: str
    expires_at: float
    family: Family | None = None


class TokenStore:
    """Issues and checks codes and tokens; lifetimes follow the simulated clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._codes: dict[str, Code] = {}
        self._access: dict[str, Family] = {}
        self._refresh: dict[str, Family] = {}

    def issued(self) -> list[str]:
        """Every code and token ever issued, so that a test can look for traces of them."""
        with self._lock:
            return [*self._codes, *self._access, *self._refresh]

    def issue_code(self, redirect_uri: str, *, challenge: str = "", method: str = "plain") -> str:
        """A code for one exchange within 10 minutes."""
        code = secrets.token_urlsafe(24)
        with self._lock:
            self._codes[code] = Code(redirect_uri, challenge, method, self._clock.time() + CODE_LIFETIME)
        return code

    def exchange(self, value: str, *, redirect_uri: str, verifier: str) -> tuple[str, str]:
        """Access and refresh token for a code; a code used twice ends the tokens it gave."""
        with self._lock:
            code = self._codes.get(value)
            if code is None:
                raise GrantRefusedError("The authorization code is unknown.")
            if code.family:
                code.family.is_revoked = True
                raise GrantRefusedError("The authorization code has already been used.")
            if code.expires_at <= self._clock.time():
                raise GrantRefusedError("The authorization code has expired.")
            if code.redirect_uri != redirect_uri:
                raise GrantRefusedError("The redirect_uri differs from the authorization request.")
            if _challenge(verifier, code.method) != code.challenge:
                raise GrantRefusedError("The code_verifier doesn't match the code_challenge.")
            code.family = Family()
            return self._new_access(code.family), self._new_refresh(code.family)

    def issue(self) -> tuple[str, str]:
        """Access and refresh token without any handshake."""
        with self._lock:
            family = Family()
            return self._new_access(family), self._new_refresh(family)

    def refresh(self, value: str, *, rotates: bool, ends_access: bool) -> tuple[str, str]:
        """New access token and the refresh token to use next; a used refresh token ends the whole family."""
        with self._lock:
            family = self._refresh.get(value)
            if family is None or family.is_revoked:
                raise GrantRefusedError("The refresh token is unknown or was revoked.")
            if family.refresh != value:
                family.is_revoked = True
                raise GrantRefusedError("The refresh token has already been used.")
            if ends_access:
                family.access.clear()
            return self._new_access(family), self._new_refresh(family) if rotates else value

    def state_of(self, access: str) -> str:
        """Return what is wrong with an access token, or "" if it is valid."""
        with self._lock:
            family = self._access.get(access)
            if family is None:
                return "The access token is unknown."
            if family.is_revoked or access not in family.access:
                return "The access token was revoked."
            is_expired = family.access[access] <= self._clock.time()
            return "The access token has expired." if is_expired else ""

    def revoke_all(self) -> None:
        """End every token, as removing the app in Offorte's settings does."""
        with self._lock:
            for family in [*self._access.values(), *self._refresh.values()]:
                family.is_revoked = True

    def _new_access(self, family: Family) -> str:
        token = secrets.token_urlsafe(32)
        family.access[token] = self._clock.time() + TOKEN_LIFETIME
        self._access[token] = family
        return token

    def _new_refresh(self, family: Family) -> str:
        family.refresh = secrets.token_urlsafe(32)
        self._refresh[family.refresh] = family
        return family.refresh


def _challenge(verifier: str, method: str) -> str:
    if method == "plain" or not verifier:
        return verifier
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
