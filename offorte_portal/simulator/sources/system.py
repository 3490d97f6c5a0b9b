"""What the four have in common: routes by pattern, who may ask, an answer."""

import json
import re
from abc import ABC, abstractmethod
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Asked:
    """A request below a system's prefix; `headers` by lower-case names."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)

    def basic(self) -> tuple[str, str]:
        """User name and password, empty where none are sent."""
        kind, _, coded = self.headers.get("authorization", "").partition(" ")
        if kind != "Basic":
            return "", ""
        user, _, password = b64decode(coded).decode().partition(":")
        return user, password


@dataclass(slots=True)
class Told:
    """An answer; `body` is written as JSON unless it is bytes."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def encode(self) -> tuple[bytes, str]:
        """The body and its type."""
        if isinstance(self.body, bytes):
            return self.body, self.headers.get("Content-Type", "application/pdf")
        try:
            return json.dumps(self.body, ensure_ascii=False).encode(), "application/json"
        except UnicodeEncodeError:  # half of a surrogate pair, which JSON can only write as an escape
            return json.dumps(self.body).encode(), "application/json"


Route = Callable[..., Told]


def page_of(
    items: list[Any], query: Mapping[str, str], page: str, size: str, default: int
) -> tuple[list[Any], int, int]:
    """The items of the page that is asked for, its number and its size."""
    number, per = int(query.get(page, "1")), int(query.get(size, str(default)))
    return items[(number - 1) * per : number * per], number, per


class SimulatedSystem(ABC):
    """One of the systems. `routes` are regular expressions of paths with GET, and what answers.

    `rights` are those of the secret; a test takes one away, and what needs it is refused with 403.
    """

    name: ClassVar[str]
    secret: str
    all_rights: ClassVar[frozenset[str]] = frozenset()

    def __init__(self) -> None:
        self.url = ""
        self.rights = set(self.all_rights)
        self.routes: list[tuple[re.Pattern[str], Route]] = []

    def route(self, pattern: str, answer: Route, right: str = "") -> None:
        """GETs of paths that match are answered by this, with what the pattern's groups caught; some need a right."""

        def tell(asked: Asked, *groups: str) -> Told:
            return self.forbid(right) if right and right not in self.rights else answer(asked, *groups)

        self.routes.append((re.compile(pattern), tell))

    @abstractmethod
    def is_allowed(self, asked: Asked) -> bool:
        """Whether the right secret came along."""

    def refuse(self) -> Told:
        """The answer to a wrong secret."""
        return Told({"message": "Unauthorized"}, 401)

    def forbid(self, right: str) -> Told:
        """The answer to a secret that lacks a right."""
        return Told({"message": "Forbidden"}, 403)

    def post(self, asked: Asked) -> Told:
        """Nothing may be written."""
        return Told({"message": "Method not allowed"}, 405)

    def answer(self, asked: Asked) -> Told:
        """What the system says."""
        if asked.method != "GET":
            return self.post(asked)
        for pattern, tell in self.routes:
            if found := pattern.fullmatch(asked.path):
                return tell(asked, *found.groups()) if self.is_allowed(asked) else self.refuse()
        return Told(b"<!DOCTYPE html><title>Not found</title>", 404, {"Content-Type": "text/html"})
