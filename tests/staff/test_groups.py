"""What a group may do is changed with the password only, and told of in the security log."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from offorte_portal.staff.models import SecurityEvent
from tests.staff.conftest import make_member, sign_in
from tests.support.factories import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]


@pytest.fixture
def root() -> User:
    return make_staff("root")


def give(client: Client, group: Group, codename: str) -> int:
    """Post the page of a group with one permission more."""
    kept = list(group.permissions.values_list("pk", flat=True))
    more = Permission.objects.get(codename=codename).pk
    form = {"name": group.name, "permissions": [*kept, more]}
    return client.post(f"/auth/group/{group.pk}/change/", form).status_code


def test_a_session_alone_changes_no_group(root: User) -> None:
    seller = make_member("eve", "Seller")
    client = Client()
    client.force_login(root)
    group = Group.objects.get(name="Seller")
    give(client, group, "change_user")
    client.post(f"/auth/group/{group.pk}/delete/", {"post": "yes"})
    client.post("/auth/group/", {"action": "delete_selected", "_selected_action": [group.pk], "post": "yes"})
    client.post("/auth/group/add/", {"name": "New"})
    assert not User.objects.get(pk=seller.pk).has_perm("auth.change_user")
    assert Group.objects.filter(name="Seller").exists()
    assert not Group.objects.filter(name="New").exists()


def test_what_a_group_gets_and_loses_is_logged(root: User) -> None:
    client = sign_in(root)
    group = Group.objects.create(name="Helpers")
    assert give(client, group, "view_user") == 302
    assert give(client, group, "view_user") == 302
    client.post(f"/auth/group/{group.pk}/delete/", {"post": "yes"})
    events = SecurityEvent.objects.filter(kind="role_changed").order_by("pk")
    assert [(one.by, one.details) for one in events] == [
        (root, {"label": "Helpers", "added": ["view_user"], "removed": []}),
        (root, {"label": "Helpers", "added": [], "removed": ["view_user"]}),
    ]
