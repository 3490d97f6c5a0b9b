"""A large account: everything arrives, nothing is asked for twice.

`make test-long` has one of the size that the portal is made for.
"""

from collections.abc import Callable, Iterator
from math import ceil

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Request, Simulator, Size
from offorte_portal.simulator.account import Account
from offorte_portal.sync import runs as sync_run
from offorte_portal.sync import work
from offorte_portal.sync.models import SyncRun
from tests.support.length import usual_or_long
from tests.sync.comparison import assert_mirrored

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1800), pytest.mark.long]

SIZE = usual_or_long(
    Size(companies=130, people=260, directories=8, products=120, proposals=110),
    Size(companies=10_000, people=20_000, directories=40, products=2_000, proposals=5_000),
)


@pytest.fixture
def simulator(settings: Settings) -> Iterator[Simulator]:
    with Simulator(accounts={"bouw": SIZE}, requests_per_minute=None, vintage="live") as sim:
        settings.OFFORTE_API_URL = sim.api_url
        settings.OFFORTE_REQUESTS_PER_MINUTE = 0
        yield sim


def run_sync(connection: Connection) -> SyncRun:
    run = sync_run.request(connection, trigger=SyncRun.Trigger.COMMAND, is_queued=False)
    while run.is_active:
        work.advance(run.pk, seconds=600)
        run.refresh_from_db()
    return run


def is_list(request: Request) -> bool:
    return not request.path.endswith("/details/") and not request.path.startswith("/oauth2")


def fewest_list_requests(account: Account) -> int:
    """The pages that Offorte's lists have; an empty list has to be asked for too."""
    by_status = [
        sum(p["status"] == status for p in account.proposals.values())
        for status in ("edit", "open", "won", "lost", "closed")
    ]
    by_directory = [sum(p["directory_id"] == d for p in account.products.values()) for d in account.directories]
    others = [account.companies, account.directories, account.users, account.vat_groups, account.design_templates,
              account.text_templates, account.email_templates, account.proposal_templates, account.automation_sets,
              account.webhooks]  # fmt: skip
    return sum(max(1, ceil(count / 50)) for count in (*by_status, *by_directory, *map(len, others)))


def test_a_large_account_is_mirrored_in_few_requests(simulator: Simulator, connect: Callable[..., Connection]) -> None:
    connection, account = connect(), simulator.account("bouw")
    first = run_sync(connection)
    assert (first.state, first.warnings.count()) == (SyncRun.State.DONE, 0)
    asked = simulator.requests
    lists = [request for request in asked if is_list(request)]
    assert len(lists) <= fewest_list_requests(account) * 1.02
    assert len(asked) - len(lists) == len(account.proposals)
    assert_mirrored(account, connection)

    simulator.log.clear()
    with CaptureQueriesContext(database) as queries:
        second = run_sync(connection)
    assert second.state == SyncRun.State.DONE
    assert all(is_list(request) for request in simulator.requests)
    own = ("sync_sync", "connections_connection", "connections_requestbudget")
    writes = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in writes if not any(table in sql for table in own)] == []
