"""From an event at Offorte to the line on a seller's screen: `python -m bench live`.

Real processes: the simulator, gunicorn, an idle worker, a browser with the feed open. A prospect asks a question on
Offorte's page; the clock runs until the seller's page shows it, without a reload and without waiting for a request to
Offorte. Aim: a median of two seconds.
"""

import shutil
import statistics
import time
from urllib.parse import urlencode
from urllib.request import urlopen

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection as database
from playwright.sync_api import sync_playwright

from bench.portal import connect, open_session, portal
from bench.support.results import Result
from bench.support.rows import link_by_address
from bench.support.sizes import choose
from offorte_portal.connections.oauth.address import switch_https_check
from offorte_portal.simulator import Simulator, Size
from offorte_portal.simulator.server import free_port
from offorte_portal.webhooks import address
from proposals.models import Proposal

TRIES = choose(15, quick=2)
MOST_SECONDS = 2.0
# Seconds for a worker to finish the work that is due when it starts.
SETTLING = 8
SIZE = Size(companies=20, people=40, directories=2, products=10, proposals=20)


def run() -> Result:
    """Start everything, then measure."""
    if not find_browser():
        return Result(left_out=["there is no Chromium or Chrome on this machine"])
    settings.PORTAL_URL = f"http://127.0.0.1:{free_port()}"
    with Simulator(accounts={"bouw": SIZE}, requests_per_minute=None, webhook_batch_seconds=0) as simulator:
        settings.OFFORTE_API_URL, settings.OFFORTE_OAUTH_URL = simulator.api_url, simulator.oauth_url
        settings.OFFORTE_REQUESTS_PER_MINUTE = 0
        switch_https_check()
        proposal, session = prepare(simulator)
        with portal(simulator, processes=2):
            time.sleep(SETTLING)
            seconds = measure(simulator, proposal, session)
    middle = statistics.median(seconds)
    print(f"\nFrom a question at Offorte to the seller's screen, {database.vendor}, {TRIES} tries")
    print(f"median {middle:.2f} s, fastest {min(seconds):.2f} s, slowest {max(seconds):.2f} s")
    return Result(misses=[] if middle < MOST_SECONDS else [f"median {middle:.2f} s"])


def find_browser() -> str | None:
    """Return the path of the machine's browser."""
    return shutil.which("chromium") or shutil.which("google-chrome")


def prepare(simulator: Simulator) -> tuple[Proposal, str]:
    """Mirror an account that posts its events to the portal; return an open proposal and its owner's session."""
    remote, connection = simulator.account("bouw"), connect(simulator, "bouw")
    remote.create_webhook(address.full_url(address.ensure(connection)))
    proposal = Proposal.objects.filter(status="open", receivers__isnull=False).exclude(owner_email="")[0]
    seller = User.objects.create_superuser("seller", proposal.owner_email)
    link_by_address(seller)
    return proposal, open_session(seller)


def measure(simulator: Simulator, proposal: Proposal, session: str) -> list[float]:
    """Return the seconds from the question until the page shows it, for each try."""
    remote = simulator.account("bouw")
    link = remote.proposal_link(proposal.remote_id, remote.proposals[proposal.remote_id]["receivers"][0])
    seconds = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        context = browser.new_context()
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": settings.PORTAL_URL}])
        page = context.new_page()
        page.goto(f"{settings.PORTAL_URL}/activity/?of=mine")
        for number in range(TRIES):
            # At another moment of the page's polling each time, and after the last one is confirmed.
            time.sleep(4 + number * 0.37)
            question = f"Vraag {number}?"
            begin = time.perf_counter()
            urlopen(link, urlencode({"action": "comment", "text": question}).encode()).close()
            page.get_by_text(question).wait_for(timeout=60_000)
            seconds.append(time.perf_counter() - begin)
        browser.close()
    return seconds
