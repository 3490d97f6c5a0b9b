"""The webhook endpoint under load, for `--against`."""

from collections.abc import Iterator
from itertools import count
from statistics import quantiles

from bench.support.sizes import choose
from bench.webhooks import load, make_event, serving
from offorte_portal.connections.models import Connection
from offorte_portal.webhooks import address

# Events in a round: enough for a 99th percentile, and in all rounds below an account's limit for an hour.
REQUESTS = choose(1_000, quick=20)


def measure() -> Iterator[dict[str, float]]:
    """Post events to gunicorn; yield the milliseconds for each, and the 99th percentile."""
    connection = Connection.objects.create(account="bench", state=Connection.State.CONNECTED)
    path = f"/webhooks/offorte/{address.ensure(connection).token}/"
    numbers = count(1)
    with serving("offorte_portal.settings") as port:
        while True:
            seconds, answers = load(port, path, [make_event(next(numbers)) for _ in range(REQUESTS)])
            if refused := [status for status, _ in answers if status != 200]:
                raise SystemExit(f"{len(refused)} events got the status {refused[0]} instead of 200.")
            waits = [wait * 1000 for _, wait in answers]
            yield {"an event": seconds * 1000 / REQUESTS, "the wait of 99 %": quantiles(waits, n=100)[98]}
