from django.db import migrations, models

import offorte_portal.models.encrypted


def drop_answers(apps, schema_editor):
    """Answers were kept in clear, for an hour at most."""
    if schema_editor.connection.vendor == "sqlite":
        # Overwrite what is deleted: the file would keep it until its pages are used again.
        schema_editor.execute("PRAGMA secure_delete = ON")
    apps.get_model("offorte_portal", "HeldAnswer").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("offorte_portal", "0029_upload_letters")]

    operations = [
        migrations.RunPython(drop_answers, migrations.RunPython.noop),
        migrations.RemoveField("heldanswer", "status"),
        migrations.RemoveField("heldanswer", "headers"),
        migrations.RemoveField("heldanswer", "cookies"),
        migrations.RemoveField("heldanswer", "body"),
        migrations.AddField(
            "heldanswer", "sealed", offorte_portal.models.encrypted.EncryptedTextField(default="")
        ),
        migrations.AddField("heldanswer", "session_hash", models.CharField(default="", max_length=64)),
        migrations.AddField("job", "attempts", models.PositiveIntegerField(default=0)),
    ]
