"""The managers' list of lost reasons."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import translation

from offorte_portal.tracking import losses, reasons
from offorte_portal.tracking.losses import Why
from offorte_portal.tracking.models import LostReason
from tests.support.factories import make_proposal
from tests.support.fixtures import member

pytestmark = pytest.mark.django_db

URL = "/lost-reasons/"


@pytest.fixture
def boss(client: Client) -> User:
    user = member("Manager", "boss")
    client.force_login(user)
    return user


def names() -> list[str]:
    return [str(reason) for reason in LostReason.objects.filter(is_active=True)]


def press(client: Client, reason: LostReason, do: str, **fields: str) -> Any:
    return client.post(reverse("lost_reason_change", args=[reason.pk]), {"do": do} | fields)


def test_a_reason_is_added_at_the_end(client: Client, boss: User) -> None:
    client.post(URL, {"name": "  Te  laat "})
    assert names()[-1] == "Te laat"
    page = client.post(URL, {"name": "te láát"})
    assert page.context["form"].errors == {"name": ["“Te laat” is already in the list."]}
    assert client.post(URL, {"name": ""}).context["form"].errors
    assert client.post(URL, {"name": "x" * 81}).context["form"].errors


def test_a_default_can_not_be_added_again_in_another_language(client: Client, boss: User) -> None:
    with translation.override("nl"):
        dutch = str(LostReason.objects.get(default="too_expensive"))
    assert client.post(URL, {"name": dutch.upper()}).context["form"].errors


def test_a_reason_is_renamed_for_all_languages(client: Client, boss: User, expensive: LostReason) -> None:
    press(client, expensive, "rename", name="Prijs")
    expensive.refresh_from_db()
    assert (expensive.name, expensive.default) == ("Prijs", "")
    page = press(client, expensive, "rename", name="no budget")
    assert "“No budget” is already in the list." in page.content.decode()


def test_saving_a_default_as_it_is_keeps_its_translations(client: Client, boss: User, expensive: LostReason) -> None:
    press(client, expensive, "rename", name="Too expensive")
    expensive.refresh_from_db()
    assert expensive.default == "too_expensive"


def test_reasons_are_ordered_by_buttons(client: Client, boss: User, expensive: LostReason) -> None:
    before = names()
    press(client, expensive, "up")
    assert names() == before
    press(client, expensive, "down")
    assert names()[:2] == [before[1], before[0]]


def test_an_archived_reason_is_offered_no_longer_and_comes_back(
    client: Client, boss: User, expensive: LostReason
) -> None:
    proposal = make_proposal(status="lost")
    losses.explain(proposal, Why(expensive), by=boss)
    press(client, expensive, "archive")
    assert "Too expensive" not in names()
    assert losses.describe(losses.current([proposal])[proposal.pk]) == "Too expensive"
    client.post(URL, {"name": "too expensive"})
    assert "Too expensive" in names()
    assert LostReason.objects.count() == 6


def test_a_reason_used_by_mistake_is_merged(client: Client, boss: User, expensive: LostReason) -> None:
    proposal = make_proposal(status="lost")
    losses.explain(proposal, Why(expensive), by=boss)
    budget = LostReason.objects.get(default="no_budget")
    press(client, expensive, "merge", into=str(budget.pk))
    assert losses.describe(losses.current([proposal])[proposal.pk]) == "No budget"
    assert reasons.find("Too expensive") is None
    assert press(client, expensive, "archive").status_code == 404


@pytest.mark.parametrize("into", ["", "abc", "9" * 30, "own"])
def test_nonsense_merges_nothing(client: Client, boss: User, expensive: LostReason, into: str) -> None:
    press(client, expensive, "merge", into=str(expensive.pk) if into == "own" else into)
    expensive.refresh_from_db()
    assert expensive.is_active


@pytest.mark.parametrize("role", ["Viewer", "Seller"])
def test_others_change_nothing(client: Client, expensive: LostReason, role: str) -> None:
    client.force_login(member(role, "pim"))
    assert client.get(URL).status_code == 403
    assert client.post(URL, {"name": "x"}).status_code == 403
    assert press(client, expensive, "archive").status_code == 403
    assert LostReason.objects.filter(is_active=True).count() == 6
