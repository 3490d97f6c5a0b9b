"""What sellers and their manager do together: follow up what is hot, send above the limit, share a view."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.utils import timezone
from playwright.sync_api import Page, expect

from contacts.models import Company
from offorte_portal.compose.models import Approval, ApprovalSettings
from offorte_portal.connections.models import Connection
from offorte_portal.simulator.account import Account
from offorte_portal.tracking.models import FollowUp
from proposals.models import Proposal
from tests.browser.composing import add, press, row
from tests.journeys.selling import give, mirror

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("patience", "no_motion", "roles"),
]
SignIn = Callable[[User], None]


@pytest.mark.usefixtures("sanne")
def test_from_the_hot_list_to_a_follow_up_that_is_done(
    page: Page, portal: str, offorte: Account, connect: Callable[..., Connection]
) -> None:
    give(offorte, "Koud", 100)
    hot = give(offorte, "Warm dak", 8000)
    for viewer in ("Kees Bos", "Mia Smit", "Jan Vos"):
        offorte.view_proposal(hot, viewer)
    mirror(connect)
    page.goto(portal)
    page.locator(".call-choices").get_by_role("link", name="Hot").click()
    expect(page.locator(".call")).to_have_count(1)
    page.locator(".call").get_by_role("link", name="Warm dak", exact=True).click()
    page.get_by_role("link", name="Follow up", exact=True).click()
    expect(page.get_by_role("dialog").get_by_label("What to do")).to_be_focused()
    page.keyboard.type("Call about the colour")
    page.get_by_label("Day and time").fill(f"{timezone.localdate()}T23:59")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Warm dak")
    page.goto(portal)
    warm = page.locator(".call", has_text="Warm dak")
    expect(warm).to_contain_text("follow-up due 23:59")
    page.goto(f"{portal}/followups/")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    expect(page.get_by_text("Call about the colour")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("heading", name="No follow-ups")).to_be_visible()
    page.goto(portal)
    expect(warm).to_be_visible()
    expect(page.locator(".calls")).not_to_contain_text("follow-up due")
    assert FollowUp.objects.get().done_by is not None


def ask_for_approval(page: Page) -> None:
    """From a company's page, write a proposal above the limit and try to send it."""
    page.get_by_role("link", name="New proposal").click()
    page.get_by_label("Name", exact=True).fill("Groot werk")
    page.locator("input[name=company_contacts]").first.check()
    page.get_by_text("Advanced", exact=True).click()
    page.get_by_label("Unique ID").fill("pricetable1")
    add(page, "Aanbouw")
    row(page, 0).get_by_label("Price").fill("5.000,01")
    row(page, 0).get_by_label("VAT").select_option("21")
    press(page, "Create in Offorte")
    page.get_by_role("link", name="Send proposal…").click()
    expect(page.get_by_text("A manager has to approve this before it is sent.")).to_be_visible()
    page.get_by_role("button", name="Review before sending").click()
    page.get_by_role("button", name="Request approval").click()
    expect(page.get_by_text("A manager has to approve it.")).to_be_visible()


def test_above_the_limit_a_manager_approves_and_it_goes_out_once(
    page: Page,
    portal: str,
    offorte: Account,
    connect: Callable[..., Connection],
    sanne: User,
    mia: User,
    sign_in: SignIn,
) -> None:
    mirror(connect)
    mails = len(offorte.sent_mails)
    ApprovalSettings.objects.create(pk=1, amount_above=5000)
    company = Company.objects.filter(people__email__contains="@").order_by("pk")[0]
    page.goto(f"{portal}/contacts/company/{company.pk}/change/")
    ask_for_approval(page)
    # Asking anew sends nothing and asks nothing.
    proposal = Proposal.objects.get(name="Groot werk")
    page.goto(f"{portal}/send/{proposal.pk}/")
    expect(page.get_by_text("is waiting for a manager’s approval")).to_be_visible()
    assert (Approval.objects.count(), len(offorte.sent_mails)) == (1, mails)
    sign_in(mia)
    page.goto(portal)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Approvals 1").click()
    other_tab = page.context.new_page()
    other_tab.goto(page.url)
    page.get_by_label("Note for the requester").fill("Go ahead")
    page.get_by_role("button", name="Approve and send").click()
    expect(page.get_by_role("heading", name="Sent", exact=True)).to_be_visible()
    assert len(offorte.sent_mails) == mails + 1
    other_tab.get_by_role("button", name="Approve and send").click()
    expect(other_tab.get_by_text("Someone has already decided on this request.")).to_be_visible()
    other_tab.close()
    page.goto(f"{portal}/approvals/")
    expect(page.get_by_text("Go ahead")).to_be_visible()
    expect(page.get_by_role("button", name="Approve and send")).to_have_count(0)
    sign_in(sanne)
    page.goto(f"{portal}/proposals/proposal/{proposal.pk}/change/")
    expect(page.locator(".strip-status .pill").first).to_have_text("Open")
    expect(page.get_by_role("link", name="Send again")).to_be_visible()
    assert len(offorte.sent_mails) == mails + 1


def test_a_colleague_has_a_shared_view_with_a_live_number(
    page: Page,
    portal: str,
    offorte: Account,
    connect: Callable[..., Connection],
    sanne: User,
    mia: User,
    sign_in: SignIn,
) -> None:
    for number in range(3):
        give(offorte, f"Kantoor {number}", 700_000)
    mirror(connect)
    page.goto(f"{portal}/proposals/proposal/?status=open&total_min=700000")
    page.get_by_text("Save this view").click()
    page.get_by_label("Name", exact=True).fill("Very big")
    page.get_by_label("For everyone").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Very big 3")).to_have_attribute("aria-current", "page")
    sign_in(mia)
    page.goto(f"{portal}/proposals/proposal/")
    page.get_by_role("link", name="Very big Sanne 3").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(3)
    # What is a colleague's can't be thrown away or hidden by others.
    page.get_by_label("Actions for Very big").click()
    expect(page.get_by_role("button", name="Open the list with this view")).to_be_visible()
    expect(page.locator(".saved-tab").get_by_role("button", name="Delete")).to_have_count(0)
    page.goto(f"{portal}/board/?status=open&total_min=700000")
    page.get_by_label("Move Kantoor 0", exact=True).press("Enter")
    page.get_by_role("button", name="Won", exact=True).press("Enter")
    expect(page.get_by_role("status").filter(has_text="was saved in Offorte")).to_be_visible()
    # Numbers are at most half a minute old.
    caches["local"].clear()
    page.goto(f"{portal}/proposals/proposal/")
    expect(page.get_by_role("link", name="Very big Sanne 2")).to_be_visible()
    sign_in(sanne)
    page.goto(f"{portal}/proposals/proposal/")
    page.get_by_role("link", name="Very big 2").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
