"""Who may see the security log: administrators."""

from django.db import migrations

from offorte_portal.roles import grant


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0001_security_log"),
        ("offorte_portal", "0020_known_layouts"),
        ("proposals", "0017_exports"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
