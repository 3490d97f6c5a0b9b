import offorte_portal.ports
import django.db.models.deletion
import offorte_portal.connections.encryption
import offorte_portal.runs.reasons
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('connections', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.PositiveIntegerField(default=0, verbose_name='items')),
                ('planned', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(choices=[('planning', 'Preparing'), ('running', 'Running'), ('paused', 'Paused'), ('done', 'Done'), ('cancelled', 'Cancelled')], default='planning', max_length=10, verbose_name='state')),
                ('reason', offorte_portal.runs.reasons.ReasonField(blank=True, editable=False, null=True, verbose_name='reason')),
                ('requested_by_name', models.CharField(blank=True, default='', max_length=150, verbose_name='started by')),
                ('served_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('lease', models.CharField(blank=True, default='', max_length=36)),
                ('lease_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=offorte_portal.ports.now, editable=False, verbose_name='started')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Operation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(choices=[('create', 'Create'), ('change', 'Change'), ('delete', 'Delete'), ('send', 'Send')], max_length=10, verbose_name='action')),
                ('target', models.CharField(help_text='Name of the mirrored resource.', max_length=40, verbose_name='what')),
                ('remote_id', models.BigIntegerField(help_text='Unknown before it is created.', null=True, verbose_name='Offorte ID')),
                ('parent_remote_id', models.BigIntegerField(null=True)),
                ('label', models.TextField(default='', help_text='What it was called when it was asked for.', verbose_name='name')),
                ('draft', models.JSONField(default=dict, verbose_name='requested')),
                ('sealed', offorte_portal.connections.encryption.EncryptedTextField(blank=True, default='', editable=False)),
                ('before', models.JSONField(default=dict, verbose_name='before')),
                ('expected', models.JSONField(default=dict)),
                ('conflicts', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Sending'), ('done', 'Done'), ('rejected', 'Rejected by Offorte'), ('failed', 'Failed'), ('unknown', 'Outcome unknown: check'), ('skipped', 'Skipped'), ('cancelled', 'Cancelled'), ('undone', 'Undone')], default='waiting', max_length=10, verbose_name='state')),
                ('reason', offorte_portal.runs.reasons.ReasonField(blank=True, editable=False, null=True, verbose_name='reason')),
                ('field_errors', models.JSONField(default=dict)),
                ('answer', models.JSONField(null=True, verbose_name='answer')),
                ('dedup_key', models.CharField(blank=True, default='', editable=False, max_length=32)),
                ('known_ids', models.JSONField(default=list, editable=False)),
                ('evidence', models.JSONField(default=dict, editable=False)),
                ('requested_by_name', models.CharField(blank=True, default='', max_length=150, verbose_name='requested by')),
                ('key', models.UUIDField(default=offorte_portal.ports.new_uuid, editable=False, unique=True)),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('lease', models.CharField(blank=True, default='', max_length=36)),
                ('lease_until', models.DateTimeField(null=True)),
                ('retry_at', models.DateTimeField(null=True, verbose_name='next attempt')),
                ('created_at', models.DateTimeField(default=offorte_portal.ports.now, editable=False, verbose_name='requested')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                ('after', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='followers', to='writes.operation')),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='operations', to='connections.connection', verbose_name='account')),
                ('job', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='operations', to='writes.batch', verbose_name='job')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='requested by')),
                ('undoes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='undoings', to='writes.operation', verbose_name='undoes')),
            ],
            options={
                'verbose_name': 'change',
                'verbose_name_plural': 'changes',
                'ordering': ['-id'],
                'permissions': [('view_others_operations', 'Can see what others asked for')],
            },
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(condition=models.Q(('state__in', ['planning', 'running', 'paused'])), fields=['state'], name='batch_active'),
        ),
        migrations.AddIndex(
            model_name='operation',
            index=models.Index(fields=['connection', 'state', 'id'], name='operation_by_state'),
        ),
        migrations.AddIndex(
            model_name='operation',
            index=models.Index(fields=['connection', 'dedup_key', 'id'], name='operation_by_dedup_key'),
        ),
        migrations.AddIndex(
            model_name='operation',
            index=models.Index(fields=['connection', 'target', 'remote_id', 'id'], name='operation_of_object'),
        ),
        migrations.AddIndex(
            model_name='operation',
            index=models.Index(fields=['job', 'state', 'id'], name='operation_of_job'),
        ),
    ]
