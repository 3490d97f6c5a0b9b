import django.db.models.deletion
import offorte_portal.staff.models.security_event
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('connections', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OfforteUserLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('remote_id', models.BigIntegerField(verbose_name='Offorte user')),
                ('name', models.CharField(default='', max_length=200, verbose_name='name')),
                ('linked_at', models.DateTimeField(verbose_name='linked')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
                ('linked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='linked by')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offorte_links', to=settings.AUTH_USER_MODEL, verbose_name='member of staff')),
            ],
            options={
                'verbose_name': 'link to an Offorte user',
                'verbose_name_plural': 'links to Offorte users',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('user', 'connection'), name='staff_link_once_an_account'), models.UniqueConstraint(fields=('connection', 'remote_id'), name='staff_link_of_one_person')],
            },
        ),
        migrations.CreateModel(
            name='SecurityEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=offorte_portal.staff.models.security_event.kinds, max_length=30, verbose_name='event')),
                ('by_name', models.CharField(blank=True, default='', max_length=150)),
                ('about_name', models.CharField(blank=True, default='', max_length=150)),
                ('address', models.GenericIPAddressField(blank=True, null=True, verbose_name='IP address')),
                ('user_agent', models.CharField(blank=True, default='', max_length=200, verbose_name='browser')),
                ('connection_id', models.BigIntegerField(blank=True, null=True)),
                ('details', models.JSONField(blank=True, default=dict)),
                ('happened_at', models.DateTimeField(verbose_name='time')),
                ('count', models.PositiveIntegerField(default=1, verbose_name='times')),
                ('last_at', models.DateTimeField(blank=True, null=True, verbose_name='last time')),
                ('about', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='security_events', to=settings.AUTH_USER_MODEL, verbose_name='staff member')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='security_events_caused', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'security event',
                'verbose_name_plural': 'security log',
                'ordering': ['-id'],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['-happened_at'], name='security_event_at'), models.Index(fields=['kind', '-happened_at'], name='security_event_of_kind')],
            },
        ),
    ]
