"""Bringing customers and products of another system to Offorte, in a browser."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.jobs.models import Job
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.sources import SourceSimulator
from tests.journeys.steps import check_open_page
from tests.other_systems.moving.conftest import read
from tests.other_systems.sources import connect as connect_source
from tests.support.factories import make_staff
from tests.support.mirrored import mirror_account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_source_to_the_job(
    page: Page,
    live_server: LiveServer,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], None],
    simulator: Simulator,
    connect: Callable[[], Connection],
) -> None:
    account = connect()
    mirror_account(account, simulator)
    company = Company.objects.filter(connection=account).order_by("pk")[0]
    Company.objects.filter(pk=company.pk).update(email="a@havsbris-hotell.example", vat_number="", internet="")
    with SourceSimulator(quotes=4, customers=4, articles=4) as other:
        source = connect_source(other, "cirrus", target=account)
        read(source)
        sign_in(make_staff("anna"))
        page.goto(f"{live_server.url}/other_systems/source/{source.pk}/change/")
        page.get_by_role("link", name="Bring customers and products to Offorte").click()
        check_open_page(page, axe)
        page.get_by_label("Use prices in other currencies").check()
        # Enter shows the preview, and chooses nothing.
        page.get_by_label("Currency of the account").press("Enter")
        expect(page.get_by_role("heading", name="May already be in Offorte")).to_be_visible()
        expect(page.get_by_role("button", name="Reset my choices")).to_have_count(0)
        check_open_page(page, axe)
        page.get_by_role("button", name="Use the existing one").click()
        expect(page.get_by_role("heading", name="May already be in Offorte")).to_have_count(0)
        page.get_by_role("button", name="Create 14 items in Offorte").click()
        expect(page.get_by_role("heading", name="Bring customers and products to Offorte", level=1)).to_be_visible()
        assert Job.objects.get().size == 15
