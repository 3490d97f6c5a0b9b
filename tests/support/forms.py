"""Filling in forms in tests, the way a browser hands them back, and what Offorte then was asked for."""

import re
from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse

from offorte_portal.adminkit.forms import RecordForm
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from tests.support.factories import make_staff

Mirror = Callable[..., Connection]


def writes_of(simulator: Simulator) -> list[tuple[str, str, Any]]:
    """Method, path and body of every request that was no GET."""
    return [(one.method, one.path, one.body) for one in simulator.requests if one.method != "GET"]


def staff_client(**fields: Any) -> Client:
    client = Client()
    client.force_login(make_staff(**fields))
    return client


def form_url(row: Model | type[Model], view: str = "edit") -> str:
    meta = row._meta
    args = [row.pk] if isinstance(row, Model) else []
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{view if args else 'add'}", args=args)


def filled(page: Any) -> dict[str, Any]:
    """What the form of a page would be posted with as it is."""
    data: dict[str, Any] = {"form_state": page.context["form_state"]}
    if "form" not in page.context:
        return data
    form: RecordForm = page.context["form"]
    if page.context.get("confirmed"):
        data["confirmed"] = page.context["confirmed"]
    for bound in form:
        value = bound.value()
        if value not in (None, False):
            data[bound.name] = value
    return data


def save(client: Client, url: str, **typed: Any) -> Any:
    """Open a form, type into it, save it."""
    page = client.get(url)
    assert page.status_code == 200, page
    return client.post(url, filled(page) | typed, follow=True)


def again(client: Client, page: Any, url: str, **typed: Any) -> Any:
    """Save the form that came back once more."""
    return client.post(url, filled(page) | typed, follow=True)


def told(page: Any) -> list[tuple[str, str]]:
    """The messages of a page: level and text, without the link that takes it back."""
    return [(message.level_tag, re.sub(r" <a .*</a>", "", str(message))) for message in page.context["messages"]]
