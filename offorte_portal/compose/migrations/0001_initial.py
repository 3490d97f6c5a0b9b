import offorte_portal.ports
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('connections', '0001_initial'),
        ('proposals', '0001_initial'),
        ('writes', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ApprovalSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount_above', models.DecimalField(blank=True, decimal_places=2, help_text='Excluding VAT. A proposal whose value isn’t known also needs approval.', max_digits=15, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='value above')),
                ('discount_above', models.DecimalField(blank=True, decimal_places=2, help_text='All discounts in a proposal together, as a percentage of its full price.', max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='discount above, %')),
            ],
            options={
                'verbose_name': 'approval',
                'verbose_name_plural': 'approvals',
                'default_permissions': ('change',),
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('approved', 'Approved'), ('refused', 'Rejected'), ('withdrawn', 'Withdrawn')], default='waiting', max_length=10, verbose_name='state')),
                ('order', models.JSONField(default=dict)),
                ('value', models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name='value')),
                ('discount', models.DecimalField(decimal_places=2, max_digits=7, null=True, verbose_name='discount')),
                ('requested_at', models.DateTimeField(default=offorte_portal.ports.now, editable=False, verbose_name='asked')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('note', models.TextField(blank=True, default='', verbose_name='note')),
                ('key', models.UUIDField(editable=False, unique=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('operation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='writes.operation')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='approvals', to='proposals.proposal', verbose_name='proposal')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
            ],
            options={
                'verbose_name': 'request for approval',
                'verbose_name_plural': 'requests for approval',
                'ordering': ['-id'],
                'permissions': [('approve_proposal', 'Can approve that proposals are sent')],
                'default_permissions': (),
                'indexes': [models.Index(fields=['state', '-id'], name='approval_by_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('proposal',), name='approval_waits_once')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField(blank=True, default='', verbose_name='name')),
                ('company_remote_id', models.BigIntegerField(null=True)),
                ('contacts', models.JSONField(default=list)),
                ('owner_remote_id', models.BigIntegerField(null=True)),
                ('proposal_template_remote_id', models.BigIntegerField(null=True)),
                ('design_template_remote_id', models.BigIntegerField(null=True)),
                ('text_template_remote_id', models.BigIntegerField(null=True)),
                ('automations_set_remote_id', models.BigIntegerField(null=True)),
                ('tables', models.JSONField(default=list)),
                ('value', models.DecimalField(decimal_places=2, max_digits=19, null=True, verbose_name='value')),
                ('is_shared', models.BooleanField(default=False, verbose_name='colleagues can edit it')),
                ('version', models.PositiveIntegerField(default=1)),
                ('saved_key', models.UUIDField(editable=False, null=True)),
                ('key', models.UUIDField(editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=offorte_portal.ports.now, editable=False, verbose_name='begun')),
                ('saved_at', models.DateTimeField(verbose_name='saved')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('operation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='drafts', to='writes.operation')),
                ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'draft',
                'verbose_name_plural': 'drafts',
                'ordering': ['-saved_at'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['created_by', '-saved_at'], name='draft_by_person'), models.Index(fields=['-saved_at'], name='draft_by_moment')],
            },
        ),
    ]
