"""The palette as a person sees and uses it."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from offorte_portal.adminkit.palette.hits import Hit

HOST = "http://testserver"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def look(client: Client, text: str = "", on: str = "", recent: Sequence[str] = ()) -> dict[str, list[Hit]]:
    """The hits by group, of a palette that was opened on this page."""
    address = f"{HOST}{on}" if on.startswith("/") and not on.startswith("//") else on
    headers = {"HX-Request": "true", "HX-Current-URL": address} if on else {}
    response = client.get(reverse("palette"), {"q": text, "recent": recent}, headers=headers)
    assert response.status_code == 200
    groups = response.context["groups"]
    assert len({group.title for group in groups}) == len(groups), "each group once"
    assert sum(len(group.hits) for group in groups) <= 20
    return {group.title: group.hits for group in groups}


def titles(found: dict[str, list[Hit]], group: str) -> list[str]:
    return [hit.title for hit in found.get(group, [])]


def everything(found: dict[str, list[Hit]]) -> list[str]:
    return [hit.title for hits in found.values() for hit in hits]


def hit_of(found: dict[str, list[Hit]], title: str) -> Hit:
    return next(hit for hits in found.values() for hit in hits if hit.title == title)


def path_of(row: Any, page: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def follow(client: Client, hit: Hit) -> Any:
    """What the browser does with a hit."""
    return client.get(hit.url, follow=True) if hit.data is None else client.post(hit.url, hit.data)
