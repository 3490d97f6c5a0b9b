"""A Dutch seller's whole day, with a worker beside it: in Dutch from signing in to the last report."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import formats, timezone
from django.utils.translation import gettext, override
from django_q.tasks import async_task
from playwright.sync_api import Page, expect
from pytest_django import Settings

from contacts.models import Company
from offorte_portal.activity.models import Activity
from offorte_portal.connections.models import Connection
from offorte_portal.desk.models import ProposalStats
from offorte_portal.runs import schedules
from offorte_portal.simulator import Simulator, Size
from offorte_portal.simulator.pricing import PriceRow, PriceTable
from offorte_portal.sync import runs as run
from offorte_portal.sync.models import SyncRun
from offorte_portal.tracking.models import FollowUp
from offorte_portal.webhooks import address
from proposals.models import Proposal
from tests.browser.composing import add, press, row
from tests.journeys.dutch import check_dutch
from tests.journeys.prospects import Prospect
from tests.journeys.steps import make_member, run_sync, wait_for
from tests.support.factories import link_by_address

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("patience", "no_motion"),
]


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A browser that was set up in the Netherlands."""
    return {**browser_context_args, "locale": "nl-NL", "timezone_id": "Europe/Amsterdam"}


@pytest.fixture
def simulator(settings: Settings) -> Iterator[Simulator]:
    """Offorte as it is today; events leave at once."""
    size = Size(companies=8, people=16, directories=2, products=5, proposals=12)
    with Simulator(accounts={"bouw": size}, requests_per_minute=None, vintage="live", webhook_batch_seconds=0) as sim:
        settings.OFFORTE_API_URL = sim.api_url
        settings.OFFORTE_OAUTH_URL = sim.oauth_url
        settings.OFFORTE_REQUESTS_PER_MINUTE = 0
        yield sim


@pytest.fixture
def sanne(roles: None) -> User:
    """A seller, who is also a user of the account at Offorte."""
    user = make_member("Seller", "sanne")
    user.set_password("offertes!")
    user.email = "sanne@bouw.example"
    user.save()
    return user


@pytest.fixture
def account(portal: str, simulator: Simulator, connect: Callable[..., Connection], sanne: User) -> Connection:
    """Two open proposals of Sanne's that were looked at, mirrored, and the portal's address for events."""
    remote = simulator.account("bouw")
    owner = next(key for key, user in remote.users.items() if user["email"].startswith("sanne"))
    people = [one for one in remote.people.values() if one["email"] and one["company_id"]]
    for name, price, person in (("Dakkapel", 12500, people[0]), ("Serre", 1999.5, people[-1])):
        tables = [PriceTable("t", [PriceRow("price", "<p>Werk</p>", Decimal(1), Decimal(price), Decimal(21))])]
        fields: dict[str, Any] = {
            "name": name,
            "contacts": [person["id"]],
            "account_user_id": owner,
            "pricetables": tables,
        }
        made = remote.create_proposal(person["company_id"], **fields)
        remote.send_proposal(made["id"], message="Hierbij onze offerte")
        for viewer in (person["fullname"], "Kees Bos", "Mia Smit"):
            remote.view_proposal(made["id"], viewer)
    connection = connect()
    run_sync(run.request(connection, trigger=SyncRun.Trigger.CONNECT, is_queued=False))
    link_by_address(sanne)
    remote.create_webhook(address.full_url(address.ensure(connection)))
    return connection


def nl(text: str, **values: Any) -> str:
    """A text as the page has it."""
    with override("nl"):
        return gettext(text) % values if values else gettext(text)


@pytest.mark.usefixtures("worker", "account", "sanne")
def test_a_dutch_sellers_whole_day(page: Page, portal: str, simulator: Simulator) -> None:
    page.goto(portal)
    check_dutch(page)
    page.get_by_label(nl("Username or e-mail")).fill("sanne")
    page.locator("input[name=password]").fill("offertes!")
    page.get_by_role("button", name=nl("Sign in"), exact=True).click()
    look_at_what_is_hot(page, portal)
    company = find_a_company(page)
    compose_and_send(page, simulator, company)
    read_a_question(page, portal, simulator)
    win(page, portal, simulator)
    follow_up(page, portal)
    read_reports(page, portal)


def look_at_what_is_hot(page: Page, portal: str) -> None:
    """The worker works out what is hot; home leads to it."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sanne")
    async_task(schedules.run, "sweep desk")
    wait_for(lambda: ProposalStats.objects.filter(heat__gt=20).count() == 2)
    page.goto(portal)
    expect(page.locator(".account-row")).to_be_visible()
    check_dutch(page)
    page.locator(".call-choices").get_by_role("link", name=nl("Hot")).click()
    expect(page.locator(".call")).to_have_count(2)
    expect(page.locator(".call-rows")).to_contain_text("€\u00a012.500,00")
    check_dutch(page)


def find_a_company(page: Page) -> Company:
    """By the palette, with the keyboard alone."""
    company = Company.objects.exclude(people=None).filter(people__email__contains="@").order_by("-pk")[0]
    page.wait_for_load_state()  # before that nobody listens to the keyboard
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type(company.name)
    title = page.locator(".palette-text > :first-child", has_text=re.compile(f"^{re.escape(company.name)}$"))
    option = page.get_by_role("option").filter(has=title)
    expect(option).to_be_visible()
    # Proposals for the company come first.
    for _ in range(page.get_by_role("option").count()):
        if option.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    check_dutch(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(company.name)
    check_dutch(page)
    return company


def compose_and_send(page: Page, simulator: Simulator, company: Company) -> None:
    """A proposal for the company, of two rows, to one of its people."""
    page.get_by_role("link", name=nl("New proposal")).click()
    page.get_by_label(nl("Name"), exact=True).fill("Zonwering {date}")
    page.locator("input[name=company_contacts]").first.check()
    page.locator(".compose-advanced > summary").click()
    page.locator("[data-table-field=id]").fill("pricetable1")
    add(page, "Zonnescherm", "Montage")
    for number, price in enumerate(("1.249,95", "350")):
        row(page, number).get_by_label(nl("Price"), exact=True).fill(price)
        row(page, number).get_by_label(nl("VAT"), exact=True).select_option("21")
    expect(page.locator("[data-all] .is-total dd")).to_have_text("€\u00a01.935,94")
    check_dutch(page)
    press(page, nl("Create in Offorte"))
    with override("nl"):
        today = formats.date_format(timezone.localdate())
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Zonwering {today}")
    check_dutch(page)
    page.get_by_role("link", name=nl("Send proposal…")).click()
    check_dutch(page)
    page.get_by_role("button", name=nl("Review before sending")).click()
    check_dutch(page)
    before = len(simulator.sent_mails)
    page.locator("button[name=confirm]").click()
    expect(page.get_by_role("heading", name=nl("Sent"), exact=True)).to_be_visible()
    check_dutch(page)
    assert [mail.message[:5] for mail in simulator.sent_mails[before:]] == ["Beste"]


def read_a_question(page: Page, portal: str, simulator: Simulator) -> None:
    """A prospect asks at Offorte; by webhook and worker it is in the inbox."""
    prospect = Prospect(simulator, Proposal.objects.get(name="Serre"))
    prospect.ask("Kan het ook in antraciet?")
    wait_for(Activity.objects.filter(text="Kan het ook in antraciet?").exists)
    page.goto(f"{portal}/inbox/")
    question = page.locator(".question").filter(has_text="Kan het ook in antraciet?")
    expect(question).to_contain_text(prospect.name)
    check_dutch(page)
    question.get_by_role("button", name=nl("Mark as read")).click()
    expect(question).to_have_count(0)
    check_dutch(page)


def win(page: Page, portal: str, simulator: Simulator) -> None:
    """A card of the board is moved, by keyboard."""
    serre = Proposal.objects.get(name="Serre")
    page.goto(f"{portal}/board/?mine=yes")
    page.get_by_label(nl("Move %(name)s", name="Serre"), exact=True).press("Enter")
    check_dutch(page)
    page.locator(f"#card-{serre.pk}").get_by_role("button", name=nl("Won")).press("Enter")
    expect(page.locator("[data-column=won]").locator(f"#card-{serre.pk}")).to_be_visible()
    check_dutch(page)
    assert simulator.account("bouw").proposals[serre.remote_id]["status"] == "won"


def follow_up(page: Page, portal: str) -> None:
    """Something to come back to, and done."""
    page.goto(f"{portal}/proposals/proposal/{Proposal.objects.get(name='Dakkapel').pk}/change/")
    check_dutch(page)
    page.get_by_role("link", name=nl("Follow up"), exact=True).click()
    page.get_by_label(nl("What to do")).fill("Bel over de kleur")
    check_dutch(page)
    with page.expect_navigation():
        page.get_by_label(nl("What to do")).press("Enter")
    page.goto(f"{portal}/followups/")
    expect(page.get_by_text("Bel over de kleur")).to_be_visible()
    check_dutch(page)
    page.get_by_role("button", name=nl("Done")).click()
    expect(page.get_by_text("Bel over de kleur")).to_have_count(0)
    check_dutch(page)
    assert FollowUp.objects.get().done_at


def read_reports(page: Page, portal: str) -> None:
    """What was won today is in the figures once the worker has added it up."""
    async_task(schedules.run, "sweep desk")
    wait_for(ProposalStats.objects.filter(proposal__name="Serre", status="won").exists)
    page.goto(f"{portal}/reports/")
    expect(page.locator("main")).to_contain_text("€\u00a02.000")
    check_dutch(page)
