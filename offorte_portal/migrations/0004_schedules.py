"""The worker's regular work: once a minute look what is due, once a day renew tokens."""

from django.db import migrations
from django.utils import timezone


def add_schedules(apps, schema_editor):
    schedules = apps.get_model("django_q", "Schedule").objects
    now = timezone.now()
    schedules.get_or_create(
        name="sweep", defaults={"func": "offorte_portal.tasks.sweep", "schedule_type": "I", "minutes": 1, "repeats": -1, "next_run": now}
    )
    schedules.get_or_create(
        name="refresh tokens", defaults={"func": "offorte_portal.tasks.refresh_tokens", "schedule_type": "D", "repeats": -1, "next_run": now}
    )


def remove_schedules(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name__in=["sweep", "refresh tokens"]).delete()


class Migration(migrations.Migration):
    dependencies = [("offorte_portal", "0003_roles"), ("django_q", "0018_task_success_index")]

    operations = [migrations.RunPython(add_schedules, remove_schedules)]
