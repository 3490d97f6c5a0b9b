import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('writes', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('batch_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='writes.batch')),
                ('action', models.CharField(help_text='Name in the registry of actions.', max_length=60, verbose_name='action')),
                ('options', models.JSONField(default=dict, help_text='What was chosen on the confirm page.', verbose_name='options')),
                ('selection', models.JSONField(default=list)),
                ('key', models.UUIDField(editable=False, unique=True)),
                ('undoes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='undoings', to='jobs.job', verbose_name='undoes')),
            ],
            options={
                'verbose_name': 'bulk job',
                'verbose_name_plural': 'bulk jobs',
                'ordering': ['-pk'],
                'permissions': [('view_others_jobs', 'Can see and control the jobs of others')],
            },
            bases=('writes.batch',),
        ),
    ]
