"""The portal while Offorte takes ten seconds to answer: `python -m bench slow`.

30 people on 3 accounts refresh, create companies and send proposals, one click every 10 s each. gunicorn runs as in
production, with a worker and a simulator that enforces 30 requests a minute. Meanwhile /healthz and the webhook's
address get requests all the time. The people run at a lower priority than the portal.

Aims: /healthz and the webhook within 1 s, pages within 2 s (99 %), and nothing done twice.
"""

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count

import requests
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection as database
from django.db import connections

from bench.portal import connect, open_session, portal
from bench.support.results import Result
from bench.support.sizes import choose
from contacts.models import Person as Contact
from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth.address import switch_https_check
from offorte_portal.simulator import Fault, Simulator, Size
from offorte_portal.simulator.crowd import Figures, Person, click_on, probe
from offorte_portal.simulator.server import free_port
from offorte_portal.webhooks import address
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

PEOPLE, ACCOUNTS, EVERY = choose(30, quick=3), 3, choose(10.0, quick=2.0)
SECONDS = float(os.environ.get("BENCH_SLOW_SECONDS", str(choose(120, quick=10))))
OFFORTE = float(os.environ.get("BENCH_SLOW_OFFORTE", str(choose(10, quick=2))))
# Limit for 99 % of the answers.
MOST_SECONDS = {"healthz": 1, "webhook": 1, "page": 2}
SIZE = Size(companies=30, people=60, directories=2, products=10, proposals=120)


def run() -> Result:
    """Start everything, let the people click, and print how long they waited."""
    names = [f"bouw{number}" for number in range(ACCOUNTS)]
    settings.PORTAL_URL = f"http://127.0.0.1:{free_port()}"
    with Simulator(accounts=dict.fromkeys(names, SIZE), requests_per_minute=None) as simulator:
        settings.OFFORTE_API_URL, settings.OFFORTE_OAUTH_URL = simulator.api_url, simulator.oauth_url
        settings.OFFORTE_REQUESTS_PER_MINUTE = 0
        switch_https_check()
        made = [connect(simulator, name) for name in names]
        figures = Figures()
        people = [
            (Person(settings.PORTAL_URL, open_session(seller(number)), figures), number) for number in range(PEOPLE)
        ]
        path = f"/webhooks/offorte/{address.ensure(made[0]).token}/"
        with portal(simulator, processes=3, limit=30):
            simulator.limit.clear()
            simulator.limit.per_minute = 30
            simulator.log.clear()
            if OFFORTE:
                simulator.faults.add(Fault("slow", times=None, seconds=OFFORTE))
            os.nice(10)
            crowd(people, made, figures, path)
            simulator.faults.clear()
            settle(simulator)
            return show(figures, simulator)


def seller(number: int) -> User:
    """Create one of the people."""
    return User.objects.create_superuser(f"seller{number}", f"seller{number}@example.com")


def crowd(people: list[tuple[Person, int]], made: list[Connection], figures: Figures, path: str) -> None:
    """Let everyone click at the same time, with two probes of the portal."""
    sendable = {
        each.pk: list(
            Proposal.objects.filter(
                connection=each, status__in=["open", "edit"], company__people__email__gt=""
            ).distinct()
        )
        for each in made
    }
    until = time.monotonic() + SECONDS
    numbers = count()
    url = settings.PORTAL_URL

    def make_event() -> str:
        return json.dumps({"type": "product_updated", "data": {"id": 1, "sku": str(next(numbers))}})

    asks: dict[str, Callable[[], int]] = {
        "healthz": lambda: requests.get(f"{url}/healthz", timeout=120).status_code,
        "webhook": lambda: requests.post(url + path, data=make_event(), timeout=120).status_code,
    }
    threads = [
        threading.Thread(target=probe, args=(name, ask, figures), kwargs={"every": 0.2, "until": until})
        for name, ask in asks.items()
    ]
    for person, number in people:
        account = made[number % len(made)]
        clicks = plan(person, number, account, sendable[account.pk])
        threads.append(
            threading.Thread(target=click_on, args=(person, clicks), kwargs={"every": EVERY, "until": until})
        )
    connections.close_all()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def plan(person: Person, number: int, account: Connection, sendable: list[Proposal]) -> list[Callable[[], None]]:
    """Return one person's clicks: half of them refresh, the rest create and send. No proposal is sent by two people."""
    proposals = list(Proposal.objects.filter(connection=account).values_list("pk", flat=True))
    own = sendable[number // ACCOUNTS :: PEOPLE // ACCOUNTS]
    clicks: list[Callable[[], None]] = []
    for turn in range(60):
        kind = ("refresh", "create", "refresh", "send")[(turn + number) % 4]
        if kind == "send" and own:
            proposal = own.pop()
            contact = Contact.objects.filter(company=proposal.company, email__gt="").values_list("remote_id", flat=True)
            clicks.append(partial(person.send, proposal.pk, contact[0]))
        elif kind == "create":
            clicks.append(partial(person.create, account.pk, f"Company {number} {turn}"))
        else:
            clicks.append(partial(person.refresh, proposals[(turn * PEOPLE + number) % len(proposals)]))
    return clicks


def settle(simulator: Simulator) -> None:
    """Make Offorte quick again, and wait until the worker has sent everything."""
    simulator.limit.clear()
    simulator.limit.per_minute = None
    until = time.monotonic() + float(os.environ.get("BENCH_SLOW_SETTLE", "240"))
    while Operation.objects.filter(state__in=Operation.PENDING).exists() and time.monotonic() < until:
        time.sleep(1)


def show(figures: Figures, simulator: Simulator) -> Result:
    """Print a line for each kind of wait, the results of the clicks, and what was done twice."""
    print(f"\nOfforte answers in {OFFORTE:g} s; {PEOPLE} people on {ACCOUNTS} accounts, {database.vendor}")
    print(f"{'':10}{'number':>8}{'p50 s':>8}{'p99 s':>8}{'max s':>8}")
    for kind in ("healthz", "webhook", "page", "click", "poll", "result"):
        if kind not in figures.seconds:
            continue
        p50, p99 = (figures.percentile(kind, percent) for percent in (50, 99))
        print(f"{kind:10}{len(figures.seconds[kind]):8}{p50:8.2f}{p99:8.2f}{max(figures.seconds[kind]):8.2f}")
    print("  ".join(f"{result} {count}" for result, count in sorted(figures.results.items())))
    states = Counter(Operation.objects.values_list("verb", "state"))
    print("Operations: " + ", ".join(f"{verb} {state} {count}" for (verb, state), count in sorted(states.items())))
    doubles = count_doubles(simulator)
    print(f"Done twice: {doubles}")
    slow = [
        f"{kind}: 99 % take up to {figures.percentile(kind, 99):.2f} s"
        for kind, most in MOST_SECONDS.items()
        if kind in figures.seconds and figures.percentile(kind, 99) > most
    ]
    return Result(misses=slow + ([f"{doubles} done twice"] if doubles else []))


def count_doubles(simulator: Simulator) -> int:
    """Count proposals that were mailed twice and companies that exist twice."""
    mails = Counter((mail.account, mail.proposal_id) for mail in simulator.sent_mails)
    names = Counter(
        str(company["name"])
        for account in simulator.accounts.values()
        for company in account.companies.values()
        if str(company["name"]).startswith("Company ")
    )
    return sum(count - 1 for found in (mails, names) for count in found.values())
