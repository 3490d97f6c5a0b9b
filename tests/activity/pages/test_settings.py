"""What people choose to be told of."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from offorte_portal.activity.preferences import read_choices
from tests.support.bulk import sign_in

pytestmark = pytest.mark.django_db


def test_people_choose_what_they_are_told_of(client: Client, sanne: User) -> None:
    response = client.get("/activity/settings/")
    choices = response.context["form"].initial
    assert choices["commented_own"] == "mail"
    assert choices["won_team"] == "off"
    answer = client.post("/activity/settings/", choices | {"won_team": "mail", "viewed_own": "off"}, follow=True)
    assert "Your notification settings have been saved." in answer.content.decode()
    assert read_choices(sanne)["won", "team"] == "mail"
    assert read_choices(sanne)["viewed", "own"] == "off"


def test_a_choice_that_there_is_not_is_refused(client: Client, sanne: User) -> None:
    before = read_choices(sanne)
    response = client.post("/activity/settings/", {"won_team": "pigeon"})
    assert response.status_code == 200
    assert "pigeon is not one of the available choices" in response.content.decode()
    assert read_choices(sanne) == before


def test_without_an_address_the_settings_say_what_is_lacking() -> None:
    client = sign_in(User.objects.create_superuser("root"))
    assert "You have no e-mail address" in client.get("/activity/settings/").content.decode()
