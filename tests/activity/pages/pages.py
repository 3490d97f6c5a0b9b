"""The feed's page, and how the parts of it that renew themselves are asked for."""

from typing import Any

from django.test import Client

HTMX = {"HX-Request": "true"}


def page(client: Client, query: str = "") -> Any:
    response = client.get(f"/activity/{query}")
    assert response.status_code == 200
    return response
