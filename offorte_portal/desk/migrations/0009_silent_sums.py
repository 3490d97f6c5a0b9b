"""Adds up what was seen and not answered, month by month: the sums of before have nothing of it."""

from typing import Any

from django.db import migrations
from django.db.models import Count, Sum


def add_up(apps: Any, schema_editor: Any) -> None:
    rollups = apps.get_model("desk", "Rollup").objects.filter(basis="created", status="open").order_by()
    stats = apps.get_model("desk", "ProposalStats").objects.filter(stage="silent", since__isnull=False).order_by()
    for account, month in list(rollups.values_list("connection", "month").distinct()):
        known = stats.filter(connection=account, created_month=month)
        summed = known.values_list("owner_key", "template").annotate(number=Count("*"), worth=Sum("value"))
        for owner, template, number, worth in summed:
            same = rollups.filter(connection=account, month=month, owner_key=owner, template=template)
            same.update(silent=number, silent_value=worth or 0)


class Migration(migrations.Migration):
    dependencies = [("desk", "0008_loss_and_silent_sums")]

    operations = [migrations.RunPython(add_up, migrations.RunPython.noop)]
