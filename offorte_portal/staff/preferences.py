"""What a person has chosen for the pages that only they see."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import transaction

from offorte_portal.staff.models import Preferences


def read_columns(user: AbstractBaseUser | AnonymousUser) -> dict[str, list[str]]:
    """Return the columns that a person chose, by list; no query for a user that `StaffBackend` read."""
    kept: Preferences | None = getattr(user, "preferences", None)
    return kept.list_columns if kept else {}


def keep_columns(user: User, model: str, names: Sequence[str]) -> None:
    """Remember the columns of a list, by its model's label; without names, it has the usual ones again."""
    with transaction.atomic():
        Preferences.objects.get_or_create(user=user)
        kept = Preferences.objects.select_for_update().get(user=user)
        kept.list_columns.pop(model, None)
        if names:
            kept.list_columns[model] = list(names)
        kept.save(update_fields=["list_columns"])


def read_failures_seen(user: AbstractBaseUser | AnonymousUser) -> datetime | None:
    """Return when the person last said that they have seen what had failed; None for never."""
    kept: Preferences | None = getattr(user, "preferences", None)
    return kept.failures_seen_at if kept else None


def keep_failures_seen(user: User, moment: datetime) -> None:
    Preferences.objects.update_or_create(user=user, defaults={"failures_seen_at": moment})
