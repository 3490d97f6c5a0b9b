"""A forecast from its submission to the month that is over: what was committed, adjusted and came."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import override
from playwright.sync_api import Page, ViewportSize, expect

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.desk.models import Forecast
from offorte_portal.simulator.account import Account
from offorte_portal.text.months import months_back
from proposals.models import Proposal
from tests.journeys.dutch import check_dutch
from tests.journeys.selling import EVERYWHERE, give, mirror
from tests.journeys.steps import Axe, check_open_page
from tests.journeys.words import Words
from tests.support.clock import Clock
from tests.support.feed import bring_up_to_date

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("patience", "no_motion", "roles"),
]
SignIn = Callable[[User], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(ports, "clock", made)
    return made


@EVERYWHERE
def test_a_month_from_its_forecast_to_what_came(
    page: Page,
    portal: str,
    axe: Axe,
    offorte: Account,
    connect: Callable[..., Connection],
    sanne: User,
    mia: User,
    sign_in: SignIn,
    clock: Clock,
    size: ViewportSize,
    say: Words,
    tmp_path: Path,
) -> None:
    page.set_viewport_size(size)
    for name, value in (("Dakkapel", 8000), ("Serre", 3500), ("Carport", 2000)):
        give(offorte, name, value)
    mirror(connect)
    month = timezone.localdate(ports.now()).replace(day=1)
    submit(page, portal, say, committed="10000", best_case="15000")
    sign_in(mia)
    adjust(page, portal, say, "12000")
    sign_in(sanne)
    win(page, portal, say, "Dakkapel", "Serre")
    wait_for_next_month(clock, month)
    sign_in(mia)
    page.goto(f"{portal}/reports/forecast/?month={month:%Y-%m}")
    compare(page, say, month)
    check_file(page, say, month, tmp_path)
    check_paper(page, say)
    if say.language == "nl":
        check_dutch(page)
    check_open_page(page, axe)


def submit(page: Page, portal: str, say: Words, *, committed: str, best_case: str) -> None:
    """Sanne first leaves the best case below what she commits to, then submits both for the current month."""
    page.goto(f"{portal}/reports/forecast/")
    page.locator("input[name$=committed]").first.fill(committed)
    page.locator("input[name$=best_case]").first.fill("1")
    button = page.get_by_role("button", name=say("Submit forecast"))
    button.click()
    expect(page.get_by_text(say("The best case can’t be lower than what you commit to."))).to_be_visible()
    page.locator("input[name$=best_case]").first.fill(best_case)
    button.click()
    expect(page.get_by_role("status").filter(has_text=say("Forecast saved."))).to_be_visible()
    assert Forecast.objects.get().seller_name == "Sanne"


def adjust(page: Page, portal: str, say: Words, amount: str) -> None:
    """Mia opens Sanne's line and puts her own amount in its place."""
    page.goto(f"{portal}/reports/forecast/")
    page.locator("table.report").get_by_role("link", name="Sanne", exact=True).click()
    page.locator("input[name=amount]").fill(amount)
    page.locator("input[name=note]").fill("Serre komt erbij")
    page.get_by_role("button", name=say("Save adjustment")).click()
    expect(page.get_by_role("status").filter(has_text=say("Forecast adjusted."))).to_be_visible()
    expect(page.locator(".report-history")).to_contain_text("Serre komt erbij")


def win(page: Page, portal: str, say: Words, *names: str) -> None:
    """Sanne wins proposals; Offorte knows at once."""
    for name in names:
        proposal = Proposal.objects.get(name=name)
        page.goto(f"{portal}/board/{proposal.pk}/move/")
        page.locator(".card-body").get_by_role("button", name=say("Won", context="proposal"), exact=True).click()
        expect(
            page.get_by_role("status").filter(has_text=say("“%(name)s” was saved in Offorte.", name=name))
        ).to_be_visible()
    bring_up_to_date()


def wait_for_next_month(clock: Clock, month: date) -> None:
    left = months_back(month, -1) - timezone.localdate(clock.now())
    clock.set(timedelta(days=left.days + 1).total_seconds())


def compare(page: Page, say: Words, month: date) -> None:
    """Mia sees beside each other what was submitted, what she made of it, and what was won."""
    with override(say.language):
        title = capfirst(date_format(month, "F Y"))
    table = page.locator(".report-card").filter(has=page.get_by_role("heading", name=title, exact=True))
    line = table.get_by_role("row").filter(has=page.get_by_role("link", name="Sanne", exact=True))
    for amount in ("10000", "15000", "12000", "11500", "-500"):
        expect(line).to_contain_text(write(amount, say))
    expect(line).to_contain_text(say("by %(name)s", name="Mia"))
    expect(line).to_contain_text(say("Submitted"))
    past = page.locator(".report-card").filter(has=page.get_by_role("heading", name=say("Forecast and what came")))
    expect(past.get_by_role("row").filter(has_text=title)).to_contain_text(write("11500", say))
    expect(page.locator("form.card input[name$=committed]")).to_have_count(0)


def write(amount: str, say: Words) -> str:
    """Return an amount with the language’s mark between thousands."""
    return f"{int(amount):,}".replace(",", "." if say.language == "nl" else ",")


def check_file(page: Page, say: Words, month: date, folder: Path) -> None:
    """The file has the same numbers, as numbers."""
    with override(say.language):
        title = date_format(month, "F Y")
    page.get_by_label(say("Download: %(title)s", title=title)).click()
    with page.expect_download() as download:
        page.get_by_role("link", name=say("CSV (.csv)")).filter(visible=True).click()
    path = folder / "forecast.csv"
    download.value.save_as(path)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    (line,) = (line for line in lines if line.startswith("Sanne"))
    assert [amount for amount in ("10000", "15000", "12000", "11500", "-500") if amount not in line] == []


def check_paper(page: Page, say: Words) -> None:
    """On paper there are the tables under a head, and nothing to click."""
    page.emulate_media(media="print")
    expect(page.locator(".report-paper")).to_contain_text(say("Forecast"))
    expect(page.locator(".report-card").first).to_be_visible()
    for gone in (".sidebar", ".tabs", ".report-files", ".page-head"):
        expect(page.locator(gone).first).to_be_hidden()
    page.emulate_media(media="screen")
