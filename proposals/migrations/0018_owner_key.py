import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

import offorte_portal.models.sorting
from offorte_portal.models.search_index import index_search


def keep_owner_keys(apps, schema_editor):
    """Copy the new keys to the tables that keep them, and note every month of sums that was made of the old ones."""
    database = schema_editor.connection.alias
    proposals = apps.get_model('proposals', 'Proposal').objects.using(database)
    for name in ('Standing', 'Activity', 'ActivityState'):
        rows = apps.get_model('proposals', name).objects.using(database)
        rows.update(owner_key=Subquery(proposals.filter(pk=OuterRef('proposal')).values('owner_key')[:1]))
    months = apps.get_model('proposals', 'Rollup').objects.using(database).order_by()
    due = apps.get_model('proposals', 'RollupDue')
    due.objects.using(database).bulk_create(
        due(connection_id=connection, basis=basis, month=month)
        for connection, basis, month in months.values_list('connection', 'basis', 'month').distinct()
    )


class Migration(migrations.Migration):
    """Proposals are known by their owner's id at Offorte where it was told, and by an address only where it was not."""

    dependencies = [
        ('contacts', '0006_writes'),
        ('offorte_portal', '0020_known_layouts'),
        ('proposals', '0017_exports'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='proposal',
            name='proposals_by_seller',
        ),
        migrations.RemoveField(
            model_name='proposal',
            name='owner_email_key',
        ),
        migrations.AddField(
            model_name='proposal',
            name='owner_key',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(owner_remote_id__isnull=False, then=django.db.models.functions.text.Concat(models.Value('#'), django.db.models.functions.comparison.Cast('owner_remote_id', models.TextField()), output_field=models.TextField())), default=django.db.models.functions.text.Lower(django.db.models.functions.text.Left('owner_email', 80)), output_field=models.TextField()), output_field=offorte_portal.models.sorting.SortKeyField()),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=offorte_portal.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['owner_key', 'status', 'connection', 'removed_at'], name='proposals_by_seller'),
        ),
        # SQLite has rebuilt the table, which takes the triggers of the search index away.
        index_search('proposals_proposal'),
        migrations.RunPython(keep_owner_keys, migrations.RunPython.noop, elidable=True),
    ]
