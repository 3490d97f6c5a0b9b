import django.db.models.deletion
import offorte_portal.mirror.models.sorting
import offorte_portal.ports
import offorte_portal.text.keys
from django.conf import settings
from django.db import migrations, models

REASONS = {
    'too_expensive': 'Too expensive',
    'competitor': 'Chose a competitor',
    'no_budget': 'No budget',
    'bad_timing': 'Bad timing',
    'no_response': 'No response',
    'wrong_fit': 'Not the right fit',
}


def begin_list(apps, schema_editor):
    """Store the reasons that the list begins with, unless it has some."""
    reasons = apps.get_model('tracking', 'LostReason').objects.using(schema_editor.connection.alias)
    if not reasons.exists():
        reasons.bulk_create(
            reasons.model(default=code, name=name, position=position)
            for position, (code, name) in enumerate(REASONS.items())
        )


class Migration(migrations.Migration):

    dependencies = [
        ('connections', '0001_initial'),
        ('proposals', '0004_rebuild_search_keys'),
        ('tracking', '0001_initial'),
        ('writes', '0003_rebuild_search_text'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LostReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('default', models.CharField(blank=True, choices=[('too_expensive', 'Too expensive'), ('competitor', 'Chose a competitor'), ('no_budget', 'No budget'), ('bad_timing', 'Bad timing'), ('no_response', 'No response'), ('wrong_fit', 'Not the right fit')], default='', editable=False, max_length=20)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('position', models.PositiveIntegerField(default=0, verbose_name='position')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('merged_into', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracking.lostreason')),
            ],
            options={
                'verbose_name': 'lost reason',
                'verbose_name_plural': 'lost reasons',
                'ordering': ['position', 'id'],
                'default_permissions': ('add', 'change', 'view'),
            },
        ),
        migrations.CreateModel(
            name='Loss',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(blank=True, default='', max_length=500, verbose_name='explanation')),
                ('competitor', models.CharField(blank=True, default='', max_length=120, verbose_name='competitor')),
                ('competitor_key', offorte_portal.mirror.models.sorting.FoldedField(default='', editable=False, fold=offorte_portal.text.keys.sort_key, source='competitor')),
                ('at', models.DateTimeField(default=offorte_portal.ports.now, editable=False)),
                ('ended_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
                ('operation', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='loss', to='writes.operation')),
                ('proposal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='losses', to='proposals.proposal', verbose_name='proposal')),
                ('reason', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='losses', to='tracking.lostreason', verbose_name='lost reason')),
            ],
            options={
                'verbose_name': 'loss',
                'verbose_name_plural': 'losses',
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['proposal', 'ended_at'], name='loss_of_proposal'), models.Index(fields=['reason', 'ended_at', 'proposal'], name='loss_by_reason'), models.Index(fields=['competitor_key', 'connection', 'competitor'], name='loss_by_competitor')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('proposal',), name='loss_current_once')],
            },
        ),
        migrations.RunPython(begin_list, migrations.RunPython.noop),
    ]
