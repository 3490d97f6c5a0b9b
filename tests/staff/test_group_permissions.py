"""What a group may do, as boxes: in words, and none of it lost."""

import re

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import translation

from offorte_portal.staff.admin.permission_choices import list_choices
from offorte_portal.staff.roles import APPS
from tests.support.factories import make_staff
from tests.support.signing_in import PASSWORD, confirm, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """An administrator's browser, in which the password was confirmed."""
    anna = make_staff("anna", email="anna@bouw.example")
    anna.set_password(PASSWORD)
    anna.save()
    browser = Client()
    sign_in(browser, "anna")
    return confirm(browser)


def test_every_permission_of_ours_has_dutch_words() -> None:
    models = [model for model in apps.get_models() if model._meta.app_label in APPS]
    names = [name for model in models for _codename, name in model._meta.permissions]
    assert len(names) > 10
    with translation.override("nl"):
        assert [name for name in names if translation.gettext(name) == name] == []


def test_permissions_are_grouped_in_the_persons_language() -> None:
    with translation.override("nl"):
        choices = dict(list_choices())
        companies = [name for _pk, name in choices["Bedrijven"]]
    assert companies == [
        "Mag bekijken",
        "Mag toevoegen",
        "Mag wijzigen",
        "Mag verwijderen",
        "Kan bedrijven samenvoegen",
    ]
    assert all(not name.startswith(("Can ", "May ")) for group in choices.values() for _pk, name in group)
    assert not {"Drains", "Comments", "Price rows"} & set(choices)


def test_saving_a_group_keeps_what_it_has(client: Client) -> None:
    group = Group.objects.create(name="Binnendienst")
    ours = Permission.objects.get(codename="merge_company")
    unseen = [Permission.objects.get(codename=codename) for codename in ("view_session", "view_comment")]
    group.permissions.set([ours, *unseen])
    url = f"/auth/group/{group.pk}/change/"
    ticked = re.findall(r'<input[^>]*name="permissions" value="(\d+)"[^>]* checked', client.get(url).content.decode())
    answer = client.post(url, {"name": "Sales", "permissions": ticked})
    assert answer.status_code == 302
    assert Group.objects.get(name="Sales").pk == group.pk
    assert set(group.permissions.all()) == {ours, *unseen}
