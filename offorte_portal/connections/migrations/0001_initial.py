import offorte_portal.ports
import django.core.validators
import django.db.models.deletion
import offorte_portal.connections.encryption
import offorte_portal.runs.reasons
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Connection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(help_text='The part before .offorte.com in the address of your Offorte account.', max_length=63, unique=True, validators=[django.core.validators.RegexValidator('\\A[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\Z', 'Use the part of the address before .offorte.com: lowercase letters, digits and hyphens.')], verbose_name='account name')),
                ('label', models.CharField(blank=True, help_text="The name that staff see. Leave empty to use the account name.", max_length=60, verbose_name='label')),
                ('client_id', models.CharField(max_length=255, verbose_name='client ID')),
                ('client_secret', offorte_portal.connections.encryption.EncryptedTextField(verbose_name='client secret')),
                ('access_token', offorte_portal.connections.encryption.EncryptedTextField(blank=True, default='', editable=False)),
                ('refresh_token', offorte_portal.connections.encryption.EncryptedTextField(blank=True, default='', editable=False)),
                ('token_expires_at', models.DateTimeField(editable=False, null=True, verbose_name='token expires')),
                ('token_version', models.PositiveIntegerField(default=0, editable=False)),
                ('refresh_lease_until', models.DateTimeField(editable=False, null=True)),
                ('state', models.CharField(choices=[('new', 'Not connected yet'), ('connected', 'Connected'), ('reconnect', 'Needs to be reconnected'), ('disconnected', 'Disconnected')], default='new', editable=False, max_length=12, verbose_name='state')),
                ('state_reason', offorte_portal.runs.reasons.ReasonField(blank=True, editable=False, null=True, verbose_name='reason')),
                ('connected_at', models.DateTimeField(editable=False, null=True, verbose_name='connected')),
                ('synced_at', models.DateTimeField(editable=False, help_text='Start of the last sync that read every list completely.', null=True, verbose_name='synced')),
                ('removal_queued_at', models.DateTimeField(editable=False, null=True)),
                ('unseen_until', models.DateTimeField(editable=False, null=True)),
                ('vanished_keys', models.JSONField(default=list, editable=False)),
                ('created_at', models.DateTimeField(default=offorte_portal.ports.now, editable=False)),
                ('connected_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='connected by')),
            ],
            options={
                'verbose_name': 'Offorte account',
                'verbose_name_plural': 'Offorte accounts',
                'ordering': ['account'],
                'permissions': [('authorise_connection', 'Can connect and disconnect an Offorte account'), ('sync_connection', 'Can start and cancel a sync')],
            },
        ),
        migrations.CreateModel(
            name='RequestBudget',
            fields=[
                ('connection', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='budget', serialize=False, to='connections.connection')),
                ('granted', models.JSONField(default=list)),
                ('paused_until', models.FloatField(default=0)),
                ('person_seen', models.FloatField(default=0)),
                ('version', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Drain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('queue', models.CharField(choices=[('writes', 'Writes'), ('events', 'Events'), ('reading', 'Reading')], max_length=10)),
                ('queued_at', models.DateTimeField(null=True)),
                ('lease', models.CharField(blank=True, default='', max_length=36)),
                ('lease_until', models.DateTimeField(null=True)),
                ('retry_at', models.DateTimeField(null=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drains', to='connections.connection')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('connection', 'queue'), name='connections_drain_once')],
            },
        ),
    ]
