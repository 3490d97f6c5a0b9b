"""Events that are odd, late or out of order do no harm."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from catalog.mirror import PRODUCTS
from catalog.models import Product, ProductDirectory
from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.engine import apply_list
from offorte_portal.simulator import Simulator
from offorte_portal.sync.models import SyncRun
from offorte_portal.webhooks import applying
from offorte_portal.webhooks.models import WebhookEvent
from offorte_portal.writes.models import Operation
from proposals.models import Comment, Proposal
from tests.support.factories import make_directory, make_product, make_proposal
from tests.webhooks.posting import drain, now, paths, post, post_raw, states

pytestmark = pytest.mark.django_db(transaction=True)


LONG_AGO = timezone.now() - timedelta(days=30)


def test_ids_of_nobody_leave_a_tombstone_at_most(connection: Connection) -> None:
    post(connection, "company_updated", {"id": 424242, "name": "Of another account"}, now())
    post(connection, "proposal_deleted", {"id": 434343}, now())
    drain(connection)
    assert not Company.objects.present().exists()
    assert not Proposal.objects.exists()
    assert states() == {"done": 2}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[" * 1000 + b"]" * 1000, b"[]", b"[[1]]", b'{"type": "invoice_paid", "data": {}}'],
)
def test_what_is_not_understood_is_kept_and_left_alone(connection: Connection, body: bytes) -> None:
    post_raw(connection, body)
    drain(connection)
    event = WebhookEvent.objects.get()
    assert event.state == "ignored"
    assert event.result


def test_a_batch_is_taken_apart(connection: Connection, simulator: Simulator) -> None:
    post_raw(connection, b'[{"type": "company_updated", "data": {"id": 1001}}, {"type": "nothing"}, 5]')
    drain(connection)
    assert states() == {"done": 2, "ignored": 2}
    assert paths(simulator) == ["/companies/1001/"]


def test_a_product_event_is_the_only_source_of_its_price(connection: Connection, simulator: Simulator) -> None:
    directory = make_directory(connection, remote_id=9)
    data = {"id": 5, "directory_id": "9", "name": "Balk", "price": "12.50", "sku": "b1", "vat_id": 2}
    post(connection, "product_created", data, now())
    drain(connection)
    product = Product.objects.get(remote_id=5)
    assert (product.price, product.sku, product.vat_remote_id) == (Decimal("12.50"), "b1", 2)
    assert product.directory == directory
    assert paths(simulator) == []
    assert states() == {"done": 1}


def test_a_list_that_was_read_since_takes_no_price_away(connection: Connection) -> None:
    at = now()
    make_product(connection, remote_id=5, name="New name", as_of=at)
    post(connection, "product_updated", {"id": 5, "name": "Old name", "price": 7}, at - timedelta(seconds=10))
    drain(connection)
    product = Product.objects.get()
    assert (product.name, product.price, product.as_of) == ("New name", Decimal(7), at)


def test_what_the_portal_has_written_since_stays(connection: Connection) -> None:
    at = now()
    make_product(connection, remote_id=5, price=Decimal(20), as_of=at)
    done = {"verb": "change", "target": "products", "remote_id": 5, "state": "done", "sent_at": at}
    Operation.objects.create(connection=connection, draft={"price": "20"}, **done)
    post(connection, "product_updated", {"id": 5, "price": 7, "sku": "b1"}, at - timedelta(seconds=10))
    drain(connection)
    product = Product.objects.get()
    assert (product.price, product.sku) == (Decimal(20), "b1")


def test_events_of_a_product_count_in_the_order_they_happened(connection: Connection) -> None:
    make_product(connection, remote_id=5, as_of=LONG_AGO)
    at = now() - timedelta(minutes=1)
    for seconds, price in ((30, 3), (10, 1), (20, 2)):
        post(connection, "product_updated", {"id": 5, "price": price}, at + timedelta(seconds=seconds))
    post(connection, "product_created", {"id": 5, "price": 0, "sku": "first"}, at + timedelta(seconds=30))
    drain(connection)
    product = Product.objects.get()
    assert (product.price, product.sku) == (Decimal(3), "first")


def test_a_deletion_before_the_creation_stays_a_deletion(connection: Connection) -> None:
    directory = make_directory(connection, remote_id=9, as_of=LONG_AGO)
    at = now() - timedelta(minutes=1)
    for kind in ("product_directory", "product"):
        post(connection, f"{kind}_deleted", {"id": 9}, at)
        post(connection, f"{kind}_created", {"id": 9, "name": "A"}, at)
        post(connection, f"{kind}_updated", {"id": 9, "name": "B"}, at - timedelta(seconds=5))
    drain(connection)
    directory.refresh_from_db()
    assert directory.removed_at is not None
    assert not Product.objects.exists()


def test_an_old_event_does_not_bring_back_what_was_removed(connection: Connection) -> None:
    at = now()
    make_product(connection, remote_id=5, removed_at=at, as_of=at)
    make_directory(connection, remote_id=9, name="New", as_of=at)
    post(connection, "product_updated", {"id": 5, "price": 1}, at - timedelta(minutes=1))
    post(connection, "product_deleted", {"id": 5}, at - timedelta(minutes=2))
    post(connection, "product_directory_updated", {"id": 9, "name": "Old"}, at - timedelta(minutes=1))
    drain(connection)
    assert not Product.objects.present().exists()
    assert ProductDirectory.objects.get().name == "New"


def test_events_of_an_earlier_version_do_no_harm(connection: Connection) -> None:
    event = post(connection, "product_updated", {"id": 5, "price": 3}, now())
    drain(connection)
    WebhookEvent.objects.filter(pk=event.pk).update(body=b"?")
    post(connection, "product_updated", {"id": 5, "price": 4}, now() - timedelta(seconds=30))
    drain(connection)
    assert states() == {"done": 2}


def test_a_comment_that_comes_by_itself_goes_to_its_proposal(connection: Connection, simulator: Simulator) -> None:
    account = simulator.account("bouw")
    simulator.switches.comment_event = "comment"
    target = max(account.proposals)
    comment = account.comment(target, "Kim Bos", "When?")
    rows = [make_proposal(connection, remote_id=id, name="As it was", status="open") for id in (target, comment.id)]
    post(connection, "proposal_comment_received", account.render_comment_event(target) | {"name": "Kim"}, now())
    applying.apply(WebhookEvent.objects.get())
    for row in rows:
        row.refresh_from_db()
        assert (row.name, row.status, row.payload) == ("As it was", "open", {})
    drain(connection)
    assert paths(simulator) == [f"/proposals/{target}/details/"]
    assert Comment.objects.get(proposal=rows[0], remote_id=comment.id).comment == "When?"
    assert states() == {"done": 1}


def test_older_news_of_a_product_never_wins(connection: Connection) -> None:
    at = now() - timedelta(hours=1)
    post(connection, "product_updated", {"id": 5, "price": 2, "sku": "new"}, at + timedelta(seconds=10))
    for second in range(20):
        post(connection, "product_updated", {"id": 5, "vat_id": second}, at + timedelta(seconds=20 + second))
    drain(connection)
    WebhookEvent.objects.all().delete()
    post(connection, "product_updated", {"id": 5, "price": 1, "sku": "old", "optional": True}, at)
    drain(connection)
    product = Product.objects.get()
    assert (product.price, product.sku, product.vat_remote_id) == (Decimal(2), "new", 19)
    assert product.is_optional is True


def test_a_product_that_a_list_moved_since_stays_there(connection: Connection) -> None:
    at = now()
    make_product(connection, remote_id=5, directory_remote_id=8, as_of=at)
    SyncRun.objects.create(connection=connection, trigger="person", state="done", finished_at=at)
    post(connection, "product_updated", {"id": 5, "directory_id": 9, "sku": "b1"}, at - timedelta(minutes=1))
    drain(connection)
    product = Product.objects.get()
    assert (product.directory_remote_id, product.sku) == (8, "b1")


def test_what_a_list_that_tells_everything_said_since_stays(connection: Connection) -> None:
    at = now()
    item = {"id": 5, "name": "Balk", "price": "20.00"}
    post(connection, "product_updated", {"id": 5, "price": 5}, at - timedelta(minutes=9))
    drain(connection)
    apply_list(connection.pk, PRODUCTS, [item], as_of=at, bucket="8")
    post(connection, "product_updated", {"id": 5, "price": 7, "sku": "b1"}, at - timedelta(minutes=1))
    drain(connection)
    product = Product.objects.get()
    assert (product.price, product.sku) == (Decimal(20), "b1")


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(["A", "B", "C"]),
    "price": st.integers(1, 9),
    "sku": st.sampled_from(["x", "y", None]),
    "vat_id": st.integers(1, 3),
    "directory_id": st.integers(1, 3),
    "optional": st.booleans(),
    "descr_short": st.sampled_from(["short", "long"]),
}


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[int, str, dict[str, Any]]], list[int]]:
    """Partial events of one product in their order, and the order in which they come: any, and some twice."""
    tell = st.fixed_dictionaries({}, optional=FIELDS)
    told = draw(st.lists(tell, min_size=2, max_size=14))
    events = [(second, "product_updated", {"id": 5, **data}) for second, data in enumerate(told)]
    if draw(st.booleans()):
        events.append((len(events), "product_deleted", {"id": 5}))
    numbers = list(range(len(events)))
    again = draw(st.lists(st.sampled_from(numbers), max_size=6))
    return events, draw(st.permutations(numbers + again))


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories(), batches=st.integers(1, 4))
def test_partial_events_of_a_product_may_come_in_any_order(
    connection: Connection, history: tuple[list[tuple[int, str, dict[str, Any]]], list[int]], batches: int
) -> None:
    events, order = history
    Product.objects.all().delete()
    WebhookEvent.objects.all().delete()
    start = now() - timedelta(hours=1)
    for number, index in enumerate(order):
        second, name, data = events[index]
        post(connection, name, data, start + timedelta(seconds=second))
        if number % batches == 0:
            drain(connection)
    drain(connection)
    is_deleted = events[-1][1] == "product_deleted"
    assert Product.objects.present().exists() != is_deleted
    if is_deleted:
        return
    expected: dict[str, Any] = {}
    for _, _, data in events:
        expected |= data
    held = Product.objects.get().payload
    assert {key: held.get(key) for key in expected} == expected
