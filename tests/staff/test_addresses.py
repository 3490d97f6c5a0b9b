"""Addresses: one person's only, in lower case, and nobody's own to change."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from offorte_portal.staff.models import OfforteUserLink, SecurityEvent
from tests.staff.conftest import sign_in
from tests.support.factories import make_account_user, make_staff

pytestmark = pytest.mark.django_db
migration = import_module("offorte_portal.staff.migrations.0004_addresses")


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "confirm-email/abc/", "signup/", "social/connections/"])
def test_nobody_changes_their_own_address(path: str) -> None:
    user = make_staff("fatima")
    client = sign_in(user)
    for answer in (
        client.get(f"/accounts/{path}"),
        client.post(f"/accounts/{path}", {"email": "x@bouw.example", "action_add": "", "action_primary": ""}),
    ):
        assert answer.status_code == 404
    user.refresh_from_db()
    assert user.email == "fatima@example.com"
    for page in ("/", "/accounts/2fa/", "/accounts/password/change/"):
        assert "/accounts/email/" not in Client.get(client, page, follow=True).content.decode()


def test_the_database_keeps_addresses_apart_in_any_case() -> None:
    make_staff("fatima", email="fatima@bouw.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_staff("other", email="FATIMA@bouw.example")
    for name in ("nobody", "no one"):
        make_staff(name, email="")


def test_what_was_there_before_is_tidied_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    editor = SimpleNamespace(connection=connection, execute=lambda sql: connection.cursor().execute(sql))
    migration.drop(apps, editor)
    keeper = make_staff("keeper", email="Fatima@Bouw.example", last_login=timezone.now())
    former = make_staff("former", email="fatima@bouw.example", is_active=False)
    thief = make_staff("thief", email="FATIMA@bouw.example")
    EmailAddress.objects.create(user=thief, email="victim@bouw.example", verified=True, primary=False)
    make_account_user(email="fatima@bouw.example")
    migration.tidy(apps, editor)
    migration.index(apps, editor)
    assert dict(User.objects.values_list("username", "email")) == {
        "keeper": "fatima@bouw.example", "former": "", "thief": "",
    }  # fmt: skip
    assert list(EmailAddress.objects.values_list("user__username", "email", "verified", "primary")) == [
        ("keeper", "fatima@bouw.example", True, True)
    ]
    told = SecurityEvent.objects.filter(kind="address_changed").order_by("about_name")
    assert [(event.about, event.details["kept_by"]) for event in told] == [(former, "keeper"), (thief, "keeper")]
    assert "thief has none now" in capsys.readouterr().out
    assert not OfforteUserLink.objects.exists(), "an address grants no link"
    assert keeper.pk
