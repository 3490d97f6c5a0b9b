"""What a person has chosen for the pages that only they see."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from offorte_portal.staff.models import Preferences


def keep_columns(user: User, model: str, names: Sequence[str]) -> None:
    """Remember the columns of a list, by its model's label; without names, it has the usual ones again."""
    with transaction.atomic():
        Preferences.objects.get_or_create(user=user)
        kept = Preferences.objects.select_for_update().get(user=user)
        kept.list_columns.pop(model, None)
        if names:
            kept.list_columns[model] = list(names)
        kept.save(update_fields=["list_columns"])
