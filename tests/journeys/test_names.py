"""People are shown by their names: on no page, in no menu and in no list stands the login of somebody who has one."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offorte_portal.activity.models import Activity
from offorte_portal.compose.models import Approval, Draft
from offorte_portal.connections import connecting
from offorte_portal.connections.models import Connection
from offorte_portal.desk.models import CommentState, SavedView
from offorte_portal.files.models import Export
from offorte_portal.jobs.models import Job
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.staff.models import SecurityEvent, shown_name
from offorte_portal.staff.models.names import with_login
from offorte_portal.staff.security_log import Kind
from offorte_portal.sync.models import SyncRun
from offorte_portal.tracking.models import FollowUp
from offorte_portal.writes.asking import name_of
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.journeys.test_each_page import find_pages
from tests.support.factories import make_staff
from tests.support.forms import Mirror, form_url

pytestmark = pytest.mark.django_db

LOGIN, NAME = "zq-login-7", "Fenna de Wit"


def make_person() -> User:
    return make_staff(LOGIN, first_name="Fenna", last_name="de Wit", email="fenna@example.com")


def fill(connection: Connection, fenna: User) -> None:
    """Let the person ask for, write, assign and finish something of everything."""
    now = timezone.now()
    first, second = Proposal.objects.filter(status="open").order_by("pk")[:2]
    common = {"connection": connection, "proposal": first}
    question = Activity.objects.create(
        **common, kind="commented", person="Kees", happened_at=now, key="q", read_at=now, read_by=fenna
    )
    CommentState.objects.create(activity=question, assigned_to=fenna, assigned_by=fenna, assigned_at=now)
    FollowUp.objects.create(**common, assigned_to=fenna, due_at=now, note="Bel")
    FollowUp.objects.create(**common, assigned_to=fenna, due_at=now, note="Bel", done_at=now, done_by=fenna)
    SavedView.objects.create(user=fenna, name="Grote open", query="status=open", is_shared=True)
    Draft.objects.create(connection=connection, created_by=fenna, saved_by=fenna, saved_at=now, key=uuid.uuid4())
    order = {"contacts": [], "send_method": "offorte", "send_message": "Dag", "seen": []}
    for proposal, decided in ((first, {}), (second, {"state": "refused", "decided_by": fenna, "decided_at": now})):
        Approval.objects.create(proposal=proposal, requested_by=fenna, order=order, key=uuid.uuid4(), **decided)
    asked = {"requested_by": fenna, "requested_by_name": name_of(fenna)}
    Operation.objects.create(connection=connection, verb="change", target="proposals", remote_id=1, **asked)
    Job.objects.create(action="proposals.mark_won", key=uuid.uuid4(), **asked)
    Export.objects.create(sheet="companies", format="csv", state="done", **asked)
    SyncRun.objects.update(requested_by=fenna)
    Connection.objects.update(connected_by=fenna)
    LogEntry.objects.log_actions(fenna.pk, User.objects.filter(pk=fenna.pk), CHANGE, "x", single_object=True)


def other_pages(fenna: User) -> list[str]:
    return [
        reverse("inbox") + "?who=team&state=read",
        reverse("followups") + "?who=team",
        reverse("followups") + "?who=team&state=done",
        reverse("admin:proposals_proposal_changelist"),
        reverse("admin:auth_user_links"),
        reverse("admin:auth_user_history", args=[fenna.pk]),
        reverse("admin:auth_user_delete", args=[fenna.pk]),
        *(
            form_url(row, "change")
            for row in (Connection.objects.get(), *Proposal.objects.filter(status="open").order_by("pk")[:2])
        ),
        *(reverse(name) for name in ("compose_drafts", "account_sessions", "mfa_index")),
    ]


def test_no_page_shows_a_login_in_place_of_a_name(mirror: Mirror) -> None:
    connection = mirror()
    fenna = make_person()
    fill(connection, fenna)
    client = Client()
    client.force_login(make_staff("boss", first_name="Bas", last_name="Smit"))
    seen = {url: client.get(url, follow=True) for url in (*find_pages(), *other_pages(fenna))}
    assert {url: page.status_code for url, page in seen.items() if page.status_code != 200} == {}
    pages = {url: page.content.decode() for url, page in seen.items()}
    form = form_url(fenna, "change")  # where the login is a field
    assert [url for url, page in pages.items() if LOGIN in page and url != form] == []
    assert len([url for url, page in pages.items() if NAME in page]) > 15
    own = Client()
    own.force_login(fenna)
    assert LOGIN not in own.get("/").content.decode()


def test_a_person_without_a_name_is_shown_by_address_then_login() -> None:
    assert shown_name(make_person()) == NAME
    assert str(make_staff("kim", email="kim@example.com")) == "kim@example.com"
    nameless = make_staff("kim2", email="")
    assert str(nameless) == with_login(nameless) == "kim2"
    assert with_login(User.objects.get(username=LOGIN)) == f"{NAME} ({LOGIN})"


def test_who_disconnected_an_account_is_named(mirror: Mirror) -> None:
    connection = mirror("companies")
    connecting.disconnect(connection, by=make_person(), keep_mirror=True)
    assert NAME in put_into_words(connection.state_reason)


def test_the_security_log_has_the_name_and_below_it_the_login() -> None:
    fenna = make_person()
    client = Client()
    client.force_login(fenna)
    SecurityEvent.objects.create(
        kind=Kind.SIGNED_OUT, by=fenna, by_name=LOGIN, happened_at=timezone.now() - timedelta(hours=1)
    )
    list_page = client.get("/staff/securityevent/?q=Fenna").content.decode()
    page = client.get(f"/staff/securityevent/{SecurityEvent.objects.latest('pk').pk}/change/").content.decode()
    for text in (list_page, page):
        assert f'{NAME}<span class="cell-sub">{LOGIN}</span>' in text
