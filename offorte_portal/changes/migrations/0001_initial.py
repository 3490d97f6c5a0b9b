import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('connections', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text='Name of the mirrored resource, or of a room’s own fact.', max_length=40)),
                ('source', models.CharField(choices=[('sync', 'Sync'), ('details', 'Details'), ('event', 'Event'), ('write', 'Write'), ('portal', 'Portal')], max_length=10)),
                ('operation_id', models.BigIntegerField(null=True)),
                ('person_id', models.BigIntegerField(null=True)),
                ('objects_changed', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('facts', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('recorded_at', models.DateTimeField(db_index=True)),
                ('connection', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection')),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['connection', 'id'], name='change_of_account')],
            },
        ),
        migrations.CreateModel(
            name='Cursor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('follower', models.CharField(max_length=40)),
                ('position', models.BigIntegerField(default=0)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('rebuilt_to', models.BigIntegerField(null=True)),
                ('rebuild', models.PositiveIntegerField(default=0)),
                ('lease', models.CharField(blank=True, default='', max_length=36)),
                ('lease_until', models.DateTimeField(null=True)),
                ('connection', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('connection', 'follower'), name='changes_cursor_once'), models.UniqueConstraint(condition=models.Q(('connection__isnull', True)), fields=('follower',), name='changes_cursor_once_of_none')],
            },
        ),
    ]
