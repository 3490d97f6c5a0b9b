"""The roles that migrations make, and who may do what."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.db import connection

from offorte_portal.staff.roles import ROLES, grant

pytestmark = pytest.mark.django_db


def member(role: str) -> User:
    user = User.objects.create_user(role.lower(), password="pw", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.mark.parametrize("role", ROLES)
def test_every_role_sees_what_is_mirrored(role: str) -> None:
    user = member(role)
    for name in ["contacts.view_company", "catalog.view_product", "proposals.view_proposal"]:
        assert user.has_perm(name)
    assert user.has_perm("sync.view_syncrun")


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        ("connections.sync_connection", {"Manager", "Administrator"}),
        ("connections.authorise_connection", {"Administrator"}),
        ("connections.change_connection", {"Administrator"}),
        ("webhooks.view_webhook", {"Administrator"}),
        ("auth.change_user", {"Administrator"}),
        ("staff.view_securityevent", {"Administrator"}),
        ("auth.change_group", set()),
        ("auth.delete_user", set()),
        ("proposals.change_proposal", {"Seller", "Manager", "Administrator"}),
        ("proposals.send_proposal", {"Seller", "Manager", "Administrator"}),
        ("proposals.change_others_proposals", {"Manager", "Administrator"}),
        ("proposals.delete_proposal", {"Manager", "Administrator"}),
        ("contacts.change_company", {"Seller", "Manager", "Administrator"}),
        ("contacts.delete_company", {"Manager", "Administrator"}),
        ("catalog.reprice_product", {"Manager", "Administrator"}),
        ("writes.view_operation", {"Seller", "Manager", "Administrator"}),
        ("writes.view_others_operations", {"Manager", "Administrator"}),
        ("webhooks.delete_webhook", {"Administrator"}),
        ("proposals.copy_receiver_link", {"Seller", "Manager", "Administrator"}),
        ("django_q.add_schedule", set()),
    ],
)
def test_what_only_some_may(permission: str, roles: set[str]) -> None:
    assert {role for role in ROLES if member(role).has_perm(permission)} == roles


def test_granting_again_keeps_what_was_added_by_hand() -> None:
    viewer = Group.objects.get(name="Viewer")
    viewer.permissions.add(Permission.objects.get(codename="sync_connection"))
    before = set(viewer.permissions.values_list("codename", flat=True))
    grant(apps, connection.SchemaEditorClass(connection))
    assert set(viewer.permissions.values_list("codename", flat=True)) == before
    assert Group.objects.count() == len(ROLES)


def test_the_cache_has_its_table() -> None:
    assert "portal_cache" in connection.introspection.table_names()
