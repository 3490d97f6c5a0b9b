"""E-mail addresses of staff: in lower case, and one person's only.

Where several people have one address, in whatever case, one of them keeps it: who can sign in before who can't, then
who signed in last, then who was added first. The others have none until an administrator enters theirs: they still sign
in with their username. Each is named in the output and in the security log.
"""

from collections import defaultdict

from django.conf import settings
from django.db import migrations
from django.utils import timezone

INDEX = 'staff_address_once'


def tidy(apps, schema_editor):
    database = schema_editor.connection.alias
    users = apps.get_model('auth', 'User').objects.using(database)
    by_address = defaultdict(list)
    for user in users.exclude(email='').order_by('pk'):
        by_address[user.email.strip().lower()].append(user)
    for address, people in by_address.items():
        people.sort(key=lambda user: (user.is_active and user.is_staff, user.last_login is not None, user.last_login.timestamp() if user.last_login else 0, -user.pk), reverse=True)
        keeper, *others = people
        for user in others:
            users.filter(pk=user.pk).update(email='')
            log(apps, database, user, address, keeper)
        if keeper.email != address:
            users.filter(pk=keeper.pk).update(email=address)
    follow(apps, database)


def log(apps, database, user, address, keeper):
    print(f'\n    {address} was the address of {user.username}, too. It stays with {keeper.username}; {user.username} has none now.', end='')
    apps.get_model('staff', 'SecurityEvent').objects.using(database).create(
        kind='address_changed', about=user, about_name=user.username, happened_at=timezone.now(),
        details={'before': address, 'after': '', 'reason': 'duplicate', 'kept_by': keeper.username},
    )


def follow(apps, database):
    """allauth's copy: one row a person, with their address."""
    copies = apps.get_model('account', 'EmailAddress').objects.using(database)
    copies.all().delete()
    users = apps.get_model('auth', 'User').objects.using(database).exclude(email='')
    copies.bulk_create(copies.model(user=user, email=user.email, verified=True, primary=True) for user in users)


def index(apps, schema_editor):
    schema_editor.execute(f"CREATE UNIQUE INDEX {INDEX} ON auth_user (lower(email)) WHERE email <> ''")


def drop(apps, schema_editor):
    schema_editor.execute(f'DROP INDEX {INDEX}')


class Migration(migrations.Migration):

    dependencies = [
        ('account', '0009_emailaddress_unique_primary_email'),
        ('staff', '0003_offorte_user_link'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(tidy, migrations.RunPython.noop),
        migrations.RunPython(index, drop),
    ]
