"""A key that no answer holds any more is told to the administrators once, and no request is spent on it."""

import pytest
from django.contrib.auth.models import Group, User
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from offorte_portal.connections import connecting as connections
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import OmittedKey
from offorte_portal.simulator import Fault
from offorte_portal.sync.reading import vanished
from proposals.models import Proposal
from tests.support.factories import make_staff
from tests.sync.reading.conftest import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def renamed(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Offorte has renamed a key of the details."""
    monkeypatch.setattr("offorte_portal.mirror.omissions.MOST_IN_A_ROW", 5)
    monkeypatch.setattr("offorte_portal.sync.details.MOST_IN_A_ROW", 5)
    monkeypatch.setattr(vanished, "MOST_IN_A_ROW", 5)
    path = "/proposals/.*/details"
    world.simulator.faults.add(Fault("renamed_field", path=path, name="comments", value="remarks_of", times=None))
    user = User.objects.create_user("anna", "anna@bouw.example", is_staff=True)
    group = Group.objects.filter(name="Administrator").first()
    if group:
        user.groups.add(group)
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    return world


def read_all(world: World) -> int:
    world.age(days=30)
    return len(world.turn())


def test_it_is_told_once_and_costs_one_request_a_proposal(renamed: World, mailoutbox: list[EmailMessage]) -> None:
    total = len(renamed.account.proposals)
    assert read_all(renamed) == total
    vanished.tell()
    vanished.tell()
    [mail] = mailoutbox
    assert "proposals.comments" in mail.body
    [problem] = connections.problems()
    assert (problem.remedy == "", "proposals.comments" in problem.message) == (True, True)
    assert Proposal.objects.filter(details_retry_at=None).count() == total - 4
    Proposal.objects.exclude(details_retry_at=None).update(details_retry_at=None)
    assert renamed.turn() == []


def test_a_vanished_key_is_reported_despite_silent_proposals(renamed: World) -> None:
    for remote_id in list(renamed.account.proposals)[::3]:
        renamed.account.proposals[remote_id]["comments"].clear()
    renamed.simulator.faults.clear()
    path = "/proposals/.*/details"
    renamed.simulator.faults.add(Fault("renamed_field", path=path, name="comments.comment", value="text", times=None))
    for _ in range(5):
        Proposal.objects.filter(details_tries__gt=0).update(details_retry_at=timezone.now())
        read_all(renamed)
    vanished.tell()
    assert Connection.objects.get().vanished_keys == ["proposals.comments.comment"]


def test_once_it_is_back_all_is_read_and_the_banner_goes(renamed: World) -> None:
    read_all(renamed)
    vanished.tell()
    renamed.simulator.faults.clear()
    first = renamed.of_status("open")[0]
    renamed.age(first, days=2)
    Proposal.objects.update(details_retry_at=None)
    assert first in renamed.turn()
    assert Connection.objects.get().vanished_keys == []
    assert not OmittedKey.objects.exists()
    while renamed.turn():
        pass
    assert set(Proposal.objects.filter(details_retry_at=None).values_list("details_tries", flat=True)) == {0}


def test_where_no_mail_can_be_sent_it_is_told_again(renamed: World, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]
    read_all(renamed)
    vanished.tell()
    assert Connection.objects.get().vanished_keys == []


def test_the_banner_offers_nothing_that_would_not_help(renamed: World) -> None:
    Connection.objects.update(vanished_keys=["proposals.comments"])
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(make_staff("sanne"))
    page = client.get("/contacts/company/").content.decode()
    assert "Offorte no longer sends proposals.comments" in page
    assert "Reconnect" not in page
