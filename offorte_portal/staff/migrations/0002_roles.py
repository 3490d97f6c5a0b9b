"""The roles: groups with what each may do, see `staff/roles.py`.

A room that can be left out gives its part of them itself.
"""

from django.db import migrations

from offorte_portal.staff.roles import grant


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("contacts", "0001_initial"),
        ("catalog", "0001_initial"),
        ("proposals", "0001_initial"),
        ("runs", "0001_initial"),
        ("connections", "0001_initial"),
        ("waiting", "0001_initial"),
        ("mirror", "0001_initial"),
        ("writes", "0001_initial"),
        ("jobs", "0001_initial"),
        ("sync", "0001_initial"),
        ("webhooks", "0001_initial"),
        ("tracking", "0001_initial"),
        ("files", "0001_initial"),
        ("compose", "0001_initial"),
        ("activity", "0001_initial"),
        ("staff", "0001_initial"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
