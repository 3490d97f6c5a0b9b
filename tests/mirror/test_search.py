"""Search: any part of any word, whatever people type, and an index that follows every write."""

import logging
from typing import Any

import pytest
from django.db import connection as database
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Company, Person
from offorte_portal.mirror import search, search_index
from offorte_portal.text.spellings import spell
from proposals.models import Proposal
from tests.support.factories import make_company, make_product, make_proposal
from tests.support.lists import names

pytestmark = pytest.mark.django_db

on_sqlite = pytest.mark.skipif(database.vendor != "sqlite", reason="about SQLite's shadow table only")
on_postgresql = pytest.mark.skipif(database.vendor != "postgresql", reason="about PostgreSQL's extension only")


def find(text: str) -> set[str]:
    """Names of the proposals found, which must not depend on the way."""
    everything = Proposal.objects.all()
    found = names(search.apply(everything, text))
    assert found == names(search.scan(everything, text))
    return found


@pytest.fixture
def proposals() -> None:
    """A few proposals with names that are hard on a search."""
    make_proposal(name="Verbouwing kantoor", number="2026-0412", company_name="De Vries Bouw", remote_id=77)
    make_proposal(name="Dakrenovatie", number="2026-0413", company_name="Café Zoë", remote_id=78)
    make_proposal(name='Said "quote" 100%_off', number="AB-1", company_name="O'Neill NEAR me", remote_id=2026)
    make_proposal(name="🎉🎉🎉 feest", number="", company_name="مرحبا بالعالم", remote_id=80)


@pytest.mark.usefixtures("proposals")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"Verbouwing kantoor", "Dakrenovatie", 'Said "quote" 100%_off', "🎉🎉🎉 feest"}),
        ("bouw", {"Verbouwing kantoor"}),
        ("BOUW vries", {"Verbouwing kantoor"}),
        ("kantoor zoë", set()),
        ("cafe ZOE", {"Dakrenovatie"}),
        ("cafe\u0301 zoë", {"Dakrenovatie"}),
        ("20260412", {"Verbouwing kantoor"}),
        ("2026 0412", {"Verbouwing kantoor"}),
        ("oneill", {'Said "quote" 100%_off'}),
        ("o’neill", {'Said "quote" 100%_off'}),
        ("café", {"Dakrenovatie"}),
        ("0413", {"Dakrenovatie"}),
        ("2026-041", {"Verbouwing kantoor", "Dakrenovatie"}),
        ("2026", {"Verbouwing kantoor", "Dakrenovatie", 'Said "quote" 100%_off'}),
        ("77", {"Verbouwing kantoor"}),
        ("ve", {"Verbouwing kantoor"}),
        ("ve bouw", {"Verbouwing kantoor"}),
        ("café zo", {"Dakrenovatie"}),
        ("de vries", {"Verbouwing kantoor"}),
        ("vries de", set()),
        ("de dak", set()),
        ("ab", {'Said "quote" 100%_off'}),
        ("zo", set()),
        ('"quote"', {'Said "quote" 100%_off'}),
        ("100%", {'Said "quote" 100%_off'}),
        ("0%_o", {'Said "quote" 100%_off'}),
        ("___", set()),
        ("%%%", set()),
        ("***", set()),
        ("bouw*", {"Verbouwing kantoor"}),
        ("-bouw", {"Verbouwing kantoor"}),
        ("near(me)", {'Said "quote" 100%_off'}),
        ("near", {'Said "quote" 100%_off'}),
        ("o'neill", {'Said "quote" 100%_off'}),
        ('"', set()),
        ("bouw OR dak", set()),
        ("search_text:bouw", set()),
        ("🎉🎉🎉", {"🎉🎉🎉 feest"}),
        ("بالعالم", {"🎉🎉🎉 feest"}),
        ("bouw\x00", {"Verbouwing kantoor"}),
        ("'; DROP TABLE proposals_proposal; --", set()),
        ("9" * 40, set()),
    ],
)
def test_whatever_people_type_is_text(text: str, expected: set[str]) -> None:
    assert find(text) == expected


@given(text=st.text(max_size=60))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_text_finds_itself_and_breaks_nothing(text: str) -> None:
    with transaction.atomic():
        row = make_proposal(search_text="\n".join(spell(text)))
        words = [word for reading in search.read_words(text) for word in reading]
        assert find(text) >= (names([row]) if words and all(len(word) > 2 for word in words) else set())
        transaction.set_rollback(True)


def test_words_are_few_and_short() -> None:
    assert search.read_words(" Aap  noot AAP ") == [["aap", "noot"]]
    assert all(len(words) <= search.WORDS for words in search.read_words(" ".join(map(str, range(50)))))
    assert len(search.read_words("x" * 500)[0][0]) == search.WORD_CHARACTERS


def test_companies_and_products_are_searched_too() -> None:
    make_company(name="Hotel Mastbosch")
    make_product(name="Vuren balk", sku="HX-100")
    assert names(search.apply(Company.objects.all(), "mastb")) == {"Hotel Mastbosch"}
    assert search.is_indexed(Person)


def test_rows_of_ten_thousand_characters_are_stored_and_found() -> None:
    long = " ".join(f"{number * 7919 % 100_003:x}" for number in range(3_000))
    make_proposal(name=long, number=long, owner_email=long, search_text=long + " needle")
    assert len(search.apply(Proposal.objects.all(), "needle")) == 1


def hits(word: str) -> int:
    return search.apply(Proposal.objects.all(), word).count()


def execute(sql: str, *parameters: Any) -> None:
    with database.cursor() as cursor:
        cursor.execute(sql, parameters)


def test_the_index_follows_updates_and_deletes_past_the_orm() -> None:
    proposal = make_proposal(name="First thing")
    execute("UPDATE proposals_proposal SET search_text = 'second thing' WHERE id = %s", proposal.pk)
    assert (hits("first"), hits("second")) == (0, 1)
    execute("DELETE FROM proposals_proposal WHERE id = %s", proposal.pk)
    assert hits("second") == 0


def test_the_index_follows_raw_upserts() -> None:
    company = make_company(name="Aannemer")
    fields = [field for field in Company._meta.concrete_fields if not (field.primary_key or field.generated)]
    columns = [str(field.column) for field in fields]
    values = ["%s" if column == "search_text" else column for column in columns]
    for text in ("eerste naam", "tweede naam"):
        execute(
            f"INSERT INTO contacts_company ({', '.join(columns)}) "
            f"SELECT {', '.join(values)} FROM contacts_company WHERE id = %s "
            "ON CONFLICT (connection_id, remote_id) DO UPDATE SET search_text = excluded.search_text",
            text,
            company.pk,
        )
    found = search.apply(Company.objects.all(), "tweede")
    assert [one.pk for one in found] == [company.pk]
    assert not search.apply(Company.objects.all(), "eerste").exists()


@on_sqlite
@pytest.mark.parametrize("table", ["proposals_proposal", "contacts_company", "contacts_person", "catalog_product"])
def test_the_triggers_are_there_after_all_migrations(table: str) -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        assert cursor.fetchone()[0] == 3


@on_sqlite
def test_an_update_without_the_text_leaves_the_index_alone() -> None:
    proposal = make_proposal(name="Steady")
    with database.cursor() as cursor:
        cursor.execute("SELECT total_changes()")
        before = cursor.fetchone()[0]
        cursor.execute("UPDATE proposals_proposal SET name = 'Other' WHERE id = %s", [proposal.pk])
        cursor.execute("SELECT total_changes()")
        assert cursor.fetchone()[0] - before == 1


@on_sqlite
def test_the_shadow_table_stays_sound() -> None:
    for number in range(20):
        make_proposal(name=f"Number {number}")
    Proposal.objects.filter(name__endswith="1").delete()
    Proposal.objects.update(search_text="all the same")
    execute("INSERT INTO proposals_proposal_search (proposals_proposal_search, rank) VALUES ('integrity-check', 1)")
    assert hits("same") == 18


@on_sqlite
def test_the_index_can_be_created_again() -> None:
    make_proposal(name="Again")
    with database.cursor() as cursor:
        cursor.execute("DELETE FROM proposals_proposal_search WHERE 1")
    editor = database.schema_editor()
    editor.deferred_sql = []
    search_index.drop("proposals_proposal", editor)
    search_index.create("proposals_proposal", editor)
    assert hits("again") == 1


@on_postgresql
@pytest.mark.postgresql
def test_postgresql_uses_its_trigrams() -> None:
    execute("SET LOCAL enable_seqscan = off")
    assert "proposals_proposal_search" in search.apply(Proposal.objects.all(), "needle").explain()


@on_postgresql
@pytest.mark.postgresql
def test_without_the_right_to_the_extension_there_is_a_hint(caplog: pytest.LogCaptureFixture) -> None:
    make_proposal(name="Findable")
    execute("DROP EXTENSION pg_trgm CASCADE")
    execute("CREATE ROLE nobody_special")
    execute("SET LOCAL ROLE nobody_special")
    editor = database.schema_editor()
    editor.deferred_sql = []
    with caplog.at_level(logging.WARNING):
        search_index.create("proposals_proposal", editor)
    execute("RESET ROLE")
    assert "CREATE EXTENSION pg_trgm" in caplog.text
    assert hits("findable") == 1
