"""The mirror's three loads of `bench pipeline`, for `--against`."""

from collections.abc import Iterator

from bench.pipeline import CASES, load_mirror, make_pages
from bench.pipeline import measure as measure_load
from bench.support.sizes import choose
from contacts.models import Company
from offorte_portal.connections.models import Connection

COMPANIES = choose(5_000, quick=100)


def measure() -> Iterator[dict[str, float]]:
    """Load companies fresh, unchanged and changed; yield the milliseconds for 1,000 of them, by case."""
    connection = Connection.objects.create(account="bench")
    pages, changed = list(make_pages(COMPANIES)), list(make_pages(COMPANIES, changed=100))
    while True:
        rates = [measure_load(load_mirror, batch, connection.pk) for batch in (pages, pages, changed)]
        yield {case: 1_000_000 / rate for case, rate in zip(CASES, rates, strict=True)}
        Company.objects.filter(connection=connection)._raw_delete("default")
