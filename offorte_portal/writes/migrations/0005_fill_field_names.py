"""Fills in the names of the fields of earlier changes. Can be stopped and run again: rows that have them are skipped."""

from django.db import migrations

from offorte_portal.writes.models import join_names

BATCH = 1_000


def fill(apps, schema_editor):
    operations = apps.get_model("writes", "Operation").objects.using(schema_editor.connection.alias)
    due, last = operations.filter(field_names="").exclude(draft={}).order_by("pk").only("draft"), 0
    while rows := list(due.filter(pk__gt=last)[:BATCH]):
        for row in rows:
            row.field_names = join_names(row.draft)
        operations.bulk_update(rows, ["field_names"], batch_size=100)
        last = rows[-1].pk


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("writes", "0004_field_names")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
