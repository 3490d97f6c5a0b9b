"""What was stored under the earlier name of copying quotes to Offorte keeps its meaning."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from offorte_portal.jobs.models import Job
from offorte_portal.jobs.registry import title
from offorte_portal.other_systems.models import ImportedQuote
from offorte_portal.ports import new_uuid

pytestmark = pytest.mark.django_db
migration = importlib.import_module("offorte_portal.other_systems.migrations.0007_copy_to_offorte")
EDITOR = SimpleNamespace(connection=connection)


def earlier() -> Permission:
    """Return the permission as it was, with a group and a person who have it."""
    kind = ContentType.objects.get_for_model(ImportedQuote)
    permission = Permission.objects.create(codename=migration.OLD, content_type=kind, name="x")
    Group.objects.create(name="Own group").permissions.add(permission)
    User.objects.create_user("anna").user_permissions.add(permission)
    return permission


def holders() -> tuple[set[str], set[str]]:
    permission = Permission.objects.get(codename=migration.NEW)
    return {group.name for group in permission.group_set.all()}, {user.username for user in permission.user_set.all()}


@pytest.mark.parametrize("is_there", [True, False])
def test_who_could_copy_still_can(is_there: bool) -> None:
    if not is_there:
        Permission.objects.filter(codename=migration.NEW).delete()
    earlier()
    migration.rename_permission(apps, EDITOR)
    groups, users = holders()
    assert "Own group" in groups
    assert users == {"anna"}
    assert not Permission.objects.filter(codename=migration.OLD).exists()
    migration.rename_permission(apps, EDITOR)
    assert holders() == (groups, users)


def test_roles_may_copy_in_a_new_database() -> None:
    assert holders()[0] == {"Seller", "Manager", "Administrator"}


def test_jobs_keep_their_title() -> None:
    job = Job.objects.create(action="quotes.recreate", key=new_uuid())
    migration.rename_action(apps, EDITOR)
    job.refresh_from_db()
    assert (job.action, title(job)) == ("quotes.copy", "Copy to Offorte")
    migration.restore_action(apps, EDITOR)
    assert Job.objects.get().action == "quotes.recreate"
