"""Who may import quotes of other systems: the roles get the permissions that came with it."""

from django.db import migrations

from offorte_portal.roles import grant


class Migration(migrations.Migration):
    dependencies = [("offorte_portal", "0011_imported_quotes")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
