"""Who may submit forecasts, adjust them and set teams, see `staff/roles.py`."""

from django.db import migrations

from offorte_portal.staff.roles import grant


class Migration(migrations.Migration):
    dependencies = [("tracking", "0003_lost_reason_roles"), ("desk", "0004_reports")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
