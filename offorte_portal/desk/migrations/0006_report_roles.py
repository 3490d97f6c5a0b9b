"""Who may submit forecasts, adjust them and set teams, see `staff/roles.py`."""

from django.db import migrations

from offorte_portal.staff.roles import grant


class Migration(migrations.Migration):
    dependencies = [("desk", "0005_sent_months"), ("staff", "0006_failures_seen")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
