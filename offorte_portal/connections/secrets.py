"""What is stored encrypted with the portal's keys, so that keys can be replaced. A room says its own in `hooks.py`."""

from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True, kw_only=True)
class StoredSecrets:
    """Encrypted columns of a model. `title` names many of its rows, `label` and the value of `named_by` one of them."""

    model: type[models.Model]
    columns: tuple[str, ...]
    name: str
    title: str
    label: str
    named_by: str


ROOMS: list[StoredSecrets] = []


def register(secrets: StoredSecrets) -> None:
    """Make the secrets of a room known."""
    ROOMS.append(secrets)
