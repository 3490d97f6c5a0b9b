"""Fills in what identifies people, so that those who were decided on stay known. Can be stopped and run again."""

import json
from hashlib import sha256

from django.db import migrations

from offorte_portal.text.keys import match_key

BATCH = 500


def identify(apps, schema_editor):
    matches = apps.get_model("other_systems", "PartyMatch").objects.using(schema_editor.connection.alias)
    last = 0
    while True:
        rows = list(matches.filter(kind="person", identity="", pk__gt=last).order_by("pk")[:BATCH])
        if not rows:
            return
        for row in rows:
            name, email = row.details.get("name") or "", row.details.get("email") or ""
            # As `marks.identify` and `answers.fingerprint` make it.
            identity = [match_key(name), email.strip().casefold()]
            text = json.dumps(identity, ensure_ascii=False, separators=(",", ":"))
            row.identity = sha256(text.encode()).hexdigest()[:32]
        matches.bulk_update(rows, ["identity"], batch_size=100)
        last = rows[-1].pk


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("other_systems", "0003_people_and_failures")]

    operations = [migrations.RunPython(identify, migrations.RunPython.noop)]
