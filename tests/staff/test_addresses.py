"""Addresses: one person's only, in lower case, and nobody's own to change."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db import connection as database
from django.test import Client

from offorte_portal.staff.addresses import clean_address
from tests.staff.conftest import sign_in
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db


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


def test_stored_addresses_are_lowered_but_never_made_equal() -> None:
    derde, jos = make_staff("derde", email="Derde@Bouw.Example"), make_staff("jos", email="jos@BÜRO.example")
    twin = make_staff("twin", email="Jos@büro.example ")
    EmailAddress.objects.create(user=derde, email="Derde@Bouw.Example", verified=True, primary=True)
    lower_all = import_module("offorte_portal.staff.migrations.0004_addresses_in_lower_case").lower_all
    for _ in range(2):
        lower_all(apps, SimpleNamespace(connection=database))
    assert [User.objects.get(pk=user.pk).email for user in (derde, jos, twin)] == [
        "derde@bouw.example", "jos@büro.example", "Jos@büro.example ",
    ]  # fmt: skip
    assert EmailAddress.objects.get().email == "derde@bouw.example"


@pytest.mark.parametrize("typed", ["jos@büro.example", "JOS@BÜRO.EXAMPLE", " Jos@Bu\u0308ro.example"])
def test_an_address_is_one_persons_in_any_case(typed: str) -> None:
    jos = make_staff("jos", email="jos@BÜRO.example")
    with pytest.raises(ValidationError, match="already has this"):
        clean_address(typed)
    assert clean_address(typed, of=jos) == "jos@büro.example"
