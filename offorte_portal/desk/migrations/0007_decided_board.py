from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connections', '0001_initial'),
        ('desk', '0006_report_roles'),
        ('proposals', '0004_rebuild_search_keys'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='proposalstats',
            index=models.Index(condition=models.Q(('decided_at__isnull', False)), fields=['status', 'decided_at', 'proposal', 'connection', 'owner_key'], name='stats_board_decided'),
        ),
    ]
