"""Viewers read team notes, sellers write their own, and managers change those of others: see `staff/roles.py`."""

from django.db import migrations

from offorte_portal.staff.roles import grant


class Migration(migrations.Migration):
    dependencies = [("staff", "0006_failures_seen"), ("tracking", "0006_notes")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
