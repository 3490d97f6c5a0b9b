"""Who may send a proposal, is offered to, and sees the links afterwards."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from offorte_portal.simulator import Simulator
from proposals.models import Proposal
from tests.compose.pages.sending.steps import confirm, preview
from tests.support.bulk import sign_in
from tests.support.factories import make_staff
from tests.support.fixtures import member
from tests.support.forms import writes_of

pytestmark = pytest.mark.django_db


def test_only_whose_proposal_it_is_may_send_it(url: str, proposal: Proposal, simulator: Simulator) -> None:
    for user in (member("Viewer", "vera"), member("Seller", "pim")):
        other = sign_in(user)
        assert {other.get(url).status_code, other.post(url, {"confirm": "1"}).status_code} == {403}
        assert other.get(f"{url}links/").status_code == 403
    assert writes_of(simulator) == []
    Proposal.objects.update(is_hidden=True)
    assert sign_in(make_staff()).get(url).status_code == 404


def test_the_proposals_page_offers_to_send(client: Client, url: str, proposal: Proposal) -> None:
    page = f"/proposals/proposal/{proposal.pk}/change/"
    assert f'href="{url}"' in client.get(page).content.decode()
    assert f'href="{url}"' not in sign_in(member("Viewer", "vera")).get(page).content.decode()
    Proposal.objects.update(status="won")
    assert f'href="{url}"' not in client.get(page).content.decode()


def permissions(*names: str) -> list[Any]:
    return list(Group.objects.get(name="Manager").permissions.filter(codename__in=names))


def test_afterwards_the_links_can_be_copied(client: Client, url: str, proposal: Proposal) -> None:
    page = confirm(client, url, preview(client, url))
    link = proposal.receivers.get().sent_link
    assert "proposalpass" in link
    assert f'data-copy="{link}"' in page.content.decode()
    viewer = member("Viewer", "vera")
    viewer.user_permissions.add(*permissions("send_proposal", "change_others_proposals"))
    text = sign_in(viewer).get(f"{url}links/").content.decode()
    assert link not in text
    assert "You don’t have permission to see the links." in text


def test_another_seller_sees_no_link_on_the_proposal_either(client: Client, url: str, proposal: Proposal) -> None:
    confirm(client, url, preview(client, url))
    link = proposal.receivers.get().sent_link
    page = f"/proposals/proposal/{proposal.pk}/change/"
    assert link in client.get(page).content.decode()
    assert link not in sign_in(member("Seller", "pim")).get(page).content.decode()
