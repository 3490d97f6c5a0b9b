from django.db import migrations

import offorte_portal.models.encrypted


class Migration(migrations.Migration):
    dependencies = [("offorte_portal", "0024_removals")]

    operations = [
        migrations.AddField(
            model_name="operation",
            name="sealed",
            field=offorte_portal.models.encrypted.EncryptedTextField(blank=True, default="", editable=False),
        ),
    ]
