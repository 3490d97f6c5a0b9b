"""Who may see exports: the roles get the permissions that came with them."""

from django.db import migrations

from offorte_portal.roles import grant


class Migration(migrations.Migration):
    dependencies = [("offorte_portal", "0017_exports")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
