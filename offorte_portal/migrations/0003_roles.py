from django.db import migrations

from offorte_portal.roles import grant


class Migration(migrations.Migration):
    dependencies = [
        ("offorte_portal", "0002_cache_table"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("contacts", "0001_initial"),
        ("catalog", "0001_initial"),
        ("proposals", "0001_initial"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
