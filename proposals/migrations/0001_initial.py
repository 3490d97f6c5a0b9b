import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import offorte_portal.mirror.models.sorting
import offorte_portal.runs.reasons
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('connections', '0001_initial'),
        ('contacts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PriceTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField(verbose_name='unique ID')),
                ('position', models.PositiveIntegerField()),
                ('subtotal', models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name='subtotal')),
                ('total', models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name='total')),
                ('vat_default_percentage', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('is_vat_hidden', models.BooleanField(null=True)),
                ('rows_include_vat', models.BooleanField(null=True)),
                ('vat_lines', models.JSONField(default=list)),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='AccountUser',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('remote_id', models.BigIntegerField(verbose_name='Offorte ID')),
                ('payload', models.JSONField(default=dict, editable=False)),
                ('as_of', models.DateTimeField(editable=False, help_text='When Offorte last reported this.', verbose_name='as of')),
                ('fingerprint', models.CharField(default='', editable=False, max_length=32)),
                ('removed_at', models.DateTimeField(editable=False, null=True, verbose_name='deleted in Offorte')),
                ('is_hidden', models.BooleanField(default=False, editable=False, verbose_name='hidden in Offorte')),
                ('warnings', offorte_portal.runs.reasons.ReasonsField(blank=True, default=list, editable=False, help_text='Values from Offorte that are missing or can’t be read.', verbose_name='unreadable values')),
                ('email', models.TextField(default='', verbose_name='e-mail')),
                ('firstname', models.TextField(default='', verbose_name='first name')),
                ('lastname', models.TextField(default='', verbose_name='last name')),
                ('phone', models.TextField(default='', verbose_name='phone')),
                ('jobtitle', models.TextField(default='', verbose_name='job title')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
            ],
            options={
                'verbose_name': 'Offorte user',
                'verbose_name_plural': 'Offorte users',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AutomationSet',
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
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
            ],
            options={
                'verbose_name': 'automation set',
                'verbose_name_plural': 'automation sets',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DesignTemplate',
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
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
            ],
            options={
                'verbose_name': 'design template',
                'verbose_name_plural': 'design templates',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='EmailTemplate',
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
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
            ],
            options={
                'verbose_name': 'e-mail template',
                'verbose_name_plural': 'e-mail templates',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PriceRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('type', models.CharField(choices=[('price', 'Price'), ('discount', 'Discount'), ('subtotal', 'Subtotal'), ('title', 'Title')], default='', max_length=20, verbose_name='type')),
                ('content', models.TextField(default='', verbose_name='description')),
                ('count', models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name='quantity')),
                ('price', models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name='price')),
                ('subtotal', models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name='amount')),
                ('vat_percentage', models.DecimalField(decimal_places=4, max_digits=9, null=True, verbose_name='VAT')),
                ('discount', models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name='discount')),
                ('discount_type', models.CharField(default='', max_length=20, verbose_name='discount type')),
                ('product_remote_id', models.BigIntegerField(null=True, verbose_name='product')),
                ('sku', models.TextField(default='', verbose_name='SKU')),
                ('userinput_optional', models.BooleanField(null=True, verbose_name='optional')),
                ('userinput_optional_checked', models.BooleanField(null=True, verbose_name='chosen')),
                ('userinput_count', models.BooleanField(null=True, verbose_name='quantity by prospect')),
                ('table', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='proposals.pricetable')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
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
                ('number', models.TextField(default='', verbose_name='number')),
                ('status', models.CharField(choices=[('edit', 'In edit'), ('open', 'Open'), ('won', 'Won'), ('lost', 'Lost'), ('closed', 'Closed')], default='', max_length=20, verbose_name='status')),
                ('type', models.TextField(default='', verbose_name='type')),
                ('version_id', models.BigIntegerField(null=True, verbose_name='version')),
                ('company_remote_id', models.BigIntegerField(null=True)),
                ('company_name', models.TextField(default='', verbose_name='company name')),
                ('owner_remote_id', models.BigIntegerField(null=True)),
                ('owner_name', models.TextField(default='', verbose_name='owner name')),
                ('owner_email', models.TextField(default='', verbose_name='owner e-mail')),
                ('design_template_remote_id', models.BigIntegerField(null=True)),
                ('text_template_remote_id', models.BigIntegerField(null=True)),
                ('price_total', models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name='total')),
                ('price_total_display', models.TextField(default='')),
                ('language', models.TextField(default='', verbose_name='language')),
                ('remarks', models.TextField(default='', verbose_name='remarks')),
                ('tags', models.JSONField(default=list, verbose_name='tags')),
                ('pages_total', models.IntegerField(null=True, verbose_name='pages')),
                ('remote_created_at', models.DateTimeField(null=True, verbose_name='created')),
                ('remote_modified_at', models.DateTimeField(null=True, verbose_name='modified')),
                ('won_at', models.DateTimeField(null=True, verbose_name='won')),
                ('viewed_at', models.DateTimeField(null=True, verbose_name='last seen')),
                ('view_count', models.IntegerField(null=True, verbose_name='views')),
                ('pdf_count', models.IntegerField(null=True, verbose_name='PDF views')),
                ('details_fingerprint', models.CharField(default='', editable=False, max_length=32)),
                ('details_as_of', models.DateTimeField(editable=False, null=True, verbose_name='details as of')),
                ('details_tries', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('details_retry_for', models.CharField(default='', editable=False, max_length=32)),
                ('details_retry_at', models.DateTimeField(editable=False, null=True)),
                ('search_text', models.TextField(default='', editable=False)),
                ('name_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(django.db.models.functions.text.Left('name', 80)), output_field=offorte_portal.mirror.models.sorting.SortKeyField())),
                ('number_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(django.db.models.functions.text.Left('number', 80)), output_field=offorte_portal.mirror.models.sorting.SortKeyField())),
                ('owner_key', models.GeneratedField(db_persist=True, expression=models.Case(models.When(owner_remote_id__isnull=False, then=django.db.models.functions.text.Concat(models.Value('#'), django.db.models.functions.comparison.Cast('owner_remote_id', models.TextField()), output_field=models.TextField())), default=django.db.models.functions.text.Lower(django.db.models.functions.text.Left('owner_email', 80)), output_field=models.TextField()), output_field=offorte_portal.mirror.models.sorting.SortKeyField())),
                ('company', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='proposals', to='contacts.company', verbose_name='company')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
                ('design_template', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='proposals.designtemplate', verbose_name='design template')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='proposals', to='proposals.accountuser', verbose_name='owner')),
            ],
            options={
                'verbose_name': 'proposal',
                'verbose_name_plural': 'proposals',
                'permissions': [('copy_receiver_link', 'Can copy the links by which receivers open a proposal'), ('change_others_proposals', 'Can change and send the proposals of others'), ('reassign_proposal', 'Can give proposals another owner'), ('send_proposal', 'Can send proposals')],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='pricetable',
            name='proposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='price_tables', to='proposals.proposal'),
        ),
        migrations.CreateModel(
            name='LogEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('logged_at', models.DateTimeField(null=True, verbose_name='date')),
                ('person', models.TextField(default='', verbose_name='person')),
                ('action', models.TextField(default='', verbose_name='action')),
                ('type', models.TextField(default='', verbose_name='type')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='log_entries', to='proposals.proposal')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('remote_id', models.BigIntegerField()),
                ('position', models.PositiveIntegerField()),
                ('commented_at', models.DateTimeField(null=True, verbose_name='date')),
                ('comment', models.TextField(default='', verbose_name='comment')),
                ('type', models.TextField(default='', verbose_name='type')),
                ('firstname', models.TextField(default='', verbose_name='first name')),
                ('lastname', models.TextField(default='', verbose_name='last name')),
                ('email', models.TextField(default='', verbose_name='e-mail')),
                ('company_name', models.TextField(default='', verbose_name='company')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='proposals.proposal')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='ProposalTemplate',
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
                ('type', models.TextField(default='', verbose_name='type')),
                ('config_language_id', models.BigIntegerField(null=True, verbose_name='language')),
                ('proposal_tpl_id', models.BigIntegerField(null=True, verbose_name='proposal template ID')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
            ],
            options={
                'verbose_name': 'proposal template',
                'verbose_name_plural': 'proposal templates',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Receiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('remote_id', models.BigIntegerField()),
                ('position', models.PositiveIntegerField()),
                ('fullname', models.TextField(default='', verbose_name='full name')),
                ('email', models.TextField(default='', verbose_name='e-mail')),
                ('link', models.TextField(default='', verbose_name='link')),
                ('sent_link', models.TextField(default='', editable=False)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='receivers', to='proposals.proposal')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='SentEmail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('remote_id', models.BigIntegerField()),
                ('position', models.PositiveIntegerField()),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('version_nr', models.BigIntegerField(null=True, verbose_name='version')),
                ('message', models.TextField(default='', verbose_name='message')),
                ('sent_by', models.TextField(default='', verbose_name='sent by')),
                ('receivers', models.JSONField(default=list, verbose_name='recipients')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='emails', to='proposals.proposal')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='TextTemplate',
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
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
            ],
            options={
                'verbose_name': 'text template',
                'verbose_name_plural': 'text templates',
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='proposal',
            name='text_template',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='proposals.texttemplate', verbose_name='text template'),
        ),
        migrations.AddConstraint(
            model_name='accountuser',
            constraint=models.UniqueConstraint(fields=('connection', 'remote_id'), name='proposals_accountuser_remote'),
        ),
        migrations.AddConstraint(
            model_name='automationset',
            constraint=models.UniqueConstraint(fields=('connection', 'remote_id'), name='proposals_automationset_remote'),
        ),
        migrations.AddConstraint(
            model_name='designtemplate',
            constraint=models.UniqueConstraint(fields=('connection', 'remote_id'), name='proposals_designtemplate_remote'),
        ),
        migrations.AddConstraint(
            model_name='emailtemplate',
            constraint=models.UniqueConstraint(fields=('connection', 'remote_id'), name='proposals_emailtemplate_remote'),
        ),
        migrations.AddConstraint(
            model_name='pricerow',
            constraint=models.UniqueConstraint(fields=('table', 'position'), name='proposals_pricerow_position'),
        ),
        migrations.AddConstraint(
            model_name='pricetable',
            constraint=models.UniqueConstraint(fields=('proposal', 'position'), name='proposals_pricetable_position'),
        ),
        migrations.AddConstraint(
            model_name='logentry',
            constraint=models.UniqueConstraint(fields=('proposal', 'position'), name='proposals_logentry_position'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(fields=('proposal', 'remote_id'), name='proposals_comment_remote'),
        ),
        migrations.AddConstraint(
            model_name='proposaltemplate',
            constraint=models.UniqueConstraint(fields=('connection', 'remote_id'), name='proposals_proposaltemplate_remote'),
        ),
        migrations.AddConstraint(
            model_name='receiver',
            constraint=models.UniqueConstraint(fields=('proposal', 'remote_id'), name='proposals_receiver_remote'),
        ),
        migrations.AddConstraint(
            model_name='sentemail',
            constraint=models.UniqueConstraint(fields=('proposal', 'remote_id'), name='proposals_sentemail_remote'),
        ),
        migrations.AddConstraint(
            model_name='texttemplate',
            constraint=models.UniqueConstraint(fields=('connection', 'remote_id'), name='proposals_texttemplate_remote'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(condition=models.Q(('company__isnull', True)), fields=['connection', 'company_remote_id'], name='proposals_proposal_unlinked'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['remote_id', 'id', 'connection', 'status', 'owner', 'removed_at'], name='proposals_by_remote_id'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['name_key', 'id', 'connection', 'status', 'owner', 'removed_at'], name='proposals_by_name'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['price_total', 'id', 'connection', 'status', 'owner', 'removed_at'], name='proposals_by_total'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['view_count', 'id', 'connection', 'status', 'owner', 'removed_at'], name='proposals_by_views'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['viewed_at', 'id', 'connection', 'status', 'owner', 'removed_at'], name='proposals_by_seen'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['remote_created_at', 'id', 'connection', 'status', 'owner', 'removed_at'], name='proposals_by_created'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['remote_modified_at', 'id', 'connection', 'status', 'owner', 'removed_at'], name='proposals_by_modified'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(condition=models.Q(('removed_at__isnull', False)), fields=['remote_id', 'id'], name='proposals_removed'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['status', 'connection', 'removed_at'], name='proposals_by_status'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['company', 'status', 'removed_at'], name='proposals_by_company'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('removed_at__isnull', True)), fields=['owner_key', 'status', 'connection', 'removed_at'], name='proposals_by_seller'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['number_key'], name='proposals_by_number'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=offorte_portal.mirror.models.sorting.ListIndex(condition=models.Q(('details_as_of__isnull', True), ('removed_at__isnull', True)), fields=['remote_id', 'id', 'connection', 'details_as_of', 'removed_at'], name='proposals_without_details'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(condition=models.Q(models.Q(('details_fingerprint', models.F('fingerprint')), _negated=True), models.Q(('details_retry_for', models.F('fingerprint')), _negated=True)), fields=['connection', 'remote_id'], name='proposals_details_due'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(condition=models.Q(('details_tries__gt', 0)), fields=['connection', 'details_retry_at'], name='proposals_details_retry'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['connection', 'status', 'details_as_of'], name='proposals_by_read'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(fields=('connection', 'remote_id'), name='proposals_proposal_remote'),
        ),
    ]
