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
            name='ProductDirectory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('remote_id', models.BigIntegerField(verbose_name='Offorte ID')),
                ('payload', models.JSONField(default=dict, editable=False)),
                ('as_of', models.DateTimeField(editable=False, help_text='When Offorte last reported this.', verbose_name='as of')),
                ('fingerprint', models.CharField(default='', editable=False, max_length=32)),
                ('removed_at', models.DateTimeField(editable=False, null=True, verbose_name='deleted in Offorte')),
                ('is_hidden', models.BooleanField(default=False, editable=False, verbose_name='hidden in Offorte')),
                ('warnings', offorte_portal.runs.reasons.ReasonsField(blank=True, default=list, editable=False, help_text='Values from Offorte that are missing or can’t be read.', verbose_name='unreadable values')),
                ('name', models.TextField(default='', verbose_name='name')),
                ('told_at', models.JSONField(default=dict, editable=False)),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
            ],
            options={
                'verbose_name': 'product directory',
                'verbose_name_plural': 'product directories',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='VatGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('remote_id', models.BigIntegerField(verbose_name='Offorte ID')),
                ('payload', models.JSONField(default=dict, editable=False)),
                ('as_of', models.DateTimeField(editable=False, help_text='When Offorte last reported this.', verbose_name='as of')),
                ('fingerprint', models.CharField(default='', editable=False, max_length=32)),
                ('removed_at', models.DateTimeField(editable=False, null=True, verbose_name='deleted in Offorte')),
                ('is_hidden', models.BooleanField(default=False, editable=False, verbose_name='hidden in Offorte')),
                ('warnings', offorte_portal.runs.reasons.ReasonsField(blank=True, default=list, editable=False, help_text='Values from Offorte that are missing or can’t be read.', verbose_name='unreadable values')),
                ('name', models.TextField(default='', verbose_name='name')),
                ('vat', models.DecimalField(decimal_places=4, help_text='Percent.', max_digits=9, null=True, verbose_name='rate')),
                ('label', models.TextField(default='', verbose_name='label')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
            ],
            options={
                'verbose_name': 'VAT group',
                'verbose_name_plural': 'VAT groups',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('remote_id', models.BigIntegerField(verbose_name='Offorte ID')),
                ('payload', models.JSONField(default=dict, editable=False)),
                ('as_of', models.DateTimeField(editable=False, help_text='When Offorte last reported this.', verbose_name='as of')),
                ('fingerprint', models.CharField(default='', editable=False, max_length=32)),
                ('removed_at', models.DateTimeField(editable=False, null=True, verbose_name='deleted in Offorte')),
                ('is_hidden', models.BooleanField(default=False, editable=False, verbose_name='hidden in Offorte')),
                ('warnings', offorte_portal.runs.reasons.ReasonsField(blank=True, default=list, editable=False, help_text='Values from Offorte that are missing or can’t be read.', verbose_name='unreadable values')),
                ('directory_remote_id', models.BigIntegerField(null=True)),
                ('vat_remote_id', models.BigIntegerField(null=True)),
                ('name', models.TextField(default='', verbose_name='name')),
                ('sku', models.TextField(null=True, verbose_name='SKU')),
                ('price', models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name='price')),
                ('is_optional', models.BooleanField(null=True, verbose_name='optional')),
                ('descr_short', models.TextField(null=True, verbose_name='description')),
                ('search_text', models.TextField(default='', editable=False)),
                ('name_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(django.db.models.functions.text.Left('name', 80)), output_field=offorte_portal.mirror.models.sorting.SortKeyField())),
                ('told_at', models.JSONField(default=dict, editable=False)),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
                ('directory', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='products', to='catalog.productdirectory', verbose_name='directory')),
                ('vat_group', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='products', to='catalog.vatgroup', verbose_name='VAT group')),
            ],
            options={
                'verbose_name': 'product',
                'verbose_name_plural': 'products',
                'permissions': [('reprice_product', 'Can change the prices of many products at once')],
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='productdirectory',
            constraint=models.UniqueConstraint(fields=('connection', 'remote_id'), name='catalog_productdirectory_remote'),
        ),
        migrations.AddConstraint(
            model_name='vatgroup',
            constraint=models.UniqueConstraint(fields=('connection', 'remote_id'), name='catalog_vatgroup_remote'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['name_key', 'id', 'connection', 'removed_at'], name='catalog_product_by_name'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['price', 'id', 'connection', 'removed_at'], name='catalog_product_by_price'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['remote_id', 'id', 'connection', 'removed_at'], name='catalog_product_by_remote_id'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(condition=models.Q(('removed_at__isnull', False)), fields=['remote_id', 'id'], name='catalog_product_removed'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.UniqueConstraint(fields=('connection', 'remote_id'), name='catalog_product_remote'),
        ),
    ]
