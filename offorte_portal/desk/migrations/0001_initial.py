import offorte_portal.ports
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('activity', '0001_initial'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('connections', '0001_initial'),
        ('proposals', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DeskSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points_day', models.PositiveIntegerField(default=6, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='points for a visit in the last 24 hours')),
                ('points_week', models.PositiveIntegerField(default=3, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='points for a visit in the last 7 days')),
                ('points_month', models.PositiveIntegerField(default=1, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='points for a visit in the last 30 days')),
                ('points_viewer', models.PositiveIntegerField(default=5, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='points for each additional person')),
                ('hot_from', models.PositiveIntegerField(default=12, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000)], verbose_name='hot from … points')),
                ('seen_days', models.PositiveIntegerField(default=7, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='seen in the last … days')),
                ('unseen_days', models.PositiveIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='open and not seen for … days')),
                ('silent_days', models.PositiveIntegerField(default=5, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='seen, but silent for … days')),
                ('rule_unseen_days', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='follow up when not seen for … days')),
                ('rule_silent_days', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='follow up when silent for … days')),
                ('chance_edit', models.PositiveIntegerField(default=10, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='chance of a proposal in edit, %')),
                ('chance_unseen', models.PositiveIntegerField(default=20, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='chance of a proposal not seen, %')),
                ('chance_seen', models.PositiveIntegerField(default=40, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='chance of a proposal that was seen, %')),
                ('chance_hot', models.PositiveIntegerField(default=60, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='chance of a hot proposal, %')),
            ],
            options={
                'verbose_name': 'thresholds',
                'verbose_name_plural': 'thresholds',
                'default_permissions': ('change',),
            },
        ),
        migrations.CreateModel(
            name='CommentState',
            fields=[
                ('activity', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='comment_state', serialize=False, to='activity.activity')),
                ('assigned_at', models.DateTimeField()),
                ('assigned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assigned_to', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='RollupDue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('basis', models.CharField(choices=[('created', 'Created'), ('decided', 'Decided')], max_length=10)),
                ('month', models.DateField(null=True)),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('query', models.CharField(blank=True, default='', max_length=2000)),
                ('is_shared', models.BooleanField(default=False, verbose_name='for everyone')),
                ('created_at', models.DateTimeField(default=offorte_portal.ports.now, editable=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'saved view',
                'verbose_name_plural': 'saved views',
                'ordering': ['name', 'id'],
                'permissions': [('share_savedview', 'Can share views with everybody')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='DefaultView',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('view', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='desk.savedview')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ProposalStats',
            fields=[
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='stats', serialize=False, to='proposals.proposal')),
                ('owner_key', models.CharField(default='', max_length=80)),
                ('template', models.BigIntegerField(default=0)),
                ('status', models.CharField(default='', max_length=20)),
                ('value', models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ('created_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('first_viewed_at', models.DateTimeField(null=True)),
                ('viewed_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('created_month', models.DateField(null=True)),
                ('decided_month', models.DateField(null=True)),
                ('stage', models.CharField(blank=True, choices=[('unseen', 'Open and never seen'), ('silent', 'Seen, without an answer')], default='', max_length=10)),
                ('since', models.DateTimeField(null=True)),
                ('heat', models.PositiveIntegerField(default=0, verbose_name='heat')),
                ('visits_day', models.PositiveIntegerField(default=0)),
                ('visits_week', models.PositiveIntegerField(default=0)),
                ('visits_month', models.PositiveIntegerField(default=0)),
                ('viewers', models.PositiveIntegerField(default=0)),
                ('as_of', models.DateTimeField()),
                ('computed_at', models.DateTimeField()),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Rollup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('basis', models.CharField(choices=[('created', 'Created'), ('decided', 'Decided')], max_length=10)),
                ('month', models.DateField(null=True)),
                ('owner_key', models.CharField(default='', max_length=80)),
                ('template', models.BigIntegerField(default=0)),
                ('status', models.CharField(default='', max_length=20)),
                ('count', models.PositiveIntegerField(default=0)),
                ('value', models.DecimalField(decimal_places=4, default=0, max_digits=19)),
                ('unvalued', models.PositiveIntegerField(default=0)),
                ('sent', models.PositiveIntegerField(default=0)),
                ('seen', models.PositiveIntegerField(default=0)),
                ('hours', models.JSONField(default=dict)),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection')),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['connection', 'basis', 'month'], name='rollup_of_account'), models.Index(fields=['basis', 'month', 'owner_key'], name='rollup_of_month'), models.Index(fields=['basis', 'status', 'owner_key', 'connection'], name='rollup_of_status')],
            },
        ),
        migrations.AddIndex(
            model_name='savedview',
            index=models.Index(condition=models.Q(('is_shared', True)), fields=['is_shared'], name='saved_view_shared'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(fields=('user', 'name'), name='saved_view_named_once'),
        ),
        migrations.AddIndex(
            model_name='proposalstats',
            index=models.Index(condition=models.Q(('since__isnull', False)), fields=['stage', 'since', 'connection', 'owner_key', 'value'], name='stats_stage'),
        ),
        migrations.AddIndex(
            model_name='proposalstats',
            index=models.Index(condition=models.Q(('since__isnull', False)), fields=['owner_key', 'stage', 'since', 'connection', 'value'], name='stats_stage_of_seller'),
        ),
        migrations.AddIndex(
            model_name='proposalstats',
            index=models.Index(condition=models.Q(('stage', 'silent')), fields=['viewed_at', 'connection', 'owner_key', 'value'], name='stats_seen'),
        ),
        migrations.AddIndex(
            model_name='proposalstats',
            index=models.Index(fields=['heat', 'proposal', 'connection', 'owner_key', 'value'], name='stats_heat'),
        ),
        migrations.AddIndex(
            model_name='proposalstats',
            index=models.Index(fields=['status', 'created_at', 'proposal', 'connection', 'owner_key'], name='stats_board'),
        ),
        migrations.AddIndex(
            model_name='proposalstats',
            index=models.Index(fields=['connection', 'created_month'], name='stats_created'),
        ),
        migrations.AddIndex(
            model_name='proposalstats',
            index=models.Index(fields=['connection', 'decided_month'], name='stats_decided'),
        ),
    ]
