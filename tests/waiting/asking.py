"""Asking as the page does that waits for an answer."""

import time
from typing import Any

from django.test import Client

SLOW = 1.2


def await_answer(client: Client, url: str) -> Any:
    """Ask as the page does until it is told where to go; what is there."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        answer = client.get(f"{url}&asked_by=page", headers={"HX-Request": "true"})
        if answer.status_code != 204:
            return client.get(answer["HX-Redirect"])
        time.sleep(0.1)
    raise TimeoutError


def is_waiting(answer: Any) -> bool:
    return answer.status_code == 303 and "waiting=" in answer["Location"]
