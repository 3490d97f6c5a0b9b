"""Fills in the folded keys of quotes and customers. Can be stopped and run again: rows that have them are skipped."""

from django.db import migrations

from offorte_portal.other_systems.mapping import find_parts
from offorte_portal.mirror.search_parts import write_search_text
from offorte_portal.text.keys import sort_key
from offorte_portal.text.spellings import spell_lines

BATCH = 500


def rebuild_quotes(apps, schema_editor):
    quotes = apps.get_model("other_systems", "ImportedQuote").objects.using(schema_editor.connection.alias)
    due, last = quotes.filter(title_key="").order_by("pk").prefetch_related("people"), 0
    while rows := list(due.filter(pk__gt=last).defer("raw")[:BATCH]):
        for row in rows:
            row.title_key = sort_key(row.title)
            emails = [person.details.get("email") or "" for person in row.people.all()]
            row.search_text = write_search_text(find_parts(row, emails))
        quotes.bulk_update(rows, ["title_key", "search_text"], batch_size=100)
        last = rows[-1].pk


def rebuild_customers(apps, schema_editor):
    matches = apps.get_model("other_systems", "PartyMatch").objects.using(schema_editor.connection.alias)
    due, last = matches.filter(search_text="").order_by("pk"), 0
    while rows := list(due.filter(pk__gt=last)[:BATCH]):
        for row in rows:
            row.name_key, row.search_text = sort_key(row.name), spell_lines(row.name)
        matches.bulk_update(rows, ["name_key", "search_text"], batch_size=100)
        last = rows[-1].pk


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("other_systems", "0005_folded_keys")]

    operations = [
        migrations.RunPython(rebuild_quotes, migrations.RunPython.noop),
        migrations.RunPython(rebuild_customers, migrations.RunPython.noop),
    ]
