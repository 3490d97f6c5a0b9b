"""What is stored encrypted with the portal's keys, so that keys can be replaced. Rooms add theirs in `hooks.py`."""

from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True, kw_only=True)
class StoredSecrets:
    """Encrypted columns of a model. `title` names many of its rows; `label` and the value of `named_by` name one."""

    model: type[models.Model]
    columns: tuple[str, ...]
    name: str
    title: str
    label: str
    named_by: str


ROOMS: list[StoredSecrets] = []


def register(secrets: StoredSecrets) -> None:
    ROOMS.append(secrets)
