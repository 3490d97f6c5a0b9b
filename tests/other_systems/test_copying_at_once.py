"""Two people copy quotes of one new customer at the same moment: the customer is created once."""

import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import connection as database

from offorte_portal.connections.models import Connection
from offorte_portal.other_systems.copying import start
from offorte_portal.other_systems.models import ImportedQuote, PartyMatch, Source
from offorte_portal.writes.models import Operation
from tests.other_systems.conftest import choose, run_import
from tests.support.factories import make_connection, make_staff


@pytest.mark.django_db(transaction=True)
def test_a_customer_of_two_jobs_is_created_once(add_source: Callable[..., Source]) -> None:
    account = Connection.objects.get(pk=make_connection("bouw").pk)
    source = add_source("workspace", target=account)
    run_import(source)
    PartyMatch.objects.update(state=PartyMatch.State.NEW)
    customer = PartyMatch.objects.filter(kind="company").order_by("pk").first()
    assert customer is not None
    quotes = list(ImportedQuote.objects.order_by("pk")[:2])
    for quote in quotes:
        quote.people.clear()
    ImportedQuote.objects.filter(pk__in=[quote.pk for quote in quotes]).update(company=customer)
    choice = choose(account)
    staff, barrier, failures = make_staff(), threading.Barrier(2), []

    def copy(quote: ImportedQuote) -> None:
        try:
            barrier.wait(timeout=30)
            start([quote.pk], choice, by=staff, key=uuid.uuid4())
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=copy, args=(quote,)) for quote in quotes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Operation.objects.filter(target="companies").count() == 1
    assert Operation.objects.filter(target="proposals").count() == 2
