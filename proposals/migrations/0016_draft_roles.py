"""Managers approve what is sent, and say from when on they have to."""

from django.db import migrations

from offorte_portal.roles import grant


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0015_drafts"),
        ("offorte_portal", "0012_importers"),
        ("contacts", "0006_writes"),
        ("catalog", "0005_writes"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
