"""The webhook endpoint compared with a bare view that only inserts, and dj-stripe's: `python -m bench webhooks`.

gunicorn with two workers, eight connections at a time and the same database; in turns, so that other load on the
machine affects all of them; the best round counts. Then once more while two processes of the queue handle the events,
with every event sent twice. Aims: at least as many requests per second as the bare view, at least five times
dj-stripe's; with the queue at work 99 % of the answers within 250 ms, and no failed answer.

dj-stripe is in the dependency group `bench`; without it that part is left out. Its verification is off, and its events
are of a kind that it stores without any request.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from itertools import count
from statistics import median, quantiles

from django.db import connection as database
from django.utils import timezone

from bench.support.results import Ratio, Result
from bench.support.sizes import choose
from catalog.models import Product
from offorte_portal.connections.models import Connection
from offorte_portal.simulator.server import free_port
from offorte_portal.webhooks import address
from offorte_portal.webhooks.models import WebhookEvent

CONNECTIONS = 8
ROUNDS = choose(12, quick=2)
REQUESTS = choose(250, quick=20)
# While the queue is at work.
FLOOD = choose(5_000, quick=100)
SINGLE = choose(15, quick=2)
STARTS_WITHIN = 30
# The first requests wait until the processes have loaded the portal, which takes long on a busy machine.
ANSWERS_WITHIN = 120
# The target ratio to each, and the limit for 99 % of the answers meanwhile.
LEAST = {"bare view": 1, "dj-stripe": 5}
MOST_SECONDS = 0.25
# As long as usual events.
FILLING = "x" * 1_500
Body = Callable[[int], bytes]


def run() -> Result:
    """Print requests per second and the 99th percentile of each, and how they compare."""
    connection = Connection.objects.create(account="bench", state=Connection.State.CONNECTED)
    ours = f"/webhooks/offorte/{address.ensure(connection).token}/"
    targets: dict[str, tuple[str, str, Body]] = {
        "bare view": ("bench.peer_settings", f"/bare/{connection.pk}/", make_event)
    }
    if find_spec("djstripe"):
        targets["dj-stripe"] = ("bench.peer_settings", make_stripe_endpoint(), make_stripe_event)
    targets["portal"] = ("offorte_portal.settings", ours, make_event)
    print(f"\nWebhook endpoint, gunicorn with 2 workers, {CONNECTIONS} connections, {database.vendor}")
    print(f"{'':24}{'requests/s':>12}{'p99 ms':>10}{'failed':>8}")
    rates = measure(targets)
    result = Result()
    for name, least in LEAST.items():
        if name not in targets:
            result.left_out.append(f"{name} is not installed (dependency group `bench`)")
            continue
        ratio = rates["portal"] / rates[name]
        print(f"{'portal × ' + name:24}{ratio:12.2f}")
        result.ratios.append(Ratio("requests a second", name, ratio))
        result.misses += [] if ratio >= least else [f"{ratio:.2f} times as fast as {name}, not {least}"]
    result.misses += flood(ours)
    return result


def measure(targets: Mapping[str, tuple[str, str, Body]]) -> dict[str, float]:
    """Load each in turns while all are served; return the best rates."""
    rates: dict[str, list[float]] = {name: [] for name in targets}
    answers: dict[str, list[tuple[int, float]]] = {name: [] for name in targets}
    numbers = count(1)
    with ExitStack() as stack:
        ports = {name: stack.enter_context(serving(settings)) for name, (settings, _, _) in targets.items()}
        for number in range(ROUNDS + 1):
            for name, (_, path, body) in targets.items():
                seconds, found = load(ports[name], path, [body(next(numbers)) for _ in range(REQUESTS)])
                if number:  # the first one warms up
                    rates[name].append(REQUESTS / seconds)
                    answers[name] += found
    best = {name: max(found) for name, found in rates.items()}
    for name, found in answers.items():
        show(name, best[name], [wait for _, wait in found], sum(status != 200 for status, _ in found))
    return best


def flood(path: str) -> list[str]:
    """Post every event twice while two processes handle them; then post one by one.

    Returns the missed targets.
    """
    WebhookEvent.objects.all().delete()
    bodies = [make_event(10**6 + number // 2) for number in range(FLOOD)]
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "qcluster"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(STARTS_WITHIN / 3)
        with serving("offorte_portal.settings") as port:
            load(port, path, [make_event(number) for number in range(50)])
            seconds, answers = load(port, path, bodies)
            at_end = WebhookEvent.objects.filter(state="done").count()
            until = time.monotonic() + 120
            while WebhookEvent.objects.filter(state="received").exists() and time.monotonic() < until:
                time.sleep(0.2)
            delays = [respond(port, path, number) for number in range(SINGLE)]
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait()
    failed = sum(status != 200 for status, _ in answers)
    show("with the queue at work", FLOOD / seconds, [wait for _, wait in answers], failed)
    stored, done = WebhookEvent.objects.count(), WebhookEvent.objects.filter(state="done").count()
    print(f"{FLOOD:,} posted, each twice; {at_end:,} processed by the last answer; {done:,} of {stored:,} in the end")
    print(f"From event to changed row, idle worker: median {median(delays):.2f} s, longest {max(delays):.2f} s")
    slowest = quantiles([wait for _, wait in answers], n=100)[98]
    misses = [] if slowest <= MOST_SECONDS else [f"99 % of the answers take up to {slowest * 1000:.0f} ms"]
    return misses + ([f"{failed} answers failed"] if failed else [])


def respond(port: int, path: str, number: int) -> float:
    """Return the seconds from posting one event to the changed row."""
    time.sleep(1.3)
    sku = f"single {number}"
    began = time.monotonic()
    post(port, path, make_event(number).replace(f'"sku": "{number}"'.encode(), f'"sku": "{sku}"'.encode()))
    while not Product.objects.filter(sku=sku).exists():
        time.sleep(0.01)
        if time.monotonic() - began > 60:
            raise SystemExit("An event was not processed within a minute.")
    return time.monotonic() - began


def show(name: str, rate: float, waits: list[float], failed: int) -> None:
    """Print a line of the table."""
    print(f"{name:24}{rate:12,.0f}{quantiles(waits, n=100)[98] * 1000:10.1f}{failed:8}")


@contextmanager
def serving(settings: str) -> Iterator[int]:
    """Run gunicorn with these settings; yield its port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "django.core.wsgi:get_wsgi_application()", "--workers", "2"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": settings}
    server = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    """Return once the port accepts connections."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    raise SystemExit("gunicorn did not start.")


def load(port: int, path: str, bodies: list[bytes]) -> tuple[float, list[tuple[int, float]]]:
    """Post all bodies, several at a time; return the seconds it took, and each answer's status and seconds."""
    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        answers = list(threads.map(lambda body: post(port, path, body), bodies))
    return time.perf_counter() - began, answers


def post(port: int, path: str, body: bytes) -> tuple[int, float]:
    """Post on a new connection, as gunicorn's plain workers close each one; without a library, to be fast."""
    began = time.perf_counter()
    head = f"POST {path} HTTP/1.1\r\nHost: testserver\r\nStripe-Signature: t\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), ANSWERS_WITHIN) as link:
        link.sendall(head.encode() + body)
        answer = link.recv(4096)
        while link.recv(4096):
            pass
    return int(answer[9:12] or 0), time.perf_counter() - began


def make_event(number: int) -> bytes:
    """Return an event of one of 200 products."""
    data = {"id": number % 200 + 1, "name": f"Balk {number}", "price": number % 90, "descr_short": FILLING}
    date = timezone.localtime().strftime("%Y-%m-%d %H:%M:%S")
    return json.dumps({"type": "product_updated", "date_created": date, "data": {**data, "sku": str(number)}}).encode()


def make_stripe_event(number: int) -> bytes:
    """Return an event for which dj-stripe has no handler."""
    item = {"id": f"frr_{number}", "object": "reporting.report_run", "note": FILLING}
    event = {"id": f"evt_{number}", "object": "event", "type": "reporting.report_run.succeeded", "livemode": False}
    times = {"created": int(time.time()), "api_version": "2020-08-27", "pending_webhooks": 0, "request": None}
    return json.dumps({**event, **times, "data": {"object": item}}).encode()


def make_stripe_endpoint() -> str:
    """Create dj-stripe's tables and one endpoint in a process with its settings; return its path."""
    code = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", run_syncdb=True, verbosity=0)
from djstripe.models import Account, APIKey, WebhookEndpoint
owner = Account.objects.create(id="acct_1", livemode=False)
key = {"secret": "sk_test_XXXXXXXXXXXXXXXXXXXXbench", "type": "secret", "livemode": False}
APIKey.objects.create(**key, djstripe_owner_account=owner)
made = WebhookEndpoint.objects.create(id="we_1", livemode=False, enabled_events=["*"], status="enabled",
    url="https://bench.example/", secret="", api_version="2020-08-27", djstripe_validation_method="none",
    djstripe_owner_account=owner)
print(f"/stripe/webhook/{made.djstripe_uuid}/")
"""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.peer_settings"}
    made = subprocess.run([sys.executable, "-c", code], env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return made.stdout.strip().splitlines()[-1]
