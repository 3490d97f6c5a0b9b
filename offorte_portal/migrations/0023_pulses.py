from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('offorte_portal', '0022_evidence'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pulse',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
    ]
