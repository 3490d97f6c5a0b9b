"""An e-mail address is one person's only, in whatever case it is written."""

from django.conf import settings
from django.db import migrations

INDEX = "staff_address_once"


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_roles"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.RunSQL(
            f"CREATE UNIQUE INDEX {INDEX} ON auth_user (lower(email)) WHERE email <> ''", f"DROP INDEX {INDEX}"
        )
    ]
