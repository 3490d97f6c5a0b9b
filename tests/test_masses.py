"""The rows of the benches are rows that the portal can show."""

import pytest
from django.test import Client

from offorte_portal.models import Connection
from proposals.models import Proposal
from tests.masses import fill_proposals
from tests.support.factories import make_connection, make_staff


@pytest.mark.django_db
def test_many_proposals_are_listed(client: Client) -> None:
    connection: Connection = make_connection()
    fill_proposals(connection, 200)
    assert Proposal.objects.count() == 200
    client.force_login(make_staff())
    assert "200" in client.get("/proposals/proposal/").content.decode()
