"""Stores addresses as people are found by them: in lower case, accents composed.

Each is written by itself, so that a migration that was stopped goes on where it was. An address that two people have in
different cases stays as it is: an administrator has to say whose it is.
"""

import unicodedata
from typing import Any

from django.conf import settings
from django.db import IntegrityError, migrations, transaction


def lower_all(apps: Any, schema_editor: Any) -> None:
    """Lower the addresses of users, and allauth's copies of them."""
    for app, model in (("auth", "User"), ("account", "EmailAddress")):
        rows = apps.get_model(app, model).objects.using(schema_editor.connection.alias)
        for pk, address in rows.exclude(email="").values_list("pk", "email").iterator():
            lowered = unicodedata.normalize("NFC", address).strip().lower()
            if lowered == address or rows.filter(email=lowered).exists():
                continue
            try:
                with transaction.atomic(using=schema_editor.connection.alias):
                    rows.filter(pk=pk).update(email=lowered)
            except IntegrityError:
                continue  # somebody else has it in yet another case


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("staff", "0003_addresses"),
        ("account", "0009_emailaddress_unique_primary_email"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(lower_all, migrations.RunPython.noop)]
