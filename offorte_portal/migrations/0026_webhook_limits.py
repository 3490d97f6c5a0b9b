from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("offorte_portal", "0025_operation_secrets")]

    operations = [
        migrations.AddField("webhookendpoint", "intake_hour", models.DateTimeField(null=True)),
        migrations.AddField("webhookendpoint", "intake_events", models.PositiveIntegerField(default=0)),
        migrations.AddField("webhookendpoint", "intake_bytes", models.BigIntegerField(default=0)),
        migrations.AddField(
            "webhookendpoint",
            "missed_events",
            models.PositiveIntegerField(default=0, verbose_name="events that were not kept"),
        ),
        migrations.AddField("webhookendpoint", "missed_at", models.DateTimeField(null=True)),
        migrations.AddField("webhookendpoint", "made_up_at", models.DateTimeField(null=True)),
        migrations.AddField("upload", "size", models.PositiveBigIntegerField(default=0)),
    ]
