"""What happened to half a million proposals: when they were sent and seen, why they were lost, what they offered."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection as database
from django.db.models import Model
from django.utils import timezone

from bench.support.rows import AS_OF
from offorte_portal.connections.models import Connection
from offorte_portal.text.months import months_back
from proposals.models import LogEntry, Proposal, SentEmail

PRODUCTS = 2_000
MONTHS = 60
COMPETITORS = 40
# So many of ten lost proposals have a reason.
EXPLAINED = 8


def find_model(label: str) -> Any:
    """Return a model; None in a checkout that does not have it."""
    try:
        return apps.get_model(label)
    except LookupError:
        return None


def fill_histories(connection: Connection) -> None:
    """Add mails and views to the account's proposals, and reasons and prices where this checkout keeps them."""
    _add_mails()
    _add_views()
    if loss := find_model("tracking.Loss"):
        loss.objects.bulk_create(_losses(connection, loss), batch_size=2_000)
    if find_model("prices.PriceMonth"):
        _fill_prices(connection)


def fill_forecasts(user: User) -> None:
    """Add a forecast of the person for each of two years of months, where this checkout keeps them."""
    if forecast := find_model("desk.Forecast"):
        months = [months_back(timezone.localdate().replace(day=1), back) for back in range(-3, 21)]
        columns: dict[str, Any] = {"seller": user, "seller_name": user.username, "currency": "€"}
        amounts: dict[str, Any] = {"committed": Decimal(50_000), "best_case": Decimal(80_000)}
        forecast.objects.bulk_create(
            forecast(month=month, submitted_at=AS_OF, **columns, **amounts) for month in months
        )


def _add_mails() -> None:
    """Add the mail with which each proposal was sent, one day after it was created."""
    begun = _days_after("remote_created_at", 1)
    _insert(
        SentEmail,
        "proposal_id, remote_id, position, sent_at, message, sent_by, receivers",
        f"SELECT id, remote_id, 0, {begun}, '', 'Seller', '[]' FROM {Proposal._meta.db_table} "
        "WHERE status <> 'edit' AND remote_created_at IS NOT NULL",
    )


def _add_views() -> None:
    _insert(
        LogEntry,
        "proposal_id, position, logged_at, person, action, type",
        f"SELECT id, 0, viewed_at, 'Kees', 'proposal: viewed pdf', 'client' FROM {Proposal._meta.db_table} "
        "WHERE viewed_at IS NOT NULL",
    )


def _days_after(column: str, days: int) -> str:
    if database.vendor == "postgresql":
        return f"{column} + INTERVAL '{days} days'"
    return f"strftime('%Y-%m-%d %H:%M:%f', {column}, '+{days} days')"


def _insert(model: type[Model], columns: str, selected: str) -> None:
    with database.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({columns}) {selected}")


def _losses(connection: Connection, loss: Any) -> Iterator[Any]:
    reasons = list(find_model("tracking.LostReason").objects.order_by("pk"))
    lost = Proposal.objects.filter(status=Proposal.Status.LOST).order_by("pk").values_list("pk", flat=True)
    for number, key in enumerate(lost.iterator()):
        if number % 10 < EXPLAINED:
            named = f"Competitor {number % COMPETITORS}" if number % 4 == 0 else ""
            reason = reasons[number % len(reasons)] if number % 7 else None
            yield loss(
                connection=connection,
                proposal_id=key,
                reason=reason,
                words="" if reason else "Moved",
                competitor=named,
                competitor_key=named.lower(),
                at=AS_OF,
            )


def _fill_prices(connection: Connection) -> None:
    """Add products with remembered prices, and as many price rows of no product, each in every month."""
    product, memory, month = (
        find_model(name) for name in ("catalog.Product", "prices.PriceMemory", "prices.PriceMonth")
    )
    mirrored: dict[str, Any] = {"connection": connection, "as_of": AS_OF}
    products = product.objects.bulk_create(
        [product(name=f"Product {number}", remote_id=number + 1, **mirrored) for number in range(PRODUCTS)],
        batch_size=2_000,
    )
    memories = memory.objects.bulk_create(
        [
            memory(connection=connection, key=f"k{number}", currency="€", label=f"Row {number}", product=owner)
            for number, owner in enumerate([*products, *[None] * PRODUCTS])
        ],
        batch_size=2_000,
    )
    first = AS_OF.date().replace(day=1)
    month.objects.bulk_create(
        (
            month(memory=each, month=months_back(first, back), offered=9, won=4, lost=2, value=Decimal(900))
            for each in memories
            for back in range(MONTHS)
        ),
        batch_size=5_000,
    )
