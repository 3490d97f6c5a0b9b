import django.db.models.deletion
import offorte_portal.connections.encryption
import offorte_portal.runs.reasons
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('connections', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('connection', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='webhook_endpoint', serialize=False, to='connections.connection')),
                ('token', offorte_portal.connections.encryption.EncryptedTextField()),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('previous_hash', models.CharField(db_index=True, default='', max_length=64)),
                ('previous_until', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('new', 'Not registered yet'), ('active', 'Active'), ('broken', 'Not working')], default='new', max_length=10, verbose_name='state')),
                ('reason', offorte_portal.runs.reasons.ReasonField(blank=True, editable=False, null=True, verbose_name='reason')),
                ('remote_id', models.BigIntegerField(null=True, verbose_name='Offorte ID')),
                ('checked_at', models.DateTimeField(null=True, verbose_name='checked')),
                ('alerted_at', models.DateTimeField(null=True)),
                ('heard_at', models.DateTimeField(null=True, verbose_name='last event')),
                ('intake_hour', models.DateTimeField(null=True)),
                ('intake_events', models.PositiveIntegerField(default=0)),
                ('intake_bytes', models.BigIntegerField(default=0)),
                ('missed_events', models.PositiveIntegerField(default=0, verbose_name='events that were not kept')),
                ('missed_at', models.DateTimeField(null=True)),
                ('made_up_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'webhook address',
                'verbose_name_plural': 'webhook addresses',
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('remote_id', models.BigIntegerField(verbose_name='Offorte ID')),
                ('payload', models.JSONField(default=dict, editable=False)),
                ('as_of', models.DateTimeField(editable=False, help_text='When Offorte last reported this.', verbose_name='as of')),
                ('fingerprint', models.CharField(default='', editable=False, max_length=32)),
                ('removed_at', models.DateTimeField(editable=False, null=True, verbose_name='deleted in Offorte')),
                ('is_hidden', models.BooleanField(default=False, editable=False, verbose_name='hidden in Offorte')),
                ('warnings', offorte_portal.runs.reasons.ReasonsField(blank=True, default=list, editable=False, help_text='Values from Offorte that are missing or can’t be read.', verbose_name='unreadable values')),
                ('payload_url', models.TextField(default='', verbose_name='payload URL')),
                ('payload_content_type', models.CharField(default='', max_length=40, verbose_name='content type')),
                ('is_active', models.BooleanField(null=True, verbose_name='active')),
                ('events', models.JSONField(default=list, verbose_name='events')),
                ('remote_created_at', models.DateTimeField(null=True, verbose_name='created')),
                ('remote_modified_at', models.DateTimeField(null=True, verbose_name='modified')),
                ('failed_at', models.DateTimeField(null=True, verbose_name='failed')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
            ],
            options={
                'verbose_name': 'webhook',
                'verbose_name_plural': 'webhooks',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('connection', 'remote_id'), name='webhooks_webhook_remote')],
            },
        ),
        migrations.CreateModel(
            name='WebhookEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.BinaryField(verbose_name='body')),
                ('digest', models.CharField(max_length=32)),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('state', models.CharField(choices=[('received', 'Received'), ('applied', 'Applied, to be confirmed'), ('done', 'Done'), ('ignored', 'Ignored'), ('failed', 'Failed')], default='received', max_length=10, verbose_name='state')),
                ('name', models.CharField(default='', help_text='Offorte’s name for it.', max_length=60, verbose_name='event')),
                ('happened_at', models.DateTimeField(null=True, verbose_name='happened')),
                ('resource', models.CharField(default='', max_length=40)),
                ('remote_id', models.BigIntegerField(null=True, verbose_name='Offorte ID')),
                ('parent_remote_id', models.BigIntegerField(null=True)),
                ('needs_list_item', models.BooleanField(default=False)),
                ('result', offorte_portal.runs.reasons.ReasonField(blank=True, editable=False, null=True, verbose_name='result')),
                ('error', offorte_portal.runs.reasons.ReasonField(blank=True, editable=False, help_text='With its traceback.', null=True, verbose_name='error')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('retry_at', models.DateTimeField(null=True, verbose_name='next attempt')),
                ('applied_at', models.DateTimeField(null=True, verbose_name='applied')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='webhook_events', to='connections.connection', verbose_name='account')),
            ],
            options={
                'verbose_name': 'webhook event',
                'verbose_name_plural': 'webhook events',
                'ordering': ['-id'],
                'permissions': [('replay_webhookevent', 'Can process a webhook event again')],
                'indexes': [models.Index(condition=models.Q(('state__in', ['received', 'applied', 'failed'])), fields=['connection', 'state', 'id'], name='event_open'), models.Index(condition=models.Q(('remote_id__isnull', False)), fields=['connection', 'resource', 'remote_id'], name='event_of_object')],
                'constraints': [models.UniqueConstraint(fields=('connection', 'digest'), name='webhooks_event_once')],
            },
        ),
    ]
