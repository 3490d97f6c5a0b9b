"""What an import costs where nothing has changed: hardly anything is asked for, and nothing is written again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from offorte_portal.other_systems.models import ImportedQuote, QuoteRow, Source, SourceRecord
from offorte_portal.simulator.sources import SourceSimulator
from tests.other_systems.conftest import SYSTEMS, run_import

LISTS = {"cirrus": 1, "fynn": 1, "workspace": 2, "administrate": 1}


def is_rewriting(sql: str) -> bool:
    """Whether a statement stores an answer or what it means."""
    changed = sql.partition(" WHERE ")[0]
    is_quote = any(f'"{table}"' in changed for table in ("other_systems_importedquote", "other_systems_sourcerecord"))
    is_change = sql.startswith("UPDATE") and any(f'"{name}" =' in changed for name in ("raw", "notes"))
    return is_quote and (sql.startswith("INSERT") or is_change)


@pytest.mark.parametrize("system", SYSTEMS)
def test_no_quote_is_written_and_no_customer_asked_for(
    system: str, add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    source = add_source(system)
    run_import(source)
    other.log.clear()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        run_import(source, everything=True)
    assert len(other.requests) == LISTS[system], other.sent(system)
    tables = (ImportedQuote, QuoteRow, SourceRecord, ImportedQuote.people.through, ImportedQuote.records.through)
    changes = [query["sql"] for query in captured if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    written = [sql for sql in changes if any(f'"{table._meta.db_table}"' in sql for table in tables)]
    assert len(written) <= 4, written
    assert not [sql for sql in written if is_rewriting(sql)]


def test_what_was_asked_for_one_by_one_and_is_as_it_was(
    add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    other.fynn.tells_updates = False
    source = add_source("fynn")
    run_import(source)
    with CaptureQueriesContext(connection) as captured:
        run = run_import(source)
    assert run.figures.get("changed", 0) == 0
    assert not [query for query in captured if is_rewriting(query["sql"])]


@pytest.mark.parametrize("system", SYSTEMS)
def test_new_quotes_take_few_queries(system: str, add_source: Callable[..., Source], other: SourceSimulator) -> None:
    """As many for a page of quotes as for one: what remains is a few for each request."""
    source = add_source(system)
    with CaptureQueriesContext(connection) as captured:
        run = run_import(source)
    assert len(captured) < 120 + 8 * run.figures["requests"]


class TestContactsOfWorkspace:
    @pytest.fixture
    def source(self, add_source: Callable[..., Source], other: SourceSimulator) -> Source:
        made = add_source("workspace")
        run_import(made)
        other.log.clear()
        return made

    def test_one_that_changed_is_noticed_in_their_list(self, source: Source, other: SourceSimulator) -> None:
        other.workspace.change_contact("523", name="Bakkerij Bos & Zonen B.V.", btw="NL999999999B01")
        run_import(source)
        assert other.sent("workspace") == ["GET /quotations.json", "GET /contacts.json"]
        match = source.matches.get(kind="company", key="523")
        assert (match.name, match.details["vat_number"]) == ("Bakkerij Bos & Zonen B.V.", "NL999999999B01")
        assert source.quotes.filter(company_name="Bakkerij Bos & Zonen B.V.").count() == 4

    @pytest.mark.parametrize("fault", [{"kind": "status", "status": 403}, {"kind": "error_500"}, {"kind": "html_200"}])
    def test_without_their_list_each_is_asked_for_once(
        self, fault: dict[str, Any], add_source: Callable[..., Source], other: SourceSimulator
    ) -> None:
        other.add_fault(path=r"/workspace/contacts\.json", times=None, **fault)
        source = add_source("workspace")
        for _ in range(2):
            run = run_import(source)
            assert (run.state, run.problems) == ("done", [])
        asked = [line for line in other.sent("workspace") if "/contacts/" in line]
        assert len(asked) == len(set(asked)) == 6

    def test_a_list_without_their_details_tells_what_changed(
        self, add_source: Callable[..., Source], other: SourceSimulator
    ) -> None:
        listed = other.workspace.list_contacts

        def list_briefly(asked: Any) -> Any:
            told = listed(asked)
            for entry in told.body["response"]["data"]["Contacts"]:
                entry["Contact"] = {name: entry["Contact"][name] for name in ("id", "name", "modified")}
            return told

        other.workspace.route(r"/contacts\.json", list_briefly)
        other.workspace.routes.insert(0, other.workspace.routes.pop())
        source = add_source("workspace")
        for asked in (6, 0):
            other.log.clear()
            run_import(source)
            assert len([line for line in other.sent("workspace") if "/contacts/" in line]) == asked
        other.log.clear()
        other.workspace.change_contact("523", btw="NL999999999B01")
        run_import(source)
        assert [line for line in other.sent("workspace") if "/contacts/" in line] == ["GET /contacts/523.json"]
        assert source.matches.get(kind="company", key="523").details["vat_number"] == "NL999999999B01"

    def test_one_that_is_not_in_the_list_is_asked_for_by_itself(
        self, add_source: Callable[..., Source], other: SourceSimulator
    ) -> None:
        hidden = other.workspace.contacts["521"]
        listed = other.workspace.list_contacts

        def list_others(asked: Any) -> Any:
            told = listed(asked)
            told.body["response"]["data"]["Contacts"].remove({"Contact": hidden, "SubContact": []})
            return told

        other.workspace.route(r"/contacts\.json", list_others)
        other.workspace.routes.insert(0, other.workspace.routes.pop())
        source = add_source("workspace")
        run_import(source)
        assert [line for line in other.sent("workspace") if "/contacts/" in line] == ["GET /contacts/521.json"]
        assert source.matches.get(kind="company", key="521").name == hidden["name"]


@pytest.mark.parametrize("system", ["cirrus", "fynn", "administrate"])
def test_customers_are_read_again_after_a_week(
    system: str, add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    source = add_source(system)
    run_import(source)
    count = source.records.count()
    SourceRecord.objects.update(read_at=timezone.now() - timedelta(days=8))
    other.log.clear()
    run_import(source, everything=True)
    assert len(other.requests) == LISTS[system] + count
    other.log.clear()
    run_import(source, everything=True)
    assert len(other.requests) == LISTS[system]


def test_a_customer_that_an_offer_names_otherwise_is_read_again(
    add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    source = add_source("fynn")
    run_import(source)
    offer = other.fynn.offers[0]
    offer["customer"] = offer["customer"] | {"name": "Beispiel SE"}
    offer["updatedAt"] = "2026-01-01T00:00:00+01:00"
    other.fynn.customers[offer["customer"]["id"]] |= {"companyName": "Beispiel SE", "vatId": "DE999999999"}
    other.log.clear()
    run_import(source)
    assert len([line for line in other.sent("fynn") if "/customers/" in line]) == 1
    match = source.matches.get(kind="company", key=offer["customer"]["id"])
    assert (match.name, match.details["vat_number"]) == ("Beispiel SE", "DE999999999")
