"""Filling in the form of a draft in tests, the way a browser hands it back."""

import json
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from offorte_portal.compose.document import Row, Table, dump_tables
from offorte_portal.simulator import Simulator
from tests.support.factories import make_staff
from tests.support.forms import writes_of

NEW = "/compose/new/"


def sign_in(role: str, name: str, **fields: Any) -> Client:
    """A browser in which a member of staff with this role is signed in."""
    user = make_staff(name, is_superuser=False, first_name=name.capitalize(), **fields)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


def created(simulator: Simulator) -> list[Any]:
    """What Offorte was asked to create proposals of."""
    return [body for method, path, body in writes_of(simulator) if (method, path) == ("POST", "/proposals/")]


def filled(page: Any) -> dict[str, Any]:
    """What the form of a page would be posted with as it is."""
    data: dict[str, Any] = {"form_state": page.context["form_state"]}
    for bound in page.context["form"]:
        value = bound.value()
        if value not in (None, False):
            data[bound.name] = value
    return data


def document(*rows: Row, table: str = "pricetable1") -> str:
    return json.dumps({"tables": dump_tables([Table(table, rows=list(rows))])})


def submit(client: Client, page: Any, button: str = "save", **typed: Any) -> Any:
    """Press a button of a form that is open."""
    return client.post(page.context["action"], filled(page) | typed | {button: "1"}, follow=True)


def told(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def faults(page: Any) -> dict[str, str]:
    """What is wrong with rows, by place."""
    found: dict[str, str] = json.loads(page.context["faults"])
    return found
