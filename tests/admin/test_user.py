"""Nobody may change a person who may do more than they do, or grant what they don't have."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client

from offorte_portal.roles import grant
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
LIST = "/auth/user/"


@pytest.fixture
def administrator() -> User:
    grant(apps, connection.SchemaEditorClass(connection))
    return make_member("anna", "Administrator")


@pytest.fixture
def client(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def make_member(name: str, role: str) -> User:
    user = make_staff(name, is_superuser=False)
    user.groups.add(Group.objects.get(name=role))
    return user


def values(user: User, **changes: object) -> dict[str, object]:
    """What the form of a person posts."""
    fields = {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "is_active": "on",
        "is_staff": "on",
        "groups": [group.pk for group in user.groups.all()],
        "last_login_0": "",
        "last_login_1": "",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "09:00:00",
    }
    return fields | changes


def test_an_administrator_adds_people_and_gives_them_roles(client: Client) -> None:
    added = {"username": "bram", "usable_password": "true", "password1": "long-enough-1", "password2": "long-enough-1"}
    response = client.post(f"{LIST}add/", added)
    user = User.objects.get(username="bram")
    assert response.status_code == 302
    seller = Group.objects.get(name="Seller")
    assert client.post(f"{LIST}{user.pk}/change/", values(user, groups=[seller.pk])).status_code == 302
    assert list(user.groups.all()) == [seller]
    assert "Seller" in client.get(LIST).content.decode()


def test_nobody_makes_themselves_or_others_superuser(client: Client, administrator: User) -> None:
    user = make_member("bram", "Seller")
    delete = Permission.objects.get(codename="delete_user")
    for target in (user, administrator):
        page = client.get(f"{LIST}{target.pk}/change/").content.decode()
        assert "is_superuser" not in page
        assert "user_permissions" not in page
        change = values(target, is_superuser="on", user_permissions=[delete.pk])
        assert client.post(f"{LIST}{target.pk}/change/", change).status_code == 302
        target.refresh_from_db()
        assert not target.is_superuser
        assert not target.user_permissions.exists()


@pytest.mark.parametrize("is_active", [True, False])
def test_a_superuser_is_out_of_reach(client: Client, is_active: bool) -> None:
    boss = make_staff("boss", is_active=is_active)
    assert client.post(f"{LIST}{boss.pk}/change/", values(boss, username="mine")).status_code == 403
    password = {"password1": "long-enough-1", "password2": "long-enough-1", "usable_password": "true"}
    assert client.post(f"{LIST}{boss.pk}/password/", password).status_code == 403
    boss.refresh_from_db()
    assert boss.username == "boss"


@pytest.mark.parametrize("is_active", [True, False])
def test_who_may_do_more_is_out_of_reach(client: Client, is_active: bool) -> None:
    powers = Group.objects.create(name="Powers")
    powers.permissions.add(Permission.objects.get(codename="delete_user"))
    user = make_member("bram", "Powers")
    User.objects.filter(pk=user.pk).update(is_active=is_active)
    assert client.post(f"{LIST}{user.pk}/change/", values(user)).status_code == 403


def test_a_group_that_grants_more_can_not_be_given(client: Client, administrator: User) -> None:
    powers = Group.objects.create(name="Powers")
    powers.permissions.add(Permission.objects.get(codename="delete_user"))
    harmless = Group.objects.create(name="Harmless")
    url = f"{LIST}{administrator.pk}/change/"
    assert client.post(url, values(administrator, groups=[powers.pk])).status_code == 200
    assert client.post(url, values(administrator, groups=[harmless.pk])).status_code == 302
    assert list(administrator.groups.all()) == [harmless]


def test_superusers_may_do_it_all() -> None:
    client = Client()
    client.force_login(make_staff("boss"))
    user = make_staff("bram", is_superuser=False)
    assert "is_superuser" in client.get(f"{LIST}{user.pk}/change/").content.decode()
    assert client.post(f"{LIST}{user.pk}/change/", values(user, is_superuser="on")).status_code == 302
    user.refresh_from_db()
    assert user.is_superuser
    assert client.post(f"{LIST}{user.pk}/delete/", {"post": "yes"}).status_code == 302
