import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('tracking', '0003_lost_reason_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('mailed_on', models.DateField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='followup',
            name='due_before',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='followup',
            name='ended',
            field=models.CharField(blank=True, choices=[('answered', 'no longer needed'), ('decided', 'the proposal was decided'), ('deleted', 'the proposal was deleted')], default='', editable=False, max_length=10),
        ),
        migrations.AddField(
            model_name='followup',
            name='snoozed_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
