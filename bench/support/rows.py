"""Half a million proposals in seconds, and links of staff to their owners."""

import itertools
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection as database
from django.db import transaction

from contacts.mirror import company_search
from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.search_parts import write_search_text
from offorte_portal.staff.models import OfforteUserLink
from offorte_portal.text.keys import number_key, sort_key
from proposals.mirror import proposal_search
from proposals.models import AccountUser, DesignTemplate, Proposal

AS_OF = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WORDS = ("Verbouwing", "Dakrenovatie", "Onderhoud", "Zonnepanelen", "Kozijnen", "Lichtplan", "Maatwerk")
PLACES = ("Breda", "Tilburg", "Utrecht", "Zwolle", "Groningen", "Leiden", "Arnhem", "Delft", "Alkmaar", "Venlo")
STATUSES = ("won", "won", "won", "won", "open", "open", "lost", "lost", "edit", "closed")
SELLERS = 20
DESIGNS = 5

COLUMNS = (
    "connection_id, remote_id, payload, as_of, fingerprint, is_hidden, warnings, name, number, status, type, "
    "version_id, company_id, company_name, owner_id, owner_remote_id, owner_name, owner_email, design_template_id, "
    "price_total, price_total_display, language, remarks, tags, remote_created_at, remote_modified_at, viewed_at, "
    "view_count, "
    "details_fingerprint, details_as_of, details_retry_for, details_tries, "
    "name_key, number_key, company_key, search_text"
)


def fill_proposals(connection: Connection, count: int) -> None:
    """Add `count` proposals of every kind, always the same, with companies, owners and design templates.

    There is one company for ten proposals; one proposal in five has no details, one in fifty no known total.
    """
    names = [f"{WORDS[n % 7]} {PLACES[n % 10]} {n} BV" for n in range(count // 10 + 1)]
    companies = [
        Company(
            name=name,
            city=PLACES[n % 10],
            search_text=write_search_text(company_search({"name": name})),
            **_mirrored(connection, n),
        )
        for n, name in enumerate(names)
    ]
    sellers = [
        AccountUser(firstname="Seller", lastname=str(n), email=f"seller{n}@example.com", **_mirrored(connection, n))
        for n in range(SELLERS)
    ]
    designs = [DesignTemplate(name=f"Design {n}", **_mirrored(connection, n)) for n in range(DESIGNS)]
    with transaction.atomic():
        company_keys = [one.pk for one in Company.objects.bulk_create(companies, batch_size=2_000)]
        seller_keys = [one.pk for one in AccountUser.objects.bulk_create(sellers)]
        design_keys = [one.pk for one in DesignTemplate.objects.bulk_create(designs)]
        customers = list(zip(company_keys, names, strict=True))
        _write(_rows(connection.pk, count, customers, seller_keys, design_keys))


def link_by_address(user: User) -> None:
    """Link a member of staff to the mirrored Offorte user with the same address, in every account."""
    OfforteUserLink.objects.bulk_create(
        OfforteUserLink(
            user=user, connection=each.connection, remote_id=each.remote_id, name=str(each), linked_at=AS_OF
        )
        for each in AccountUser.objects.filter(email=user.email).select_related("connection")
    )


def _mirrored(connection: Connection, number: int) -> dict[str, Any]:
    return {"connection": connection, "remote_id": number + 1, "as_of": AS_OF}


def _write(rows: Iterator[tuple[Any, ...]]) -> None:
    """Insert rows without the ORM, in the database's fastest way."""
    table = Proposal._meta.db_table
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({COLUMNS}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(COLUMNS.split(",")))
            while batch := list(itertools.islice(rows, 10_000)):
                cursor.executemany(f"INSERT INTO {table} ({COLUMNS}) VALUES ({marks})", batch)


def _rows(
    connection_id: int, count: int, companies: Sequence[tuple[int, str]], sellers: list[int], designs: list[int]
) -> Iterator[tuple[Any, ...]]:
    stamp = _adapt(AS_OF)
    for n in range(1, count + 1):
        # Spread by a multiplication, so that neighbours differ and every run is the same.
        dice = n * 2_654_435_761 % 4_294_967_296
        company, company_name = companies[n % len(companies)]
        status = STATUSES[dice % 10]
        seller = dice // 10 % SELLERS
        name = f"{WORDS[dice // 100 % 7]} {PLACES[dice // 1000 % 10]} {n}"
        number = f"{2016 + n * 10 // count}-{n:06}"
        has_details = n % 5 != 0
        views = dice // 7 % 30 if has_details and status != "edit" else None
        created = AS_OF - timedelta(minutes=7 * (count - n))
        yield (
            connection_id,
            n,
            json.dumps({"id": n, "name": name, "status": status}),
            stamp,
            "f" * 32,
            False,
            "[]",
            name,
            number,
            status,
            "magazine",
            n,
            company,
            company_name,
            sellers[seller],
            seller + 1,
            f"Seller {seller}",
            f"seller{seller}@example.com",
            designs[n % DESIGNS],
            dice % 9_000_000 / 100 if n % 50 else None,
            "",
            "nl",
            "",
            "[]",
            _adapt(created) if has_details else None,
            _adapt(created + timedelta(days=dice % 40)),
            _adapt(created + timedelta(minutes=dice % 60_000)) if views else None,
            views,
            "f" * 32 if has_details else "",
            stamp if has_details else None,
            "",
            0,
            *_fold(n, name, number, company_name, f"Seller {seller}"),
        )


def _fold(n: int, name: str, number: str, company: str, owner: str) -> tuple[str, str, str, str]:
    """Return the folded keys and the search text."""
    receivers = [{"email": f"post{n}@prospect{n % 977}.example"}]
    told = {"name": name, "proposal_nr": number, "company_name": company, "account_user_name": owner}
    search_text = write_search_text(proposal_search(told | {"receivers": receivers}))
    return sort_key(name), number_key(number), sort_key(company), search_text


def _adapt(moment: datetime) -> Any:
    """Return the moment in the form that the database takes without the ORM."""
    return moment.isoformat(" ").removesuffix("+00:00") if database.vendor == "sqlite" else moment
