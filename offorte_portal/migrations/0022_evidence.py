"""What is known of a proposal right before it is sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("offorte_portal", "0021_upload_work")]

    operations = [
        migrations.AddField(
            model_name="operation",
            name="evidence",
            field=models.JSONField(default=dict, editable=False),
        ),
    ]
