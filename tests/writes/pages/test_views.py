"""What a person asks of a write: again, not at all, what became of it, back. Only by POST, only who may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.faults import Fault
from offorte_portal.writes import asking, performing
from offorte_portal.writes.models import Operation
from tests.support.bulk import make_member, sign_in
from tests.support.factories import link, make_company, make_proposal, make_staff

pytestmark = pytest.mark.django_db

State = Operation.State
ASKS = ("cancel", "retry", "look", "decide", "undo")


@pytest.fixture
def account(connect: Callable[..., Connection]) -> Connection:
    return connect()


@pytest.fixture
def manager(account: Connection) -> User:
    return make_member("Manager", "mia")


@pytest.fixture
def client(manager: User) -> Client:
    return sign_in(manager)


@pytest.fixture
def company(account: Connection, simulator: Simulator) -> Company:
    """A company that is called Oud here and at Offorte."""
    made = simulator.account("bouw").create_company(name="Oud")
    return make_company(account, name="Oud", remote_id=made["id"], city="")


def rename(by: User, company: Company, name: str = "Nieuw") -> Operation:
    return asking.request(
        connection=company.connection,
        verb=Operation.Verb.CHANGE,
        target="companies",
        remote_id=company.remote_id,
        draft={"name": name},
        before={"name": company.name},
        label=company.name,
        by=by,
    )


def create(by: User, connection: Connection, name: str) -> Operation:
    return asking.request(
        connection=connection, verb=Operation.Verb.CREATE, target="companies", draft={"name": name}, label=name, by=by
    )


def ask(client: Client, what: str, operation: Operation, **data: str) -> str:
    """Ask something of a write; answer the page that one ends on, and read the write anew."""
    response = client.post(reverse(f"operation_{what}", args=[operation.pk]), data, follow=True)
    assert response.status_code == 200
    operation.refresh_from_db()
    return str(response.content.decode())


@pytest.mark.parametrize("what", ASKS)
def test_nothing_happens_but_by_post_and_for_those_who_may(
    manager: User, company: Company, simulator: Simulator, what: str
) -> None:
    operation = rename(manager, company)
    before = Operation.objects.values().get()
    url = reverse(f"operation_{what}", args=[operation.pk])
    assert sign_in(manager).get(url).status_code == 405
    others = make_member("Seller", "sam")
    for stranger in (others, make_member("Viewer", "vic"), make_staff("none", is_superuser=False)):
        assert sign_in(stranger).post(url).status_code == 403
    assert Operation.objects.values().get() == before
    assert simulator.requests == []
    assert sign_in(manager).post(reverse(f"operation_{what}", args=[operation.pk + 99])).status_code == 404


def test_one_s_own_write_needs_the_permission_for_it_still(account: Connection, company: Company) -> None:
    user = make_member("Manager", "max")
    operation = rename(user, company)
    client = sign_in(user)
    user.groups.clear()
    assert client.post(reverse("operation_cancel", args=[operation.pk])).status_code == 403
    operation.refresh_from_db()
    assert operation.state == State.WAITING


def test_a_seller_does_nothing_with_what_is_out_of_their_scope(account: Connection) -> None:
    seller = make_member("Seller", "sam")
    proposal = make_proposal(account, owner_email="piet@example.com")
    operation = asking.request(
        connection=account, verb=Operation.Verb.CHANGE, target="proposals", remote_id=proposal.remote_id,
        draft={"status": "won"}, by=seller,
    )  # fmt: skip
    assert sign_in(seller).post(reverse("operation_cancel", args=[operation.pk])).status_code == 403
    proposal.owner_remote_id = link(seller, account).remote_id
    proposal.save()
    assert sign_in(seller).post(reverse("operation_cancel", args=[operation.pk])).status_code == 302


def test_what_waits_can_be_left_and_asked_for_again(client: Client, manager: User, company: Company) -> None:
    operation = rename(manager, company)
    assert "This won’t be sent to Offorte" in ask(client, "cancel", operation)
    assert operation.state == State.CANCELLED
    assert "Too late to cancel" in ask(client, "cancel", operation)
    assert "sent again as soon as" in ask(client, "retry", operation)
    assert operation.state == State.WAITING
    assert "There’s nothing to retry." in ask(client, "retry", operation)


def test_what_was_changed_is_put_back(client: Client, manager: User, company: Company) -> None:
    operation = performing.perform(rename(manager, company))
    company.refresh_from_db()
    assert company.name == "Nieuw"
    assert "Undone. The previous values are back in Offorte." in ask(client, "undo", operation)
    company.refresh_from_db()
    assert company.name == "Oud"
    assert operation.state == State.UNDONE
    assert "This can’t be undone." in ask(client, "undo", operation)


def test_what_was_changed_since_is_left_alone(
    client: Client, manager: User, company: Company, simulator: Simulator
) -> None:
    operation = performing.perform(rename(manager, company))
    simulator.account("bouw").update_company(company.remote_id, name="Van een ander")
    assert "Not undone: this has been changed in Offorte since." in ask(client, "undo", operation)
    assert operation.state == State.DONE


def test_an_undoing_may_have_to_wait(client: Client, manager: User, company: Company, simulator: Simulator) -> None:
    operation = performing.perform(rename(manager, company))
    simulator.faults.add(Fault("status", status=503, times=None))
    assert "The undo is waiting to be sent." in ask(client, "undo", operation)


def test_what_offorte_does_not_take_back_is_told(
    client: Client, manager: User, company: Company, simulator: Simulator
) -> None:
    operation = performing.perform(rename(manager, company))
    simulator.faults.add(Fault("status", status=400, method="PATCH"))
    assert "Not undone." in ask(client, "undo", operation)


def lose(operation: Operation) -> Operation:
    """Let it not be known whether this was done."""
    Operation.objects.filter(pk=operation.pk).update(state=State.UNKNOWN, sent_at=timezone.now(), attempts=1)
    operation.refresh_from_db()
    return operation


def test_both_sides_are_shown_and_a_person_decides(
    client: Client, manager: User, account: Connection, simulator: Simulator
) -> None:
    operation = lose(create(manager, account, "Dakwerken BV"))
    made = simulator.account("bouw").create_company(name="Dakwerken BV", city="Breda")
    html = ask(client, "look", operation)
    for text in ("What was requested", "Dakwerken BV", "Breda", f"#{made['id']}", "Yes, this is it"):
        assert text in html
    assert operation.state == State.UNKNOWN
    assert "Choose whether it was done." in ask(client, "decide", operation)
    assert "Choose whether it was done." in ask(client, "decide", operation, verdict="done", remote_id="x")
    assert "Enter the Offorte ID of the right one" in ask(client, "decide", operation, verdict="done")
    assert "The outcome has been saved." in ask(client, "decide", operation, verdict="done", remote_id=str(made["id"]))
    assert (operation.state, operation.remote_id) == (State.DONE, made["id"])
    assert "The outcome is already known." in ask(client, "decide", operation, verdict="absent")
    assert "The outcome is already known." in ask(client, "look", operation)


def test_what_is_not_there_was_not_done(client: Client, manager: User, account: Connection) -> None:
    operation = lose(create(manager, account, "Nergens BV"))
    assert "No match found in Offorte" in ask(client, "look", operation)
    ask(client, "decide", operation, verdict="absent")
    assert operation.state == State.FAILED
    lose(operation)
    assert "sent again as soon as" in ask(client, "decide", operation, verdict="again")
    assert operation.state == State.WAITING


def test_a_mail_is_never_sent_again_by_a_verdict(client: Client, manager: User, account: Connection) -> None:
    proposal = make_proposal(account)
    operation = lose(
        asking.request(
            connection=account, verb=Operation.Verb.SEND, target="proposals", remote_id=proposal.remote_id,
            draft={"send_message": "Beste"}, by=manager,
        )
    )  # fmt: skip
    assert "Choose whether it was done." in ask(client, "decide", operation, verdict="again")
    assert "The outcome has been saved." in ask(client, "decide", operation, verdict="absent")
    assert operation.state == State.FAILED


def test_one_can_not_look_while_offorte_is_away(
    client: Client, manager: User, account: Connection, simulator: Simulator
) -> None:
    operation = lose(create(manager, account, "Nergens BV"))
    simulator.faults.add(Fault("status", status=503, times=None))
    html = ask(client, "look", operation)
    assert "We couldn’t check this in Offorte." in html
    assert operation.state == State.UNKNOWN


def send_lost(by: User, simulator: Simulator, connection: Connection, **draft: str) -> Operation:
    """A send of a proposal at Offorte that was dropped, and that has to be looked for."""
    remote = simulator.account("bouw")
    company = remote.create_company(name="De Vries")
    person = remote.create_person(company["id"], fullname="Anna Bos", firstname="Anna", email="anna@bouw.example")
    made = remote.create_proposal(company["id"], name="Dak", contacts=[person["id"]])
    simulator.faults.add(Fault("drop_before", method="POST"))
    operation = asking.request(
        connection=connection, verb=Operation.Verb.SEND, target="proposals", remote_id=made["id"],
        draft={"send_message": "Beste Anna, hierbij onze offerte."} | draft, by=by,
    )  # fmt: skip
    return performing.perform(operation)


def test_who_decides_about_a_send_sees_what_offorte_holds(
    client: Client, manager: User, account: Connection, simulator: Simulator
) -> None:
    operation = send_lost(manager, simulator, account)
    remote = simulator.account("bouw")
    colleague = list(remote.users)[1]
    remote.send_proposal(operation.remote_id or 0, message="<b>Ter info</b>", by=colleague)
    html = ask(client, "look", operation)
    for text in (
        "Was it sent?", "Status: Open", "possible match", "Anna Bos &lt;anna@bouw.example&gt;",
        remote.user_name(colleague), "&lt;b&gt;Ter info", "Proposal history", "It was sent", "It wasn’t sent",
    ):  # fmt: skip
        assert text in html, text
    assert "Yes, this is it" not in html
    assert "proposalpass" not in html
    ask(client, "decide", operation, verdict="done")
    assert operation.state == State.DONE


@pytest.mark.parametrize(
    ("fault", "text"),
    [("null_field", "Offorte didn’t say which e-mails it sent."), ("", "Offorte has no e-mails for this proposal.")],
)
def test_mails_that_are_not_told_are_not_none(
    client: Client, manager: User, account: Connection, simulator: Simulator, fault: Any, text: str
) -> None:
    operation = send_lost(manager, simulator, account)
    if fault:
        simulator.faults.add(Fault(fault, method="GET", name="emails", times=None))
    html = ask(client, "look", operation)
    assert text in html
    assert "Status: In edit" in html


def test_a_send_by_oneself_says_that_nobody_is_mailed(
    client: Client, manager: User, account: Connection, simulator: Simulator
) -> None:
    operation = send_lost(manager, simulator, account, send_method="self")
    html = ask(client, "look", operation)
    assert "This doesn’t e-mail anyone" in html
    ask(client, "decide", operation, verdict="absent")
    assert operation.state == State.FAILED
