"""The hourly look at the accounts' webhooks, and who may see what they brought."""

from django.db import migrations
from django.utils import timezone

from offorte_portal.roles import grant

NAME = "check webhooks"


def add_schedule(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.get_or_create(
        name=NAME,
        defaults={
            "func": "offorte_portal.tasks.check_webhooks",
            "schedule_type": "H",
            "repeats": -1,
            "next_run": timezone.now(),
        },
    )


def remove_schedule(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [("offorte_portal", "0008_webhook_events"), ("django_q", "0018_task_success_index")]

    operations = [
        migrations.RunPython(add_schedule, remove_schedule),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
