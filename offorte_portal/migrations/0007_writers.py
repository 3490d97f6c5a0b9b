"""Who may write: the roles get the permissions that came with writing."""

from django.db import migrations

from offorte_portal.roles import grant


class Migration(migrations.Migration):
    dependencies = [
        ("offorte_portal", "0006_writes"),
        ("contacts", "0006_writes"),
        ("catalog", "0005_writes"),
        ("proposals", "0007_writes"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
