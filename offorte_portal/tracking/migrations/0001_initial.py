import offorte_portal.ports
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('connections', '0001_initial'),
        ('proposals', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('note', models.CharField(blank=True, default='', max_length=500, verbose_name='note')),
                ('rule', models.CharField(blank=True, choices=[('', 'By hand'), ('unseen', 'Not seen'), ('silent', 'No answer')], default='', max_length=10, verbose_name='why')),
                ('rule_since', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=offorte_portal.ports.now, editable=False)),
                ('snoozed', models.PositiveIntegerField(default=0)),
                ('done_at', models.DateTimeField(null=True)),
                ('mailed_on', models.DateField(null=True)),
                ('assigned_to', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='for')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='proposals.proposal', verbose_name='proposal')),
            ],
            options={
                'verbose_name': 'follow-up',
                'verbose_name_plural': 'follow-ups',
                'default_permissions': ('add', 'change', 'view'),
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True)), fields=['assigned_to', 'due_at', 'id'], name='follow_up_of'), models.Index(condition=models.Q(('done_at__isnull', True)), fields=['due_at', 'id'], name='follow_up_due'), models.Index(condition=models.Q(('done_at__isnull', False)), fields=['done_at', 'assigned_to'], name='follow_up_done')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('rule', ''), _negated=True), fields=('proposal', 'rule', 'rule_since'), name='follow_up_rule_once')],
            },
        ),
    ]
