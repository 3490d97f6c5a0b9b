import django.db.models.deletion
import offorte_portal.ports
import offorte_portal.connections.encryption
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HeldAnswer',
            fields=[
                ('ticket', models.UUIDField(default=offorte_portal.ports.new_uuid, primary_key=True, serialize=False)),
                ('session_hash', models.CharField(default='', max_length=64)),
                ('created_at', models.DateTimeField(db_index=True, default=offorte_portal.ports.now)),
                ('finished_at', models.DateTimeField(null=True)),
                ('sealed', offorte_portal.connections.encryption.EncryptedTextField(default='')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]
