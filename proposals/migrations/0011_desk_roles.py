"""Who may work at the desk, and the work that the worker does for it: sums each minute, rules and digests each hour."""

from django.db import migrations
from django.utils import timezone

from offorte_portal.roles import grant

TASKS = {
    "sweep desk": {"func": "offorte_portal.tasks.sweep_desk", "schedule_type": "I", "minutes": 1},
    "follow up": {"func": "offorte_portal.tasks.follow_up", "schedule_type": "H"},
}


def add_schedules(apps, schema_editor):
    schedules = apps.get_model("django_q", "Schedule").objects
    for name, task in TASKS.items():
        schedules.get_or_create(name=name, defaults={**task, "repeats": -1, "next_run": timezone.now()})


def remove_schedules(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name__in=TASKS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0010_desk"),
        ("offorte_portal", "0012_importers"),
        ("contacts", "0006_writes"),
        ("catalog", "0005_writes"),
        ("django_q", "0018_task_success_index"),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
        migrations.RunPython(add_schedules, remove_schedules),
    ]
