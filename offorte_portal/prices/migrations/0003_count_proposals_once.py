from django.db import migrations
from django.db.models import F


def read_again(apps, schema_editor):
    """Let the follower read the price rows of all proposals again: which of them count has changed."""
    cursors = apps.get_model("changes", "Cursor").objects.filter(follower="prices")
    cursors.update(rebuilt_to=0, rebuild=F("rebuild") + 1)


class Migration(migrations.Migration):

    dependencies = [
        ("prices", "0002_roles"),
        ("changes", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(read_again, migrations.RunPython.noop, elidable=True),
    ]
