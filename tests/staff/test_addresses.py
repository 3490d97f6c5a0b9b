"""Addresses: one person's only, in lower case, and nobody's own to change."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

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
