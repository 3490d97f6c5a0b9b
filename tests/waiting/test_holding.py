"""Answers that are kept for a page that waits: for whom, how long and how."""

import time
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection as database
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.waiting import holding, middleware
from offorte_portal.waiting.models import HeldAnswer
from tests.support.factories import make_staff
from tests.support.forms import filled, form_url
from tests.waiting.asking import await_answer, is_waiting

pytestmark = pytest.mark.django_db(transaction=True)

Mirror = Callable[..., Connection]
SECRET = "Kd83hsP0-q9w8e7r6t5"


def test_an_answer_is_for_the_session_that_asked(client: Client, mirror: Mirror, simulator: Simulator) -> None:
    mirror("companies")
    url = form_url(Company.objects.order_by("pk")[0])
    form = filled(client.get(url)) | {"phone": "0612345678"}
    simulator.faults.add(Fault("slow", times=None, seconds=60))
    answer = client.post(url, form)
    simulator.faults.be_quick()
    await_row()

    other = Client(headers={"host": "127.0.0.1"})
    assert other.get(answer["Location"]).status_code == 302  # to sign in
    for user in (make_staff("other"), User.objects.get(username="ada")):
        other.force_login(user)
        assert "no longer available" in other.get(answer["Location"]).content.decode()
    assert await_answer(client, answer["Location"]).status_code == 302


def await_row() -> HeldAnswer:
    """The one answer that is kept, once it is there."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if row := HeldAnswer.objects.filter(finished_at__isnull=False).first():
            return row
        time.sleep(0.1)
    raise TimeoutError


def test_what_was_typed_is_nowhere_in_clear_until_it_is_shown(
    client: Client, mirror: Mirror, simulator: Simulator, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = mirror("webhooks")
    url = f"/webhooks/webhook/add/?account={connection.pk}"
    form = filled(client.get(url)) | {"payload_url": f"https://hooks.example/catch/{SECRET}/"}
    settings.ANSWER_WITHIN = 0.001
    monkeypatch.setattr(middleware, "GLANCE", 0.0)
    simulator.faults.add(Fault("status", method="POST", status=422))

    answer = client.post(url, form)
    assert is_waiting(answer)
    row = await_row()
    with database.cursor() as cursor:
        cursor.execute("SELECT * FROM waiting_heldanswer")
        stored = str(cursor.fetchall())
    assert SECRET not in stored
    assert "set-cookie" not in row.sealed.lower()
    assert "sessionid" not in row.sealed

    text = await_answer(client, answer["Location"]).content.decode()
    assert SECRET in text
    assert not HeldAnswer.objects.exists()


def test_an_answer_that_no_key_fits_is_lost(client: Client, mirror: Mirror, settings: Settings) -> None:
    mirror("companies")
    row = HeldAnswer.objects.create(sealed="{}", finished_at=timezone.now())
    settings.PORTAL_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    request = RequestFactory().get("/")
    request.user = User.objects.get(username="ada")
    HeldAnswer.objects.update(user=request.user, session_hash=holding._hash_session(request))
    assert holding.find(str(row.pk), request) is None


def test_a_lost_answer_is_said_to_be_lost(client: Client, mirror: Mirror) -> None:
    mirror("companies")
    row = HeldAnswer.objects.create(created_at=timezone.now() - holding.LOST_AFTER * 2)

    page = client.get(f"{form_url(Company.objects.order_by('pk')[0])}?waiting={row.pk}")

    assert "no longer available" in page.content.decode()
    assert "hx-get" not in page.content.decode().partition('id="waiting"')[2].partition(">")[0]


def test_answers_are_kept_for_minutes() -> None:
    old = HeldAnswer.objects.create(created_at=timezone.now() - holding.KEPT * 2)
    holding.begin(HeldAnswer().ticket)
    assert not HeldAnswer.objects.filter(pk=old.pk).exists()
    old = HeldAnswer.objects.create(created_at=timezone.now() - holding.KEPT * 2)
    call_command("prune", stdout=StringIO())
    assert not HeldAnswer.objects.filter(pk=old.pk).exists()
    assert timedelta(minutes=1) + holding.LOST_AFTER < holding.KEPT <= timedelta(minutes=10)
