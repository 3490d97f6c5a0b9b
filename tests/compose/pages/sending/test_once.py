"""A proposal is sent once, unless somebody decides to send it again."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from offorte_portal.simulator import Simulator
from tests.compose.pages.sending.steps import confirm, filled, preview, sends
from tests.support.bulk import sign_in

pytestmark = pytest.mark.django_db


def test_a_second_send_takes_a_decision_of_its_own(client: Client, url: str, simulator: Simulator) -> None:
    confirm(client, url, preview(client, url))
    page = preview(client, url)
    assert page.context["form"].errors["again"]
    assert page.context["earlier"]
    assert len(sends(simulator)) == 1
    page = preview(client, url, again="on", password_reset="on")
    confirm(client, url, page)
    assert [body["password_reset"] for body in sends(simulator)] == [False, True]


def test_a_double_click_the_way_back_and_a_second_tab_send_once(client: Client, url: str, simulator: Simulator) -> None:
    first, second = preview(client, url), preview(client, url)
    confirm(client, url, first)
    confirm(client, url, first)
    answer = confirm(client, url, second)
    assert answer.context["form"].non_field_errors() or answer.context["form"].errors
    assert len(simulator.sent_mails) == 1


def test_a_page_of_before_somebody_else_sent_it_sends_nothing(
    client: Client,
    url: str,
    simulator: Simulator,
    manager: User,
) -> None:
    mine = client.get(url)
    confirm(sign_in(manager), url, preview(sign_in(manager), url))
    assert len(simulator.sent_mails) == 1
    # The form is of before: even with the tick it is not enough.
    data = filled(mine) | {"again": "on", "confirm": "1"}
    page = client.post(url, data)
    assert "after you opened this page" in page.context["form"].non_field_errors()[0]
    assert len(simulator.sent_mails) == 1
