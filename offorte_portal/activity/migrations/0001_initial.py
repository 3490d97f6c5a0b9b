import offorte_portal.ports
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('connections', '0001_initial'),
        ('files', '0001_initial'),
        ('proposals', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ActivityState',
            fields=[
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='activity_state', serialize=False, to='proposals.proposal')),
                ('status', models.CharField(default='', max_length=20)),
                ('owner_key', models.CharField(default='', max_length=80)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='NotificationMailbox',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('mailed_at', models.DateTimeField(null=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('created', 'Created'), ('sent', 'Sent'), ('viewed', 'Viewed'), ('pdf', 'PDF opened'), ('commented', 'Question'), ('answered', 'Answer'), ('chose', 'Options changed'), ('signed', 'Signed'), ('won', 'Won'), ('lost', 'Lost'), ('closed', 'Closed'), ('reopened', 'Reopened')], max_length=10, verbose_name='what')),
                ('happened_at', models.DateTimeField(verbose_name='when')),
                ('recorded_at', models.DateTimeField(default=offorte_portal.ports.now, editable=False)),
                ('person', models.TextField(default='', verbose_name='who')),
                ('is_client', models.BooleanField(default=False, verbose_name='by the prospect')),
                ('text', models.CharField(default='', max_length=500)),
                ('times', models.PositiveIntegerField(default=1)),
                ('remote_id', models.BigIntegerField(null=True)),
                ('is_estimated', models.BooleanField(default=False)),
                ('key', models.CharField(max_length=80)),
                ('owner_key', models.CharField(default='', max_length=80)),
                ('read_at', models.DateTimeField(null=True, verbose_name='read')),
                ('connection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection', verbose_name='account')),
                ('proposal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='activities', to='proposals.proposal', verbose_name='proposal')),
                ('read_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'activity',
                'verbose_name_plural': 'activities',
                'ordering': ['-happened_at', '-id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('count', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(default=offorte_portal.ports.now, editable=False)),
                ('read_at', models.DateTimeField(null=True)),
                ('wants_mail', models.BooleanField(default=False)),
                ('mailed_at', models.DateTimeField(null=True)),
                ('mail', models.UUIDField(null=True)),
                ('activity', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='activity.activity')),
                ('export', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notification', to='files.export')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='NotificationChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(choices=[('commented', 'A prospect asks a question'), ('viewed', 'A prospect views a proposal'), ('won', 'A proposal is won'), ('lost', 'A proposal is lost or closed')], max_length=10)),
                ('scope', models.CharField(choices=[('own', 'My proposals'), ('team', 'Other people’s proposals')], max_length=10)),
                ('channel', models.CharField(choices=[('off', 'Off'), ('portal', 'In the portal'), ('mail', 'In the portal and by e-mail')], max_length=10)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['happened_at', 'id', 'connection', 'kind'], name='activity_of_all'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['connection', 'happened_at', 'id', 'kind'], name='activity_of_account'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['connection', 'kind', 'happened_at', 'id'], name='activity_of_account_kind'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['owner_key', 'happened_at', 'id', 'connection', 'kind'], name='activity_of_seller'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['owner_key', 'kind', 'happened_at', 'id'], name='activity_of_seller_kind'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['kind', 'happened_at', 'id', 'connection', 'owner_key'], name='activity_of_kind'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(condition=models.Q(('kind', 'commented'), ('read_at__isnull', True)), fields=['owner_key', 'happened_at', 'id'], name='activity_unread'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.UniqueConstraint(fields=('proposal', 'key'), name='activity_activity_once'),
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(fields=['user', 'id'], name='notification_of'),
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(condition=models.Q(('read_at__isnull', True)), fields=['user', 'id'], name='notification_unread'),
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(condition=models.Q(('mailed_at__isnull', True), ('read_at__isnull', True), ('wants_mail', True)), fields=['user'], name='notification_to_mail'),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.UniqueConstraint(fields=('user', 'activity'), name='notification_once'),
        ),
        migrations.AddIndex(
            model_name='notificationchoice',
            index=models.Index(fields=['event', 'scope', 'channel'], name='notification_choice_of'),
        ),
        migrations.AddConstraint(
            model_name='notificationchoice',
            constraint=models.UniqueConstraint(fields=('user', 'event', 'scope'), name='notification_choice_once'),
        ),
    ]
