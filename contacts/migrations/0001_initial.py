import django.db.models.deletion
import django.db.models.functions.text
import offorte_portal.mirror.models.sorting
import offorte_portal.runs.reasons
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('connections', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Company',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('remote_id', models.BigIntegerField(verbose_name='Offorte ID')),
                ('payload', models.JSONField(default=dict, editable=False)),
                ('as_of', models.DateTimeField(editable=False, help_text='When Offorte last reported this.', verbose_name='as of')),
                ('fingerprint', models.CharField(default='', editable=False, max_length=32)),
                ('removed_at', models.DateTimeField(editable=False, null=True, verbose_name='deleted in Offorte')),
                ('is_hidden', models.BooleanField(default=False, editable=False, verbose_name='hidden in Offorte')),
                ('warnings', offorte_portal.runs.reasons.ReasonsField(blank=True, default=list, editable=False, help_text='Values from Offorte that are missing or can’t be read.', verbose_name='unreadable values')),
                ('street', models.TextField(default='', verbose_name='street')),
                ('zipcode', models.TextField(default='', verbose_name='zip code')),
                ('city', models.TextField(default='', verbose_name='city')),
                ('state', models.TextField(default='', verbose_name='state')),
                ('country', models.TextField(default='', verbose_name='country')),
                ('phone', models.TextField(default='', verbose_name='phone')),
                ('email', models.TextField(default='', verbose_name='e-mail')),
                ('internet', models.TextField(default='', verbose_name='website')),
                ('linkedin', models.TextField(default='', verbose_name='LinkedIn')),
                ('facebook', models.TextField(default='', verbose_name='Facebook')),
                ('twitter', models.TextField(default='', verbose_name='Twitter')),
                ('search_text', models.TextField(default='', editable=False)),
                ('name', models.TextField(default='', verbose_name='name')),
                ('fax', models.TextField(default='', verbose_name='fax')),
                ('coc_number', models.TextField(default='', verbose_name='chamber of commerce number')),
                ('vat_number', models.TextField(default='', verbose_name='VAT number')),
                ('name_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(django.db.models.functions.text.Left('name', 80)), output_field=offorte_portal.mirror.models.sorting.SortKeyField())),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
            ],
            options={
                'verbose_name': 'company',
                'verbose_name_plural': 'companies',
                'permissions': [('merge_company', 'Can merge companies')],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('remote_id', models.BigIntegerField(verbose_name='Offorte ID')),
                ('payload', models.JSONField(default=dict, editable=False)),
                ('as_of', models.DateTimeField(editable=False, help_text='When Offorte last reported this.', verbose_name='as of')),
                ('fingerprint', models.CharField(default='', editable=False, max_length=32)),
                ('removed_at', models.DateTimeField(editable=False, null=True, verbose_name='deleted in Offorte')),
                ('is_hidden', models.BooleanField(default=False, editable=False, verbose_name='hidden in Offorte')),
                ('warnings', offorte_portal.runs.reasons.ReasonsField(blank=True, default=list, editable=False, help_text='Values from Offorte that are missing or can’t be read.', verbose_name='unreadable values')),
                ('street', models.TextField(default='', verbose_name='street')),
                ('zipcode', models.TextField(default='', verbose_name='zip code')),
                ('city', models.TextField(default='', verbose_name='city')),
                ('state', models.TextField(default='', verbose_name='state')),
                ('country', models.TextField(default='', verbose_name='country')),
                ('phone', models.TextField(default='', verbose_name='phone')),
                ('email', models.TextField(default='', verbose_name='e-mail')),
                ('internet', models.TextField(default='', verbose_name='website')),
                ('linkedin', models.TextField(default='', verbose_name='LinkedIn')),
                ('facebook', models.TextField(default='', verbose_name='Facebook')),
                ('twitter', models.TextField(default='', verbose_name='Twitter')),
                ('search_text', models.TextField(default='', editable=False)),
                ('company_remote_id', models.BigIntegerField(null=True)),
                ('firstname', models.TextField(default='', verbose_name='first name')),
                ('lastname', models.TextField(default='', verbose_name='last name')),
                ('fullname', models.TextField(default='', verbose_name='full name')),
                ('salutation', models.TextField(default='', verbose_name='salutation')),
                ('mobile', models.TextField(default='', verbose_name='mobile')),
                ('name_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(django.db.models.functions.text.Left('fullname', 80)), output_field=offorte_portal.mirror.models.sorting.SortKeyField())),
                ('company', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='people', to='contacts.company', verbose_name='company')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='company',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['name_key', 'id', 'connection', 'removed_at'], name='contacts_company_by_name'),
        ),
        migrations.AddIndex(
            model_name='company',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['remote_id', 'id', 'connection', 'removed_at'], name='contacts_company_by_remote_id'),
        ),
        migrations.AddIndex(
            model_name='company',
            index=models.Index(condition=models.Q(('removed_at__isnull', False)), fields=['remote_id', 'id'], name='contacts_company_removed'),
        ),
        migrations.AddConstraint(
            model_name='company',
            constraint=models.UniqueConstraint(fields=('connection', 'remote_id'), name='contacts_company_remote'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(condition=models.Q(('company__isnull', True)), fields=['connection', 'company_remote_id'], name='contacts_person_unlinked'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['name_key', 'id', 'connection', 'removed_at'], name='contacts_person_by_name'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['remote_id', 'id', 'connection', 'removed_at'], name='contacts_person_by_remote_id'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(condition=models.Q(('removed_at__isnull', False)), fields=['remote_id', 'id'], name='contacts_person_removed'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(fields=('connection', 'remote_id'), name='contacts_person_remote'),
        ),
    ]
