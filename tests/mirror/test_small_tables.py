"""The search of tables that have no search index: staff, the security log, the change log, templates."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from offorte_portal.staff.models import SecurityEvent
from offorte_portal.writes.models import Operation
from proposals.models import AccountUser, ProposalTemplate
from tests.support.factories import AS_OF, make_connection, make_staff

pytestmark = pytest.mark.django_db
SPELLINGS = ["özgür yılmaz", "Ozgur", "OEZGUER", "Yilmaz, Özgür", "  yılmaz  ", "YILMAZ"]


@pytest.fixture
def page(client: Client) -> Client:
    client.force_login(make_staff("boss", email="boss@bouw.example"))
    return client


def found(page: Client, path: str, text: str) -> int:
    return len(page.get(path, {"q": text}).context["cl"].result_list)


@pytest.mark.parametrize("text", [*SPELLINGS, "ozgur@bouw.example", "ozgur@bouw"])
def test_staff_are_found_in_any_spelling(page: Client, text: str) -> None:
    make_staff("o", first_name="Özgür", last_name="Yılmaz", email="ozgur@bouw.example")
    make_staff("p", first_name="Piet", last_name="Özkan", email="piet@bouw.nl")
    assert found(page, "/auth/user/", text) == 1


@pytest.mark.parametrize("text", [*SPELLINGS, "10.0.0.7"])
def test_events_are_found_by_people_and_addresses(page: Client, text: str) -> None:
    SecurityEvent.objects.all().delete()
    event = {"kind": "sign_in_failed", "happened_at": timezone.now()}
    SecurityEvent.objects.create(by_name="Özgür Yılmaz", address="10.0.0.7", **event)
    SecurityEvent.objects.create(about_name="Piet", address="10.0.0.8", **event)
    assert found(page, "/staff/securityevent/", text) == 1


@pytest.mark.parametrize("text", ["Łódź Dach", "lodz", "DACH ŁÓDŹ", "sp", "łódź"])
def test_changes_are_found_in_any_spelling(page: Client, text: str) -> None:
    account = make_connection("bouw")
    known = {"connection": account, "verb": "update", "target": "companies"}
    Operation.objects.create(label="Łódź Dach Sp.", **known)
    Operation.objects.bulk_create([Operation(label="Weg BV", **known)])
    assert found(page, "/writes/operation/", text) == 1


def test_templates_and_offorte_users_are_found_in_any_spelling(page: Client) -> None:
    known = {"connection": make_connection("bouw"), "as_of": AS_OF}
    ProposalTemplate.objects.create(remote_id=1, name="Prijsopgave Ñuñez", **known)
    AccountUser.objects.create(remote_id=2, firstname="Siân", lastname="Bouwé", email="s@x.nl", **known)
    assert found(page, "/proposals/proposaltemplate/", "nunez") == 1
    assert found(page, "/proposals/proposaltemplate/", "nunes") == 0
    assert found(page, "/proposals/accountuser/", "bouwe, sian") == 1


@pytest.mark.parametrize("text", [".", "%", "'", "\\"])
def test_punctuation_alone_finds_nothing(page: Client, text: str) -> None:
    User.objects.filter(username="boss").update(first_name="50% korting")
    assert found(page, "/auth/user/", text) == 0
