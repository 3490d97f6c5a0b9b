"""Whether the view that asks another server is marked as one: an unmarked one would hold a web process meanwhile."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest

from offorte_portal.waiting.marks import mark_of

ANSWERING = BaseHandler._get_response.__code__  # type: ignore[attr-defined]


@contextmanager
def marked_views_only() -> Iterator[None]:
    """Let no request leave from a view without a mark for it; what fails the test is no Exception that code takes."""
    ask = requests.Session.request

    def request(session: requests.Session, *args: Any, **options: Any) -> requests.Response:
        if asked := find_request():
            match = asked.resolver_match
            mark = mark_of(match.func) if match else None
            if mark is None:
                pytest.fail(f"{asked.path} asks another server: its view needs the mark asks_elsewhere")
            if asked.method not in mark.methods:
                pytest.fail(f"{asked.path} asks another server by {asked.method}, unlike its mark")
        return ask(session, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "request", request)
        yield


def find_request() -> HttpRequest | None:
    """The request that a view in this thread is answering."""
    frame = sys._getframe(2)
    while frame.f_code is not ANSWERING:
        if frame.f_back is None:
            return None
        frame = frame.f_back
    found: HttpRequest = frame.f_locals["request"]
    return found
