"""Fills in what the change log is searched by. Can be stopped and run again: rows that have it are skipped."""

from django.db import migrations

from offorte_portal.text.spellings import spell_lines

BATCH = 1_000


def rebuild(apps, schema_editor):
    operations = apps.get_model("writes", "Operation").objects.using(schema_editor.connection.alias)
    due, last = operations.filter(search_text="").exclude(label="").order_by("pk").only("label"), 0
    while rows := list(due.filter(pk__gt=last)[:BATCH]):
        for row in rows:
            row.search_text = spell_lines(row.label)
        operations.bulk_update(rows, ["search_text"], batch_size=100)
        last = rows[-1].pk


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("writes", "0002_search_text")]

    operations = [migrations.RunPython(rebuild, migrations.RunPython.noop)]
