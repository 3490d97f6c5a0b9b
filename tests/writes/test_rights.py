"""Permission is asked again right before anything is sent."""

import pytest
from django.contrib.auth.models import Permission, User

from offorte_portal.writes import control, draining, performing
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from proposals.models import AccountUser, Proposal
from tests.support.factories import link, make_connection, make_staff
from tests.writes.conftest import Desk

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


def grant(person: User, *names: str) -> None:
    """Let the person do just this."""
    person.user_permissions.set(Permission.objects.filter(codename__in=names))


@pytest.mark.parametrize(
    ("verb", "target", "codename"),
    [
        ("create", "companies", "add_company"),
        ("change", "companies", "change_company"),
        ("delete", "companies", "delete_company"),
        ("change", "people", "change_person"),
        ("change", "directories", "change_productdirectory"),
        ("delete", "products", "delete_product"),
        ("create", "proposals", "add_proposal"),
        ("delete", "webhooks", "delete_webhook"),
    ],
)
def test_each_write_has_its_permission(desk: Desk, verb: str, target: str, codename: str) -> None:
    person = make_staff(is_superuser=False)
    draft = {} if verb == "delete" else {"fullname" if target == "people" else "name": "x"}
    options = {"by": person, "remote_id": None if verb == "create" else 987654, "parent_remote_id": 1}
    refused = desk.do(verb, target, draft, **options)
    assert (refused.state, refused.reason) == (State.CANCELLED, WriteReason.NO_PERMISSION())
    assert desk.simulator.requests == []
    grant(person, codename)
    desk.do(verb, target, draft, **options)
    assert len(desk.simulator.requests) == 1


def test_who_left_has_nothing_done(desk: Desk) -> None:
    person = make_staff()
    operation = desk.ask("create", "companies", {"name": "x"}, by=person)
    other = desk.ask("create", "companies", {"name": "y"}, by=make_staff())
    person.is_active = False
    person.save()
    assert other.requested_by is not None
    other.requested_by.delete()
    draining.drain(desk.connection.pk)
    for one in (operation, other):
        one.refresh_from_db()
        assert (one.state, one.reason) == (State.CANCELLED, WriteReason.NO_ACCOUNT())


def test_what_the_portal_does_of_its_own_accord_needs_nobody(desk: Desk) -> None:
    assert desk.do("create", "companies", {"name": "x"}, by=None).state == State.DONE


def test_proposals_of_others_take_more(desk: Desk) -> None:
    desk.simulator.switches.vintage = "live"
    desk.sync()
    proposal = Proposal.objects.exclude(owner_email="").first()
    assert proposal
    seller, other = make_staff(is_superuser=False), make_staff(is_superuser=False, email=proposal.owner_email.upper())
    link(seller, account_user=proposal.owner)
    for person in (seller, other):
        grant(person, "change_proposal")
    draft = {"name": "Dak"}
    assert desk.do("change", "proposals", draft, by=seller, remote_id=proposal.remote_id).state == State.DONE
    assert (
        desk.do("change", "proposals", draft, by=other, remote_id=proposal.remote_id).reason
        == WriteReason.NO_PERMISSION()
    )
    grant(other, "change_proposal", "change_others_proposals")
    assert desk.do("change", "proposals", draft, by=other, remote_id=proposal.remote_id).state == State.DONE
    draft = {"account_user_id": max(desk.account.users)}  # type: ignore[dict-item]
    assert (
        desk.do("change", "proposals", draft, by=other, remote_id=proposal.remote_id).reason
        == WriteReason.MAY_NOT_CHOOSE_OWNER()
    )
    grant(other, "change_proposal", "change_others_proposals", "reassign_proposal")
    assert desk.do("change", "proposals", draft, by=other, remote_id=proposal.remote_id).state == State.DONE


@pytest.mark.parametrize("linked_to", ["nobody", "another account", "this account"])
def test_a_new_proposal_in_anothers_name_takes_more(desk: Desk, linked_to: str) -> None:
    desk.sync()
    own, other = AccountUser.objects.order_by("remote_id")[:2]
    seller = make_staff(is_superuser=False, email=other.email)
    grant(seller, "add_proposal")
    if linked_to == "this account":
        link(seller, account_user=own)
    elif linked_to == "another account":
        link(seller, make_connection("elders"), remote_id=other.remote_id)

    def create(owner: int | None, by: User = seller) -> Operation:
        draft = {"name": "Dak", "company_id": min(desk.account.companies)}
        return desk.do("create", "proposals", draft | ({"account_user_id": owner} if owner else {}), by=by)

    assert create(None).state == State.DONE
    refused = create(other.remote_id)
    assert (refused.state, refused.reason) == (State.CANCELLED, WriteReason.MAY_NOT_CHOOSE_OWNER())
    assert (create(own.remote_id).state == State.DONE) == (linked_to == "this account")
    assert len(desk.written()) == (2 if linked_to == "this account" else 1)
    manager = make_staff(is_superuser=False)
    grant(manager, "add_proposal", "reassign_proposal")
    assert create(other.remote_id, by=manager).state == State.DONE
    assert control.retry(refused, by=manager)
    assert performing.perform(refused).state == State.DONE


def test_what_somebody_else_retries_is_theirs_to_answer_for(desk: Desk) -> None:
    desk.sync()
    owner = AccountUser.objects.order_by("pk")[0]
    draft = {"name": "Dak", "company_id": min(desk.account.companies), "account_user_id": owner.remote_id}
    operation = desk.ask("create", "proposals", draft)
    control.cancel(operation, by=desk.person)
    seller = make_staff(is_superuser=False)
    grant(seller, "add_proposal")
    control.retry(operation, by=seller)
    assert performing.perform(operation).reason == WriteReason.MAY_NOT_CHOOSE_OWNER()
    assert desk.written() == []


def test_a_proposal_that_is_not_mirrored_is_somebody_elses(desk: Desk) -> None:
    proposal, draft = next(iter(desk.account.proposals)), {"name": "Dak"}
    person = make_staff(is_superuser=False)
    grant(person, "change_proposal")
    assert desk.do("change", "proposals", draft, by=person, remote_id=proposal).state == State.CANCELLED
    grant(person, "change_proposal", "change_others_proposals")
    assert desk.do("change", "proposals", draft, by=person, remote_id=proposal).state == State.DONE
