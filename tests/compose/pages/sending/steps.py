"""Sending a proposal in tests, step by step, the way a browser does it."""

from typing import Any

from django.test import Client

from offorte_portal.simulator import Simulator
from tests.support.forms import writes_of


def filled(page: Any) -> dict[str, Any]:
    """What the form would be posted with, or what the page that asks carries along."""
    data: dict[str, Any] = {"form_state": page.context["form_state"]}
    if "carried" in page.context:
        for name, value in page.context["carried"]:
            data.setdefault(name, []).append(value)
        return data
    for bound in page.context["form"]:
        value = bound.value()
        if value not in (None, False):
            data[bound.name] = value
    return data


def preview(client: Client, url: str, **typed: Any) -> Any:
    return client.post(url, filled(client.get(url)) | typed | {"preview": "1"})


def confirm(client: Client, url: str, page: Any) -> Any:
    return client.post(url, filled(page) | {"confirm": "1"}, follow=True)


def sends(simulator: Simulator) -> list[Any]:
    return [body for _, path, body in writes_of(simulator) if path.endswith("/send/")]
