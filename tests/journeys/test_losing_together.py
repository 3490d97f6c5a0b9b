"""A manager loses the proposals of three sellers at once: each is told of their own, once; and of the undo."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core import mail
from playwright.sync_api import Page, ViewportSize, expect

from offorte_portal.activity.mailing import mail_due
from offorte_portal.activity.models import Notification
from offorte_portal.activity.preferences import Channel, Event, Scope, save_choices
from offorte_portal.changes import following
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.sync import runs as run
from offorte_portal.sync.models import SyncRun
from offorte_portal.tracking import losses
from offorte_portal.writes.sentences import OF_YOURS, SOMEBODY, TAKEN_BACK, TAKEN_BACK_OF_YOURS
from proposals.models import Proposal
from tests.journeys.losing import Say, do_job, give, lose_in_bulk, mirror, speak, status_at
from tests.journeys.steps import DESK, PHONE, Axe, check_open_page, make_member, run_sync
from tests.support.length import usual_or_long

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("patience", "no_motion", "roles"),
]

SignIn = Callable[[User], None]
EVERY = [(DESK, "en"), (PHONE, "en"), (DESK, "nl"), (PHONE, "nl")]
# The proposals of each seller.
THEIRS = {"sanne": ["Samen dak", "Samen serre", "Samen gevel"], "bram": ["Samen vloer", "Samen deur"]}
THEIRS["fatima"] = ["Samen kozijn"]
ALL = [name for names in THEIRS.values() for name in names]


@pytest.fixture
def offorte(simulator: Simulator) -> Account:
    simulator.switches.vintage = "live"
    account = simulator.account("bouw")
    for seller, names in THEIRS.items():
        for name in names:
            give(account, f"{seller}@bouw.example", name, 1000)
    return account


@pytest.fixture
def sellers(roles: None) -> list[User]:
    """Three sellers, who want a mail of what is lost."""
    made = [make_member("Seller", name) for name in THEIRS]
    for user in made:
        user.email = f"{user.username}@bouw.example"
        user.save()
        save_choices(user, {(Event.LOST, Scope.OWN): Channel.MAIL})
    return made


@pytest.fixture
def mia(roles: None) -> User:
    return make_member("Manager", "mia")


def read_news(connection: Connection) -> None:
    """Read from Offorte what happened, and have it followed."""
    run_sync(run.request(connection, trigger=SyncRun.Trigger.COMMAND, is_queued=False))
    following.sweep()


@pytest.mark.parametrize(("size", "language"), usual_or_long([EVERY[1], EVERY[2]], EVERY))
def test_three_sellers_are_told_of_a_bulk_loss_and_of_its_undo(
    page: Page,
    portal: str,
    offorte: Account,
    connect: Callable[..., Connection],
    sellers: list[User],
    mia: User,
    sign_in: SignIn,
    size: ViewportSize,
    language: str,
    axe: Axe,
) -> None:
    connection = connect()
    mirror(connection, *sellers)
    Notification.objects.all().delete()
    page.set_viewport_size(size)
    page.set_extra_http_headers({"Accept-Language": language})
    say = speak(language)
    sign_in(mia)
    page.goto(f"{portal}/proposals/proposal/?q=Samen")
    expect(page.locator("input[name=_selected_action]")).to_have_count(len(ALL))
    lose_in_bulk(page, say, "Too expensive")
    job = do_job(page, say, connection)
    read_news(connection)
    assert {status_at(offorte, name) for name in ALL} == {"lost"}
    assert not Notification.objects.filter(user=mia).exists(), "who did it is not told"
    assert mail_due() == len(sellers)
    for seller in sellers:
        sign_in(seller)
        see_one_line(page, portal, tell(say, seller, say("Too expensive")))
        see_on_the_record(page, portal, seller, say)
        check_mail(seller)
    check_open_page(page, axe)

    sign_in(mia)
    page.goto(f"{portal}/jobs/job/{job.pk}/change/")
    page.get_by_role("button", name=say("Undo")).click()
    expect(page.locator("#job-state")).to_be_visible()
    do_job(page, say, connection)
    read_news(connection)
    assert {status_at(offorte, name) for name in ALL} == {"open"}
    assert losses.current(Proposal.objects.filter(name__in=ALL)) == {}
    for seller in sellers:
        sign_in(seller)
        page.goto(f"{portal}/activity/?of=mine")
        expect(page.locator(".feed > li").first).to_contain_text(tell_undone(say, seller))
        expect(page.get_by_text(say("Too expensive"))).to_have_count(0)
        expect(page.locator("#bell .bell-count")).to_have_count(0)
    check_open_page(page, axe)


def tell(say: Say, seller: User, reason: str = "") -> str:
    """Return the one line that a seller sees, with their own count."""
    names = THEIRS[seller.username]
    if len(names) == 1:
        line = say(str(SOMEBODY["lost"]), person="Mia", proposal=names[0])
    else:
        line = say(str(OF_YOURS["lost"]), person="Mia", count=len(names))
    return f"{line}: {reason}" if reason else line


def tell_undone(say: Say, seller: User) -> str:
    names = THEIRS[seller.username]
    if len(names) == 1:
        return say(str(TAKEN_BACK["reopened"]), person="Mia", proposal=names[0])
    return say(str(TAKEN_BACK_OF_YOURS["reopened"]), person="Mia", count=len(names))


def see_one_line(page: Page, portal: str, line: str) -> None:
    """In the feed and under the bell."""
    page.goto(f"{portal}/activity/?of=mine")
    expect(page.locator("#bell .bell-count")).to_have_text("1")
    told = page.locator(".feed > li").filter(has_text="Mia")
    expect(told).to_have_count(1)
    expect(told).to_contain_text(line)
    page.goto(f"{portal}/activity/notifications/")
    expect(page.locator(".feed > li")).to_have_count(1)
    expect(page.locator(".feed > li")).to_contain_text(line)


def see_on_the_record(page: Page, portal: str, seller: User, say: Say) -> None:
    """The proposal says why, by whom, and has one entry about it in its history."""
    proposal = Proposal.objects.get(name=THEIRS[seller.username][0])
    page.goto(f"{portal}/proposals/proposal/{proposal.pk}/change/")
    expect(page.get_by_text(say("Lost because"))).to_be_visible()
    expect(page.get_by_text(say("Too expensive")).first).to_be_visible()
    lost = page.locator(".timeline li").filter(has_text=say("marked the proposal as lost"))
    expect(lost).to_have_count(1)
    expect(lost).to_contain_text("Mia")


def check_mail(seller: User) -> None:
    """One mail, in the seller's own language, with their own count."""
    (sent,) = [each for each in mail.outbox if each.to == [seller.email]]
    assert sent.subject == tell(speak("en"), seller, "Too expensive")
