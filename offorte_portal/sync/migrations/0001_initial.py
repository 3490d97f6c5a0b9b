import offorte_portal.ports
import django.db.models.deletion
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
            name='SyncRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('waiting', 'Waiting to retry'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=10, verbose_name='state')),
                ('reason', offorte_portal.runs.reasons.ReasonField(blank=True, editable=False, null=True, verbose_name='reason')),
                ('is_cancel_requested', models.BooleanField(default=False)),
                ('checkpoint', models.JSONField(default=dict)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('lease', models.CharField(blank=True, default='', max_length=36)),
                ('lease_until', models.DateTimeField(null=True)),
                ('retry_at', models.DateTimeField(null=True, verbose_name='next attempt')),
                ('created_at', models.DateTimeField(default=offorte_portal.ports.now, editable=False, verbose_name='requested')),
                ('started_at', models.DateTimeField(null=True, verbose_name='started')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                ('trigger', models.CharField(choices=[('connect', 'Connected'), ('schedule', 'Schedule'), ('person', 'Started by hand'), ('command', 'Command line')], max_length=10, verbose_name='trigger')),
                ('only', models.JSONField(default=list, help_text='Names of the resources to sync; empty: all.')),
                ('progress', models.JSONField(default=dict, verbose_name='progress')),
                ('held_removals', models.JSONField(default=dict)),
                ('allows_mass_removal', models.BooleanField(default=False)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sync_runs', to='connections.connection', verbose_name='account')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
            ],
            options={
                'verbose_name': 'sync',
                'verbose_name_plural': 'syncs',
                'ordering': ['-id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SyncPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resource', models.CharField(max_length=40)),
                ('bucket', models.CharField(blank=True, max_length=40)),
                ('number', models.PositiveIntegerField()),
                ('requested_at', models.DateTimeField()),
                ('seen', models.JSONField(default=dict)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='sync.syncrun')),
            ],
        ),
        migrations.CreateModel(
            name='SyncWarning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resource', models.CharField(max_length=40, verbose_name='resource')),
                ('remote_id', models.BigIntegerField(null=True, verbose_name='Offorte ID')),
                ('reason', offorte_portal.runs.reasons.ReasonField(blank=True, editable=False, null=True, verbose_name='message')),
                ('created_at', models.DateTimeField(default=offorte_portal.ports.now, editable=False)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='warnings', to='sync.syncrun')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='syncrun',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running', 'waiting'])), fields=('connection',), name='sync_one_active_sync'),
        ),
        migrations.AddConstraint(
            model_name='syncpage',
            constraint=models.UniqueConstraint(fields=('run', 'resource', 'bucket', 'number'), name='sync_syncpage_once'),
        ),
    ]
