"""What each role may do with remembered prices, see `staff/roles.py`."""

from django.db import migrations

from offorte_portal.staff.roles import grant


class Migration(migrations.Migration):
    dependencies = [("prices", "0001_initial"), ("staff", "0002_roles")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
