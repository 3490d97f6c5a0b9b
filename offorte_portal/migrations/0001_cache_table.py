from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    """Also with Redis, so that an installation can go back to the database's cache."""
    call_command("createcachetable", "portal_cache", database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS portal_cache")


class Migration(migrations.Migration):
    dependencies = []

    operations = [migrations.RunPython(create, drop)]
