import offorte_portal.ports
import django.db.models.deletion
import django.db.models.functions.text
import offorte_portal.connections.encryption
import offorte_portal.mirror.models.sorting
import offorte_portal.runs.reasons
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('connections', '0001_initial'),
        ('writes', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('system', models.CharField(max_length=20, verbose_name='system')),
                ('label', models.CharField(help_text='How staff know this connection.', max_length=60, unique=True, verbose_name='label')),
                ('base_url', models.CharField(max_length=255, verbose_name='base URL')),
                ('secret', offorte_portal.connections.encryption.EncryptedTextField(verbose_name='secret')),
                ('token', offorte_portal.connections.encryption.EncryptedTextField(blank=True, default='', editable=False)),
                ('token_expires_at', models.DateTimeField(editable=False, null=True)),
                ('options', models.JSONField(blank=True, default=dict, verbose_name='settings')),
                ('requests_per_second', models.PositiveSmallIntegerField(default=5, help_text='0 for no limit of the portal’s own.', verbose_name='requests per second')),
                ('interval', models.PositiveIntegerField(choices=[(0, 'By hand only'), (60, 'Every hour'), (360, 'Every 6 hours'), (1440, 'Every day')], default=0, verbose_name='import')),
                ('state', models.CharField(choices=[('new', 'Not tested yet'), ('ready', 'Ready'), ('failed', 'Needs attention')], default='new', editable=False, max_length=10, verbose_name='state')),
                ('state_reason', offorte_portal.runs.reasons.ReasonField(blank=True, editable=False, null=True, verbose_name='reason')),
                ('tested_at', models.DateTimeField(editable=False, null=True, verbose_name='tested')),
                ('sample', models.TextField(blank=True, default='', editable=False)),
                ('known_statuses', models.JSONField(default=dict, editable=False)),
                ('known_layouts', models.JSONField(default=list, editable=False)),
                ('imported_at', models.DateTimeField(editable=False, null=True, verbose_name='last import')),
                ('read_all_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(default=offorte_portal.ports.now, editable=False)),
                ('target', models.ForeignKey(blank=True, help_text='Where customers are looked for, and where quotes are made anew.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='connections.connection', verbose_name='Offorte account')),
            ],
            options={
                'verbose_name': 'other system',
                'verbose_name_plural': 'other systems',
                'ordering': ['label'],
                'permissions': [('import_source', 'Can test other systems and import from them')],
            },
        ),
        migrations.CreateModel(
            name='QuoteImport',
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
                ('trigger', models.CharField(choices=[('schedule', 'Schedule'), ('person', 'Started by hand'), ('command', 'Command line')], max_length=10, verbose_name='trigger')),
                ('since', models.DateTimeField(null=True)),
                ('figures', models.JSONField(default=dict, verbose_name='figures')),
                ('problems', offorte_portal.runs.reasons.ReasonsField(blank=True, default=list, editable=False)),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='other_systems.source', verbose_name='system')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PartyMatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('company', 'Company'), ('person', 'Person')], max_length=10, verbose_name='kind')),
                ('key', models.CharField(max_length=120)),
                ('name', models.TextField(default='', verbose_name='name')),
                ('details', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('open', 'Nobody found'), ('proposed', 'To be confirmed'), ('confirmed', 'Confirmed'), ('new', 'New to Offorte')], default='open', max_length=10, verbose_name='state')),
                ('remote_id', models.BigIntegerField(null=True, verbose_name='Offorte ID')),
                ('confidence', models.PositiveSmallIntegerField(default=0, verbose_name='confidence')),
                ('evidence', models.JSONField(default=list)),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('company', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='people', to='other_systems.partymatch', verbose_name='company')),
                ('connection', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='connections.connection')),
                ('created_with', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='writes.operation')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='other_systems.source', verbose_name='system')),
            ],
            options={
                'verbose_name': 'customer of other systems',
                'verbose_name_plural': 'customers of other systems',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ImportedQuote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=100, verbose_name='ID')),
                ('raw', models.TextField(default='')),
                ('raw_hash', models.CharField(default='', max_length=32)),
                ('mark', models.CharField(default='', max_length=64)),
                ('mapped_from', models.CharField(default='', max_length=32)),
                ('read_at', models.DateTimeField(null=True, verbose_name='read')),
                ('missing_since', models.DateTimeField(null=True, verbose_name='missing since')),
                ('number', models.TextField(default='', verbose_name='number')),
                ('title', models.TextField(default='', verbose_name='title')),
                ('status', models.CharField(choices=[('edit', 'In edit'), ('open', 'Open'), ('won', 'Won'), ('lost', 'Lost'), ('closed', 'Closed')], default='', max_length=10, verbose_name='status')),
                ('status_text', models.TextField(default='', verbose_name='status there')),
                ('company_name', models.TextField(default='', verbose_name='company')),
                ('owner_name', models.TextField(default='', verbose_name='owner')),
                ('owner_email', models.TextField(default='', verbose_name='owner e-mail')),
                ('currency', models.CharField(default='', max_length=10, verbose_name='currency')),
                ('total', models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name='total excluding VAT')),
                ('total_vat', models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name='VAT')),
                ('quoted_on', models.DateField(null=True, verbose_name='date')),
                ('valid_until', models.DateField(null=True, verbose_name='valid until')),
                ('remote_created_at', models.DateTimeField(null=True, verbose_name='created')),
                ('remote_updated_at', models.DateTimeField(null=True, verbose_name='modified')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('accepted_at', models.DateTimeField(null=True, verbose_name='accepted')),
                ('begun_on', models.DateField(null=True, verbose_name='begun')),
                ('decided_on', models.DateField(null=True, verbose_name='decided')),
                ('reference', models.TextField(default='', verbose_name='reference')),
                ('introduction', models.TextField(default='', verbose_name='text')),
                ('internal_note', models.TextField(default='', verbose_name='internal note')),
                ('documents', models.JSONField(default=list)),
                ('notes', models.JSONField(default=list, verbose_name='notes')),
                ('has_blocking_notes', models.BooleanField(default=False)),
                ('search_text', models.TextField(default='', editable=False)),
                ('title_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(django.db.models.functions.text.Left('title', 80)), output_field=offorte_portal.mirror.models.sorting.SortKeyField())),
                ('owner_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(django.db.models.functions.text.Left('owner_email', 80)), output_field=offorte_portal.mirror.models.sorting.SortKeyField())),
                ('created_with', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='imported_quote', to='writes.operation', verbose_name='made in Offorte')),
                ('company', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='quotes', to='other_systems.partymatch')),
                ('people', models.ManyToManyField(related_name='+', to='other_systems.partymatch')),
                ('seen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='other_systems.quoteimport')),
                ('wanted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='other_systems.quoteimport')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quotes', to='other_systems.source', verbose_name='system')),
            ],
            options={
                'verbose_name': 'imported quote',
                'verbose_name_plural': 'imported quotes',
                'ordering': ['-quoted_on', '-id'],
                'permissions': [('match_importedquote', 'Can say who the customers of other systems are'), ('recreate_importedquote', 'Can make quotes of other systems anew in Offorte')],
            },
        ),
        migrations.CreateModel(
            name='SourceRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('external_id', models.CharField(max_length=100)),
                ('raw', models.TextField(default='')),
                ('raw_hash', models.CharField(default='', max_length=32)),
                ('mark', models.CharField(default='', max_length=64)),
                ('read_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='other_systems.quoteimport')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='other_systems.source')),
                ('wanted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='other_systems.quoteimport')),
            ],
        ),
        migrations.CreateModel(
            name='QuoteRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('description', models.TextField(verbose_name='description')),
                ('article', models.TextField(default='')),
                ('group', models.TextField(default='')),
                ('unit', models.TextField(default='', verbose_name='unit')),
                ('quantity', models.DecimalField(decimal_places=4, max_digits=19, verbose_name='quantity')),
                ('price', models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name='price')),
                ('total', models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name='amount')),
                ('vat', models.DecimalField(decimal_places=4, max_digits=9, null=True, verbose_name='VAT')),
                ('quote', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='other_systems.importedquote')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('quote', 'position'), name='other_systems_quoterow_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='quoteimport',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running', 'waiting'])), fields=('source',), name='other_systems_one_active_import'),
        ),
        migrations.AddConstraint(
            model_name='partymatch',
            constraint=models.UniqueConstraint(fields=('source', 'kind', 'key'), name='other_systems_partymatch_once'),
        ),
        migrations.AddIndex(
            model_name='importedquote',
            index=models.Index(fields=['quoted_on', 'id'], name='importedquote_by_date'),
        ),
        migrations.AddIndex(
            model_name='importedquote',
            index=models.Index(fields=['title_key', 'id'], name='importedquote_by_title'),
        ),
        migrations.AddIndex(
            model_name='importedquote',
            index=models.Index(fields=['total', 'id'], name='importedquote_by_total'),
        ),
        migrations.AddIndex(
            model_name='importedquote',
            index=models.Index(fields=['wanted_by', 'id'], name='importedquote_wanted'),
        ),
        migrations.AddIndex(
            model_name='importedquote',
            index=models.Index(condition=models.Q(('missing_since__isnull', True)), fields=['status', 'begun_on', 'id', 'owner_key', 'currency', 'total', 'missing_since'], name='importedquote_board'),
        ),
        migrations.AddIndex(
            model_name='importedquote',
            index=models.Index(condition=models.Q(('missing_since__isnull', True)), fields=['begun_on', 'status', 'currency', 'total', 'owner_key', 'source', 'missing_since'], name='importedquote_begun'),
        ),
        migrations.AddIndex(
            model_name='importedquote',
            index=models.Index(condition=models.Q(('missing_since__isnull', True)), fields=['decided_on', 'status', 'currency', 'total', 'owner_key', 'source', 'missing_since'], name='importedquote_decided'),
        ),
        migrations.AddConstraint(
            model_name='importedquote',
            constraint=models.UniqueConstraint(fields=('source', 'external_id'), name='other_systems_importedquote_once'),
        ),
        migrations.AddConstraint(
            model_name='sourcerecord',
            constraint=models.UniqueConstraint(fields=('source', 'kind', 'external_id'), name='other_systems_sourcerecord_once'),
        ),
    ]
