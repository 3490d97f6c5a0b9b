"""Objects per second from a page of JSON to rows: the mirror compared with raw SQL and `update_or_create`.

Three loads: fresh (an empty table), unchanged (the same pages again) and 1% changed. All three write the same table
with the same indexes and triggers, a page of 50 companies at a time. Aims: fresh at least 0.6 of raw, unchanged at
least twice raw, both at least ten times `update_or_create`.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import connection as database
from django.db import transaction

from bench.support.results import Ratio, Result
from bench.support.sizes import choose
from contacts.mirror import COMPANIES, company_search
from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.engine import apply_list
from offorte_portal.mirror.search_parts import write_search_text
from offorte_portal.text.keys import near_company_key, sort_key

FIELDS = [
    *("name", "street", "zipcode", "city", "state", "country", "phone", "fax", "email", "internet"),
    *("linkedin", "facebook", "twitter", "coc_number", "vat_number"),
]
COMPANIES_LOADED = choose(50_000, quick=500)
CASES = ("fresh", "unchanged", "1% changed")
Load = Callable[[int, bytes, datetime], None]


def make_pages(count: int, changed: int = 0) -> Iterator[bytes]:
    """Yield pages of 50 companies as Offorte sends them; every `changed`-th has another name."""
    for start in range(0, count, 50):
        yield orjson.dumps([make_company(number, changed) for number in range(start + 1, start + 51)])


def make_company(number: int, changed: int) -> dict[str, Any]:
    """Return one company in the reference's form."""
    name = f"Bouwbedrijf {number}" + (" nieuw" if changed and number % changed == 0 else "")
    return {
        "id": number,
        "name": name,
        "street": f"Ginnekenweg {number}",
        "zipcode": "4800 AA",
        "city": "Breda",
        "state": "Noord-Brabant",
        "country": "Nederland",
        "phone": "+31 76 1234567",
        "fax": "",
        "email": f"info@bedrijf{number}.example",
        "internet": f"https://bedrijf{number}.example",
        "linkedin": "",
        "facebook": "",
        "twitter": "",
        "coc_number": str(10_000_000 + number),
        "vat_number": f"NL{number:09}B01",
        "people": [],
    }


def load_mirror(connection_id: int, page: bytes, as_of: datetime) -> None:
    """Load a page with the mirror."""
    apply_list(connection_id, COMPANIES, orjson.loads(page), as_of=as_of)


def load_raw(connection_id: int, page: bytes, as_of: datetime) -> None:
    """Load a page in one statement: nothing is merged, compared or checked, and the search text is the same."""
    columns = ("connection_id", "remote_id", "payload", "as_of", "fingerprint", "is_hidden", "warnings", *FIELDS)
    derived = ("search_text", "name_key", "match_key")
    names = ", ".join((*columns, *derived))
    sets = ", ".join(f"{name} = excluded.{name}" for name in (*columns[2:], *derived))
    at = database.ops.adapt_datetimefield_value(as_of)
    rows = [
        (
            connection_id,
            item["id"],
            orjson.dumps(item).decode(),
            at,
            "",
            False,
            "[]",
            *(item[name] for name in FIELDS),
            write_search_text(company_search(item)),
            sort_key(item["name"]),
            near_company_key(item["name"]),
        )
        for item in orjson.loads(page)
    ]
    with transaction.atomic(), database.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO contacts_company ({names}) VALUES ({', '.join(['%s'] * (len(columns) + 3))}) "
            f"ON CONFLICT (connection_id, remote_id) DO UPDATE SET {sets}",
            rows,
        )


def load_orm(connection_id: int, page: bytes, as_of: datetime) -> None:
    """Load a page with one `update_or_create` per object."""
    with transaction.atomic():
        for item in orjson.loads(page):
            Company.objects.update_or_create(
                connection_id=connection_id,
                remote_id=item["id"],
                defaults={"payload": item, "as_of": as_of, "search_text": write_search_text(company_search(item))}
                | {name: item[name] for name in FIELDS},
            )


LOADS: dict[str, tuple[Load, float]] = {
    "mirror": (load_mirror, 1),
    "raw executemany": (load_raw, 1),
    # A tenth of the objects: otherwise it takes minutes, and its speed does not depend on the number.
    "update_or_create": (load_orm, 0.1),
}


def measure(load: Load, pages: list[bytes], connection_id: int) -> float:
    """Return the objects per second."""
    start = time.perf_counter()
    for page in pages:
        load(connection_id, page, datetime.now(UTC))
    return len(pages) * 50 / (time.perf_counter() - start)


def run() -> Result:
    """Print the table of rates and ratios for the configured database."""
    count = COMPANIES_LOADED
    print(f"\nSync pipeline, {count:,} companies in pages of 50, {database.vendor}; objects per second")
    print(f"{'':18}" + "".join(f"{case:>12}" for case in CASES))
    rates: dict[str, list[float]] = {}
    for name, (load, share) in LOADS.items():
        size = max(50, int(count * share) // 50 * 50)
        connection = Connection.objects.create(account=f"bench-{name.replace(' ', '-').replace('_', '-')}")
        pages = list(make_pages(size))
        rates[name] = [
            measure(load, batch, connection.pk) for batch in (pages, pages, list(make_pages(size, changed=100)))
        ]
        print(f"{name:18}" + "".join(f"{rate:12,.0f}" for rate in rates[name]))
        Company.objects.filter(connection=connection)._raw_delete("default")
        connection.delete()
    result = Result()
    for other in ("raw executemany", "update_or_create"):
        ratios = [ours / theirs for ours, theirs in zip(rates["mirror"], rates[other], strict=True)]
        print(f"{'× ' + other:18}" + "".join(f"{ratio:12.2f}" for ratio in ratios))
        result.ratios += [Ratio(case, other, ratio) for case, ratio in zip(CASES, ratios, strict=True)]
    return result
