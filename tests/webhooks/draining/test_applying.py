"""An event changes the mirror, and its object is confirmed by one request."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.pricing import PriceRow, PriceTable
from offorte_portal.sync.models import SyncRun
from offorte_portal.webhooks.models import WebhookEvent
from offorte_portal.webhooks.reasons import EventReason
from proposals.models import Comment, Proposal
from tests.support.factories import make_company, make_person, make_proposal
from tests.webhooks.posting import drain, now, paths, post, states

pytestmark = pytest.mark.django_db(transaction=True)


LONG_AGO = timezone.now() - timedelta(days=30)


def test_an_event_changes_the_mirror_before_offorte_is_asked(connection: Connection, simulator: Simulator) -> None:
    company = make_company(connection, remote_id=1001, as_of=LONG_AGO)
    simulator.faults.add(Fault("unavailable_503_html", times=9))
    post(connection, "company_updated", {"id": "1001", "name": "Nieuw"}, now())
    drain(connection)
    company.refresh_from_db()
    assert company.name == "Nieuw"
    assert states() == {"applied": 1}


@pytest.mark.parametrize("times", [1, 100])
def test_many_events_of_an_object_are_confirmed_by_one_request(
    connection: Connection, simulator: Simulator, account: Account, times: int
) -> None:
    for number in range(times):
        post(connection, "company_updated", {"id": 1001, "name": f"A{number}"}, now())
    drain(connection)
    assert paths(simulator) == ["/companies/1001/"]
    assert Company.objects.get(remote_id=1001).name == account.companies[1001]["name"]
    assert states() == {"done": times}


def test_people_are_confirmed_by_their_company(connection: Connection, simulator: Simulator, account: Account) -> None:
    company = next(id for id, people in account.people_of.items() if len(people) > 1)
    for person in account.people_of[company]:
        post(connection, "company_contact_updated", {"id": person, "company_id": company, "fullname": "X"}, now())
    post(connection, "company_updated", {"id": company}, now())
    drain(connection)
    assert paths(simulator) == [f"/companies/{company}/"]
    for person in account.people_of[company]:
        row = Person.objects.get(remote_id=person)
        assert row.fullname == account.people[person]["fullname"]
        assert row.company is not None
        assert row.company.remote_id == company


def test_a_deletion_waits_for_its_confirmation(connection: Connection, simulator: Simulator, account: Account) -> None:
    make_company(connection, remote_id=1001, as_of=LONG_AGO)
    post(connection, "company_deleted", {"id": 1001}, now())
    drain(connection, make_client=refuse)
    assert Company.objects.present().exists()
    WebhookEvent.objects.update(retry_at=None)
    drain(connection)
    assert Company.objects.present().exists()  # Offorte has it
    account.delete_company(1001)
    post(connection, "company_deleted", {"id": 1001, "name": "again"}, now())
    drain(connection)
    assert not Company.objects.present().exists()
    assert list(WebhookEvent.objects.values_list("result", flat=True)) == [
        EventReason.REMOVED(),
        EventReason.CONFIRMED(),
    ]


def refuse(connection: Connection) -> Any:
    raise RuntimeError("no client here")


def test_a_deleted_person_is_asked_for_a_hidden_proposal_hidden(
    connection: Connection, simulator: Simulator, account: Account
) -> None:
    company = next(id for id, people in account.people_of.items() if people)
    person = account.people_of[company][0]
    row = make_person(connection, remote_id=person, company_remote_id=company, as_of=LONG_AGO)
    proposal = make_proposal(connection, remote_id=1002, as_of=LONG_AGO)
    account.delete_person(person)
    account.hide("proposal", 1002)
    post(connection, "company_contact_deleted", {"id": person}, now())
    post(connection, "proposal_viewed", {"id": 1002}, now())
    drain(connection)
    row.refresh_from_db()
    proposal.refresh_from_db()
    assert row.removed_at is not None
    assert proposal.is_hidden
    expected = [f"/companies/{company}/", f"/companies/{company}/people/{person}/", "/proposals/1002/details/"]
    assert paths(simulator) == expected


def test_what_went_with_its_company_is_not_asked_for(
    connection: Connection, simulator: Simulator, account: Account
) -> None:
    company = next(id for id, people in account.people_of.items() if people)
    people = list(account.people_of[company])
    parent = make_company(connection, remote_id=company, as_of=LONG_AGO)
    for person in people:
        make_person(connection, remote_id=person, company=parent, company_remote_id=company, as_of=LONG_AGO)
    account.delete_company(company)
    post(connection, "company_deleted", {"id": company}, now())
    for person in people:
        post(connection, "company_contact_deleted", {"id": person, "company_id": company}, now())
    drain(connection)
    assert paths(simulator) == [f"/companies/{company}/"]
    assert not Person.objects.present().exists()
    assert set(states()) == {"done"}


def test_a_person_who_moved_is_confirmed_where_they_are(
    connection: Connection, simulator: Simulator, account: Account
) -> None:
    person, home = next((id, one["company_id"]) for id, one in account.people.items())
    other = next(id for id in account.companies if id != home)
    post(connection, "company_contact_updated", {"id": person, "company_id": home}, now())
    post(connection, "company_contact_updated", {"id": person, "company_id": other}, now() - timedelta(hours=1))
    drain(connection)
    assert Person.objects.get(remote_id=person).removed_at is None
    assert not any("people" in path for path in paths(simulator))
    assert states() == {"done": 2}


def test_a_person_without_a_company_has_the_companies_read(connection: Connection, simulator: Simulator) -> None:
    post(connection, "company_contact_created", {"id": 77, "fullname": "Chuck Norris"}, now())
    drain(connection)
    assert Person.objects.get(remote_id=77).fullname == "Chuck Norris"
    assert SyncRun.objects.get().only == ["companies"]
    assert WebhookEvent.objects.get().result == EventReason.UNRESOLVED()
    assert paths(simulator) == []


def test_an_unknown_proposal_comes_with_its_company_and_version(
    connection: Connection, simulator: Simulator, account: Account
) -> None:
    proposal = account.create_proposal(1001, name="Nieuw dak")["id"]
    make_company(connection, remote_id=1001)
    post(connection, "proposal_created", account.render_proposal_details(proposal), now())
    drain(connection)
    row = Proposal.objects.get(remote_id=proposal)
    assert row.company is not None
    assert (row.company.remote_id, row.version_id) == (1001, account.proposals[proposal]["version_id"])
    assert row.details_fingerprint == row.fingerprint != ""
    post(connection, "proposal_viewed", account.render_proposal_details(proposal), now())
    drain(connection)
    assert paths(simulator) == ["/proposals/edit", *[f"/proposals/{proposal}/details/"] * 2]


@pytest.mark.parametrize("name", ["", "\N{NO-BREAK SPACE}"])
def test_a_proposal_with_a_blank_name_gets_them_too(connection: Connection, account: Account, name: str) -> None:
    proposal = account.create_proposal(1001)["id"]
    account.proposals[proposal]["name"] = name
    post(connection, "proposal_created", {"id": proposal, "name": name, "status": "edit"}, now())
    drain(connection)
    row = Proposal.objects.get(remote_id=proposal)
    assert (row.name, row.company_remote_id) == (name, 1001)
    assert row.version_id == account.proposals[proposal]["version_id"]
    assert states() == {"done": 1}


def test_a_version_that_details_brought_earlier_is_known(connection: Connection, account: Account) -> None:
    proposal = account.create_proposal(1001, name="Dak")["id"]
    viewed = account.render_proposal_details(proposal)
    post(connection, "proposal_created", viewed, now())
    drain(connection)
    account.update_proposal(proposal, pricetables=[PriceTable("pricetable1", [PriceRow("price", "Goot")])])
    # An earlier event has the details read, so that the one that tells of the tables finds them there already.
    post(connection, "proposal_viewed", viewed, LONG_AGO)
    drain(connection)
    post(connection, "proposal_details_updated", account.render_proposal_details(proposal), now())
    drain(connection)
    assert Proposal.objects.get(remote_id=proposal).version_id == account.proposals[proposal]["version_id"]


def test_a_proposal_that_is_lost_may_be_closed(connection: Connection, account: Account) -> None:
    make_proposal(connection, remote_id=1001, as_of=LONG_AGO)
    account.update_proposal(1001, status="closed")
    post(connection, "proposal_lost", {"id": 1001}, now())
    drain(connection)
    assert Proposal.objects.get(remote_id=1001).status == "closed"


def test_a_comment_is_there_with_the_event(connection: Connection, account: Account) -> None:
    text = "<script>alert(1)</script>" + "x" * 900_000
    account.comment(1001, "Chuck Norris", text)
    post(connection, "proposal_comment_received", account.render_proposal_details(1001), now())
    drain(connection, make_client=refuse)
    assert text in Comment.objects.values_list("comment", flat=True)
