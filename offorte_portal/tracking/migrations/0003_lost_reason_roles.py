"""Managers look after the list of lost reasons, see `staff/roles.py`."""

from django.db import migrations

from offorte_portal.staff.roles import grant


class Migration(migrations.Migration):
    dependencies = [("staff", "0006_failures_seen"), ("tracking", "0002_losses")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
