"""What becomes of a send while Offorte is away, forgets its answer or has lost what is to be sent."""

import pytest
from django.test import Client

from contacts.models import Person
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.writes import draining
from offorte_portal.writes.models import Operation
from proposals.models import EmailTemplate, Proposal
from tests.compose.composing import told
from tests.compose.pages.sending.steps import confirm, preview

pytestmark = pytest.mark.django_db
State = Operation.State


def test_while_offorte_is_away_it_waits_and_is_not_sent_twice(client: Client, url: str, simulator: Simulator) -> None:
    page = preview(client, url)
    simulator.faults.add(Fault("unavailable_503_html", times=None))
    done = confirm(client, url, page)
    assert any("waiting to be sent" in text for text in told(done))
    assert any("already queued to be sent" in text for text in told(client.get(url, follow=True)))
    assert simulator.sent_mails == []


def test_with_a_broken_token_it_is_sent_after_the_reconnect(
    client: Client, url: str, simulator: Simulator, proposal: Proposal
) -> None:
    page, remote = preview(client, url), simulator.account("bouw")
    remote.revoke_tokens()
    done = confirm(client, url, page)
    assert any("waiting to be sent" in text for text in told(done))
    assert any("already queued to be sent" in text for text in told(confirm(client, url, page)))
    assert simulator.sent_mails == []
    token = remote.issue_token()
    account = Connection.objects.get(pk=proposal.connection_id)
    account.access_token, account.refresh_token = token["access_token"], token["refresh_token"]
    account.state = Connection.State.CONNECTED
    account.save()
    for _time in range(3):
        draining.drain(account.pk)
    assert Operation.objects.get(verb="send").state == State.DONE
    assert len(simulator.sent_mails) == 1


def test_an_answer_that_was_lost_has_to_be_settled_first(client: Client, url: str, simulator: Simulator) -> None:
    page = preview(client, url)
    simulator.faults.add(Fault("drop_after", method="POST"))
    confirm(client, url, page)
    assert Operation.objects.get(verb="send").state == State.UNKNOWN
    assert any("don’t know whether" in text for text in told(client.get(url, follow=True)))
    assert len(simulator.sent_mails) == 1


def test_a_template_that_is_deleted_meanwhile_sends_nothing(
    client: Client, url: str, simulator: Simulator, proposal: Proposal
) -> None:
    template = EmailTemplate.objects.filter(connection=proposal.connection_id).order_by("pk")[0]
    page = preview(client, url, words="template", send_message_id=str(template.remote_id))
    del simulator.account("bouw").email_templates[template.remote_id]
    answer = confirm(client, url, page)
    assert answer.context["form"].non_field_errors() or told(answer)
    assert simulator.sent_mails == []


def test_a_company_deleted_meanwhile_keeps_it_from_being_sent(
    client: Client,
    url: str,
    simulator: Simulator,
    person: Person,
) -> None:
    page = preview(client, url)
    simulator.account("bouw").people.pop(person.remote_id)
    answer = confirm(client, url, page)
    text = " ".join(answer.context["form"].non_field_errors())
    assert f"{person.remote_id} is not a contact of the company" in text
    assert simulator.sent_mails == []
