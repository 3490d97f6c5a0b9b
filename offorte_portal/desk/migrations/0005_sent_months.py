"""Note the months in which proposals were sent, so that the next sweeps add them up."""

from django.db import migrations
from django.db.models import Max, Min
from django.utils import timezone

from offorte_portal.text.months import months_back


def note_months(apps, schema_editor):
    stats, due = apps.get_model("desk", "ProposalStats"), apps.get_model("desk", "RollupDue")
    ends = stats.objects.filter(sent_at__isnull=False).order_by().values_list("connection")
    rows = []
    for connection, first, last in ends.annotate(first=Min("sent_at"), last=Max("sent_at")):
        month, end = (timezone.localtime(moment).date().replace(day=1) for moment in (first, last))
        while month <= end:
            rows.append(due(connection_id=connection, basis="sent", month=month))
            month = months_back(month, -1)
    due.objects.filter(basis="sent").delete()
    due.objects.bulk_create(rows, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("desk", "0004_reports")]

    operations = [migrations.RunPython(note_months, migrations.RunPython.noop)]
