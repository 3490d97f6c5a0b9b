import offorte_portal.ports
import django.db.models.deletion
import offorte_portal.files.models.upload
import offorte_portal.runs.reasons
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('connections', '0001_initial'),
        ('jobs', '0001_initial'),
        ('writes', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('companies', 'Companies'), ('people', 'People'), ('products', 'Products'), ('proposals', 'Proposals')], max_length=10, verbose_name='what')),
                ('filename', models.CharField(max_length=255, verbose_name='file')),
                ('header', models.JSONField(default=list, encoder=offorte_portal.files.models.upload.LetterEncoder)),
                ('notes', offorte_portal.runs.reasons.ReasonsField(blank=True, default=list, editable=False)),
                ('mapping', models.JSONField(default=dict)),
                ('options', models.JSONField(default=dict)),
                ('work', models.CharField(blank=True, choices=[('read', 'Read'), ('examine', 'Examine'), ('', 'None')], default='', max_length=10)),
                ('done', models.PositiveIntegerField(default=0)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('lease', models.CharField(blank=True, default='', max_length=36)),
                ('lease_until', models.DateTimeField(null=True)),
                ('refusal', offorte_portal.runs.reasons.ReasonField(blank=True, editable=False, null=True)),
                ('language', models.CharField(blank=True, default='', max_length=10)),
                ('examined_at', models.DateTimeField(null=True)),
                ('key', models.UUIDField(default=offorte_portal.ports.new_uuid, editable=False, unique=True)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=offorte_portal.ports.now, editable=False, db_index=True, verbose_name='uploaded')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='uploads', to='jobs.job', verbose_name='job')),
            ],
            options={
                'verbose_name': 'upload',
                'verbose_name_plural': 'uploads',
                'ordering': ['-id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.CharField(help_text='Name in the registry of sheets.', max_length=100, verbose_name='list')),
                ('format', models.CharField(choices=[('xlsx', 'Excel (XLSX)'), ('csv', 'CSV')], max_length=4, verbose_name='format')),
                ('columns', models.JSONField(default=list)),
                ('language', models.CharField(max_length=10)),
                ('query', models.TextField(default='')),
                ('narrowed_by', models.TextField(default='', verbose_name='filters')),
                ('is_selection', models.BooleanField(default=False, verbose_name='selected rows only')),
                ('is_direct', models.BooleanField(default=False)),
                ('size', models.PositiveIntegerField(default=0, verbose_name='rows')),
                ('written', models.PositiveIntegerField(default=0)),
                ('missing', models.PositiveIntegerField(default=0)),
                ('bytes', models.PositiveBigIntegerField(default=0, verbose_name='file size')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('writing', 'In progress'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=10, verbose_name='state')),
                ('reason', offorte_portal.runs.reasons.ReasonField(blank=True, editable=False, null=True, verbose_name='reason')),
                ('requested_by_name', models.CharField(blank=True, default='', max_length=150, verbose_name='requested by')),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('lease', models.CharField(blank=True, default='', max_length=36)),
                ('lease_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=offorte_portal.ports.now, editable=False, verbose_name='requested')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                ('dropped_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='connections.connection', verbose_name='account')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='requested by')),
            ],
            options={
                'verbose_name': 'export',
                'verbose_name_plural': 'exports',
                'ordering': ['-id'],
                'permissions': [('view_others_exports', 'Can see what others exported')],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='ExportKeys',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('keys', models.BinaryField()),
                ('export', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='key_runs', to='files.export')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ExportPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('data', models.BinaryField()),
                ('export', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='files.export')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='UploadedFile',
            fields=[
                ('upload', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='file', serialize=False, to='files.upload')),
                ('content', models.BinaryField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='UploadRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='Row number as shown in a spreadsheet.', verbose_name='row')),
                ('cells', models.JSONField(default=list, encoder=offorte_portal.files.models.upload.LetterEncoder)),
                ('unreadable', offorte_portal.runs.reasons.ReasonField(blank=True, editable=False, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('new', 'New'), ('change', 'Changes'), ('same', 'Same'), ('problem', 'Problems')], default='', max_length=10, verbose_name='outcome')),
                ('label', models.TextField(blank=True, default='', verbose_name='name')),
                ('problem', offorte_portal.runs.reasons.ReasonField(blank=True, editable=False, null=True, verbose_name='problem')),
                ('hint', offorte_portal.runs.reasons.ReasonField(blank=True, editable=False, null=True, verbose_name='hint')),
                ('draft', models.JSONField(default=dict, encoder=offorte_portal.files.models.upload.LetterEncoder)),
                ('changes', models.JSONField(default=list, encoder=offorte_portal.files.models.upload.LetterEncoder)),
                ('remote_id', models.BigIntegerField(null=True)),
                ('parent_remote_id', models.BigIntegerField(null=True)),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection')),
                ('operation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='writes.operation')),
                ('upload', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='files.upload')),
            ],
            options={
                'verbose_name': 'row of an upload',
                'verbose_name_plural': 'rows of uploads',
                'ordering': ['number'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ColumnMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('companies', 'Companies'), ('people', 'People'), ('products', 'Products'), ('proposals', 'Proposals')], max_length=10)),
                ('header_key', models.CharField(max_length=32)),
                ('mapping', models.JSONField(default=dict)),
                ('changed_at', models.DateTimeField(default=offorte_portal.ports.now, editable=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('user', 'kind', 'header_key'), name='files_columnmapping_once')],
            },
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'writing'])), fields=['state'], name='export_active'),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(condition=models.Q(('dropped_at__isnull', True), ('is_direct', False)), fields=['created_at'], name='export_kept'),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(fields=['requested_by', 'id'], name='export_of'),
        ),
        migrations.AddConstraint(
            model_name='exportkeys',
            constraint=models.UniqueConstraint(fields=('export', 'number'), name='exportkeys_once'),
        ),
        migrations.AddConstraint(
            model_name='exportpart',
            constraint=models.UniqueConstraint(fields=('export', 'number'), name='exportpart_once'),
        ),
        migrations.AddIndex(
            model_name='uploadrow',
            index=models.Index(fields=['upload', 'outcome', 'number'], name='uploadrow_by_outcome'),
        ),
        migrations.AddConstraint(
            model_name='uploadrow',
            constraint=models.UniqueConstraint(fields=('upload', 'number'), name='files_uploadrow_once'),
        ),
    ]
