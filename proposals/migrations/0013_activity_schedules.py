"""The worker's regular work on activity: once a minute mail what is due, once an hour catch up and tidy."""

from django.db import migrations
from django.utils import timezone

NAMES = ["mail notifications", "tidy activity"]


def add_schedules(apps, schema_editor):
    schedules = apps.get_model("django_q", "Schedule").objects
    now = timezone.now()
    schedules.get_or_create(
        name=NAMES[0],
        defaults={"func": "offorte_portal.tasks.mail_notifications", "schedule_type": "I", "minutes": 1, "repeats": -1, "next_run": now},
    )
    schedules.get_or_create(
        name=NAMES[1],
        defaults={"func": "offorte_portal.tasks.tidy_activity", "schedule_type": "H", "repeats": -1, "next_run": now},
    )


def remove_schedules(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name__in=NAMES).delete()


class Migration(migrations.Migration):
    dependencies = [("proposals", "0012_standing_indexes"), ("django_q", "0018_task_success_index")]

    operations = [migrations.RunPython(add_schedules, remove_schedules)]
