"""Team notes and follow-ups on a proposal’s page keep what is being typed."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from offorte_portal.tracking.models import Note
from proposals.models import Proposal
from tests.support.factories import make_company, make_proposal, make_staff

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def boss(sign_in: Callable[[User], None]) -> User:
    user = make_staff("boss", first_name="Bo", last_name="de Boer")
    sign_in(user)
    return user


@pytest.fixture
def proposal(boss: User) -> Proposal:
    return make_proposal(name="Dakkapel", company_name="De Vries", company=make_company(), details_as_of=timezone.now())


def record(live_server: LiveServer, proposal: Proposal) -> str:
    return f"{live_server.url}/proposals/proposal/{proposal.pk}/change/"


def test_what_was_typed_comes_back_until_it_is_saved(page: Page, live_server: LiveServer, proposal: Proposal) -> None:
    page.goto(record(live_server, proposal))
    page.get_by_label("New note").fill("Halverwege")
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('draft:note:proposals:'))")
    page.reload()
    expect(page.get_by_label("New note")).to_have_value("Halverwege")
    expect(page.get_by_text("What you typed earlier is back.")).to_be_visible()
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_label("New note")).to_have_value("")
    expect(page.get_by_text("What you typed earlier is back.")).to_be_hidden()
    assert Note.objects.get().text == "Halverwege"


def test_details_that_arrive_leave_what_is_being_typed(page: Page, live_server: LiveServer, proposal: Proposal) -> None:
    page.goto(record(live_server, proposal))
    page.get_by_label("New note").fill("Halverwege")
    page.get_by_label("What to do").fill("Bellen")
    page.evaluate("document.querySelector('main h1').dataset.old = 'yes'")
    whole = "{target: '#content-start', select: '#content-start', swap: 'outerHTML'}"
    page.evaluate(f"htmx.ajax('GET', location.pathname, {whole})")
    expect(page.locator("main h1[data-old]")).to_have_count(0)
    expect(page.get_by_label("New note")).to_have_value("Halverwege")
    expect(page.get_by_label("What to do")).to_have_value("Bellen")
