"""A click whose answer takes long: the page waits instead of the web process, and shows what would have come."""

import tempfile
import threading
import time
import uuid
from collections.abc import Callable

import pytest
from django.db import connections
from django.test import Client, RequestFactory
from pytest_django import Settings

from contacts.models import Company
from offorte_portal.connections import patience
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.sync.refreshing import refresh
from offorte_portal.waiting import pages
from offorte_portal.waiting.models import HeldAnswer
from offorte_portal.waiting.pool import MOST_QUEUED, THREADS, Pool
from offorte_portal.writes import draining
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.support.forms import filled, form_url
from tests.waiting.asking import SLOW, await_answer, is_waiting

pytestmark = pytest.mark.django_db(transaction=True)


Mirror = Callable[..., Connection]


def test_a_quick_answer_is_the_same_as_ever(client: Client, mirror: Mirror, settings: Settings) -> None:
    settings.ANSWER_WITHIN = 30  # whatever else the machine does
    mirror("companies")
    url = form_url(Company.objects.order_by("pk")[0])

    answer = client.post(url, filled(client.get(url)) | {"phone": "0612345678"})

    assert answer.status_code == 302
    assert not HeldAnswer.objects.exists()
    assert Operation.objects.get().state == Operation.State.DONE


def test_a_slow_one_is_shown_when_it_is_there(client: Client, mirror: Mirror, simulator: Simulator) -> None:
    mirror("companies")
    company = Company.objects.order_by("pk")[0]
    url = form_url(company)
    form = filled(client.get(url)) | {"phone": "0612345678"}
    simulator.faults.add(Fault("slow", times=None, seconds=60))

    began = time.monotonic()
    answer = client.post(url, form)
    assert time.monotonic() - began < 30
    assert is_waiting(answer)
    page = client.get(answer["Location"])
    assert "Saving…" in page.content.decode()
    assert 'role="status"' in page.content.decode()

    simulator.faults.be_quick()
    shown = await_answer(client, answer["Location"])
    assert shown.status_code == 302
    assert shown["Location"] == f"/contacts/company/{company.pk}/change/"
    assert "was saved in Offorte" in client.get(shown["Location"]).content.decode()
    assert len([one for one in simulator.requests if one.method in {"PATCH", "PUT", "POST"}]) == 1


def test_without_a_file_to_lock_clicks_go_on(
    client: Client, mirror: Mirror, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disk without room, or where the file is another account's."""
    mirror("companies")
    url = form_url(Company.objects.order_by("pk")[0])
    form = filled(client.get(url)) | {"phone": "0612345678"}
    simulator.faults.add(Fault("slow", times=None, seconds=60))
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")

    answer = client.post(url, form)
    assert is_waiting(answer)

    simulator.faults.be_quick()
    assert await_answer(client, answer["Location"]).status_code == 302


def test_a_refusal_comes_back_at_the_form_with_what_was_typed(
    client: Client, mirror: Mirror, simulator: Simulator
) -> None:
    mirror("companies")
    url = form_url(Company.objects.order_by("pk")[0])
    form = filled(client.get(url)) | {"phone": "0612345678"}
    simulator.faults.add(Fault("slow", method="GET", seconds=60))
    simulator.faults.add(Fault("status", method="PATCH", status=422))
    simulator.faults.add(Fault("status", method="PUT", status=422))

    answer = client.post(url, form)
    assert is_waiting(answer)
    simulator.faults.be_quick()
    shown = await_answer(client, answer["Location"])

    text = shown.content.decode()
    assert shown.status_code == 200
    assert "0612345678" in text
    assert "A scripted answer." in text
    assert not HeldAnswer.objects.exists(), "what was shown is deleted"
    assert "no longer available" in client.get(answer["Location"]).content.decode()


def test_reloading_while_it_works_asks_nothing_again(client: Client, mirror: Mirror, simulator: Simulator) -> None:
    connection = mirror("companies")
    url = f"/contacts/company/add/?account={connection.pk}"
    form = filled(client.get(url)) | {"name": "Bakkerij Vos"}
    simulator.faults.add(Fault("slow", times=None, seconds=60))

    first = client.post(url, form)
    second = client.post(url, form)
    for answer in (first, second):
        assert is_waiting(answer)
    assert client.get(second["Location"]).status_code == 200
    simulator.faults.be_quick()
    for answer in (first, second):
        await_answer(client, answer["Location"])

    names = [record["name"] for record in simulator.account("bouw").companies.values()]
    assert names.count("Bakkerij Vos") == 1


def test_htmx_is_given_an_element_that_waits(client: Client, mirror: Mirror, simulator: Simulator) -> None:
    mirror("proposals")
    proposal = Proposal.objects.order_by("pk")[0]
    simulator.faults.add(Fault("slow", times=None, seconds=60))
    headers = {"HX-Request": "true"}

    answer = client.post(f"/sync/proposals/{proposal.pk}/refresh/", headers=headers)
    assert is_waiting(answer)
    element = client.get(answer["Location"], headers=headers)
    assert element["HX-Retarget"] == "#refresh-outcome"
    assert "Refreshing…" in element.content.decode()

    simulator.faults.be_quick()
    until = time.monotonic() + 30
    poll = f"{answer['Location']}&asked_by=element"
    while (shown := client.get(poll, headers=headers)).status_code == 204 and time.monotonic() < until:
        time.sleep(0.1)
    assert shown.status_code == 302
    assert shown["Location"] == f"/proposals/proposal/{proposal.pk}/change/"


def test_a_row_of_a_list_waits_in_its_place(client: Client, mirror: Mirror, simulator: Simulator) -> None:
    mirror("proposals")
    proposal = Proposal.objects.filter(status="open").order_by("pk")[0]
    simulator.faults.add(Fault("slow", times=None, seconds=60))
    headers = {"HX-Request": "true"}

    answer = client.post(f"/home/calls/{proposal.pk}/won/", {"key": str(uuid.uuid4())}, headers=headers)
    assert is_waiting(answer)
    element = client.get(answer["Location"], headers=headers)
    assert element["HX-Retarget"] == f"#call-{proposal.pk}"
    assert f'<li id="call-{proposal.pk}"' in element.content.decode()
    assert 'hx-target="this"' in element.content.decode()

    simulator.faults.be_quick()
    until = time.monotonic() + 30
    poll = f"{answer['Location']}&asked_by=element"
    while (shown := client.get(poll, headers=headers)).status_code == 204 and time.monotonic() < until:
        time.sleep(0.1)
    assert "Won: " in shown.content.decode()


def test_one_slow_click_and_the_next_is_not_waited_for(pool: Pool) -> None:
    pool.note("send", is_slow=True)
    assert pool.is_slow("send")
    assert not pool.is_slow("refresh")
    pool.note("send", is_slow=False)
    assert not pool.is_slow("send")


def test_without_a_free_thread_writes_are_the_workers(
    client: Client, mirror: Mirror, simulator: Simulator, pool: Pool
) -> None:
    mirror("companies")
    url = form_url(Company.objects.order_by("pk")[0])
    form = filled(client.get(url)) | {"phone": "0612345678"}
    pool._under_way = THREADS

    answer = client.post(url, form, follow=True)

    assert "waiting to be sent" in answer.content.decode()
    assert not simulator.requests
    operation = Operation.objects.get()
    assert operation.state == Operation.State.WAITING
    draining.drain(operation.connection_id)
    operation.refresh_from_db()
    assert operation.state == Operation.State.DONE


def test_without_room_to_wait_a_read_is_turned_away_in_words(
    client: Client, mirror: Mirror, simulator: Simulator, pool: Pool
) -> None:
    mirror("proposals")
    url = f"/sync/proposals/{Proposal.objects.order_by('pk')[0].pk}/refresh/"
    pool._under_way = THREADS + MOST_QUEUED

    page = client.post(url, headers={"accept-language": "nl"})
    assert (page.status_code, page["Retry-After"]) == (503, "10")
    assert "Te veel mensen wachten" in page.content.decode()
    assert "Content-Security-Policy" in page
    part = client.post(url, headers={"HX-Request": "true"})
    assert part.status_code == 503
    assert "Too many people are waiting" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert not simulator.requests


def test_where_nobody_may_wait_a_proposal_is_not_asked_for(mirror: Mirror, simulator: Simulator) -> None:
    mirror("proposals")
    with patience.without_waiting(), pytest.raises(Exception, match="too_many_waiting"):
        refresh(Proposal.objects.order_by("pk")[0])
    assert not simulator.requests


def test_several_people_who_refresh_share_one_request(mirror: Mirror, simulator: Simulator) -> None:
    mirror("proposals")
    proposal = Proposal.objects.order_by("pk")[0]
    simulator.faults.add(Fault("slow", times=None, seconds=SLOW))
    together = [threading.Thread(target=_refresh, args=(proposal.pk,)) for _ in range(3)]

    for thread in together:
        thread.start()
    for thread in together:
        thread.join()

    assert len(simulator.requests) == 1
    proposal.refresh_from_db()
    assert proposal.details_as_of is not None


def _refresh(pk: int) -> None:

    refresh(Proposal.objects.get(pk=pk))
    connections.close_all()


def test_no_page_has_a_code_in_its_address() -> None:
    ticket = HeldAnswer().ticket
    asked = RequestFactory().get("/offorte/bouw/callback/?code=secret&state=1")
    assert pages.address(asked, ticket) == f"/offorte/bouw/callback/?waiting={ticket}"
    posted = RequestFactory().post("/contacts/company/add/?account=1&waiting=old")
    assert pages.address(posted, ticket) == f"/contacts/company/add/?account=1&waiting={ticket}"
