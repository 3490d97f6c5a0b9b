"""Reading whole lists: each entry once, and what can't be read hides nothing else."""

from collections import Counter
from collections.abc import Callable

import pytest

from offorte_portal.other_systems.models import ListReading, MovedItem, Source
from offorte_portal.other_systems.move_reasons import MoveReason, MoveWarning
from offorte_portal.other_systems.moving import reading
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.simulator.sources import SourceSimulator
from tests.other_systems.moving.conftest import item, read

pytestmark = pytest.mark.django_db
AddSource = Callable[..., Source]


def count_kinds(source: Source) -> dict[str, int]:
    return dict(Counter(source.moved_items.values_list("kind", flat=True)))


def words(found: MovedItem) -> list[str]:
    return [put_into_words(warning) for warning in found.warnings]


def test_lists_of_cirrus_are_read_by_pages(add_source: AddSource, other: SourceSimulator) -> None:
    source = add_source("cirrus")
    run = read(source)
    assert (run.state, run.problems, run.failed) == ("done", [], [])
    # Three groups, and the directory of articles without one.
    assert count_kinds(source) == {"company": 60, "person": 60, "directory": 4, "product": 30}
    assert other.sent("cirrus") == [
        "GET /accounts", "GET /accounts", "GET /contacts", "GET /contacts", "GET /articleunits", "GET /articlegroups",
        "GET /articles",
    ]  # fmt: skip
    assert run.figures == {
        "account": 60, "contact": 60, "unit": 3, "group": 3, "article": 30, "requests": 7, "unusable": 0,
    }  # fmt: skip


def test_an_account_becomes_a_company_and_what_has_no_place_is_named(
    add_source: AddSource, other: SourceSimulator
) -> None:
    source = add_source("cirrus")
    read(source)
    plain, two = item(source, "company", 310), item(source, "company", 317)
    assert plain.values == {
        "name": "Nordvik Bygg AB",
        "email": "info@nordvik-bygg.example",
        "phone": "+46 8 000",
        "internet": "https://www.nordvik-bygg.example",
        "vat_number": "SE000000000310",
        "street": "Storgatan 310",
        "zipcode": "411 01",
        "city": "Göteborg",
        "country": "SE",
    }
    assert words(plain) == ["Offorte has no customer number. Left out: 10310."]
    # The same address in several places is one.
    left = "invoice address (Box 317, 111 20 Stockholm, SE), delivery address (Hamngatan 317, 211 22 Malmö, SE)"
    assert words(two) == [
        f"Offorte has one address: the postal address is used. Left out: {left}.",
        "Offorte has no customer number. Left out: 10317.",
        "Offorte has no customer groups. Left out: Byggföretag.",
    ]


def test_contacts_and_articles_lie_in_what_they_belong_to(add_source: AddSource, other: SourceSimulator) -> None:
    other.cirrus.contacts[521]["email"] = ""
    other.cirrus.contacts[522]["account"] = None
    source = add_source("cirrus")
    read(source)
    person, product = item(source, "person", 520), item(source, "product", 801)
    assert person.parent == item(source, "company", 310)
    assert person.values["fullname"] == "Maria Ek"
    assert product.parent == item(source, "directory", 11)
    assert product.parent.name == "Takstolar"
    assert product.values == {"name": "Takstol 8 m", "sku": "TS-8000", "price": "1450.0", "descr_short": "st"}
    assert product.facts == {"number": "TS-8000", "vat": "25", "currency": "SEK"}
    assert words(product) == ["Offorte has no units. The description now says: st."]
    assert item(source, "product", 809).parent == item(source, "directory", "")
    assert item(source, "directory", "").name == source.label
    assert item(source, "person", 521).obstacle == MoveReason.NO_EMAIL()
    assert item(source, "person", 522).parent is None


def test_no_personal_number_or_buying_price_is_stored(add_source: AddSource, other: SourceSimulator) -> None:
    source = add_source("cirrus")
    read(source)
    stored = str([(row.values, row.facts, words(row)) for row in source.moved_items.order_by("pk")])
    assert "19700101" not in stored
    assert "900" not in stored


def test_a_second_reading_changes_only_what_differs(add_source: AddSource, other: SourceSimulator) -> None:
    source = add_source("cirrus")
    read(source)
    before = dict(source.moved_items.values_list("pk", "changed_at"))
    other.cirrus.accounts[311]["name"] = "Havsbris Hotell & Spa AB"
    other.cirrus.contacts[530]["active"] = 0
    del other.cirrus.articles[805]
    read(source)
    assert len(before) == source.moved_items.count()
    changed = [pk for pk, moment in source.moved_items.values_list("pk", "changed_at") if moment != before[pk]]
    assert changed == [item(source, "company", 311).pk]
    gone = source.moved_items.filter(missing_since__isnull=False).order_by("kind")
    assert [(row.kind, row.external_id) for row in gone] == [("person", "530"), ("product", "805")]
    other.cirrus.contacts[530]["active"] = 1
    read(source)
    assert item(source, "person", 530).missing_since is None


def test_a_list_that_is_refused_is_a_problem_and_hides_no_other(add_source: AddSource, other: SourceSimulator) -> None:
    other.cirrus.rights.discard("contacts")
    source = add_source("cirrus")
    run = read(source)
    assert run.state == "done"
    assert [put_into_words(problem) for problem in run.problems] == [
        (
            "We couldn’t read the list of contacts. The system refused access. Check that the credentials give access "
            "to contacts."
        )
    ]
    assert count_kinds(source) == {"company": 60, "directory": 4, "product": 30}


def test_a_page_that_cant_be_read_is_skipped_and_nothing_is_taken_for_gone(
    add_source: AddSource, other: SourceSimulator
) -> None:
    source = add_source("cirrus")
    read(source)
    other.add_fault("status", path="/cirrus/accounts", after=1, times=1, status=418)
    run = read(source)
    assert (run.state, run.failed) == ("done", ["account"])
    assert [problem.code for problem in run.problems] == [SourceReason.PAGE_UNREADABLE]
    assert not source.moved_items.filter(missing_since__isnull=False).exists()


def test_a_wrong_secret_ends_the_reading_with_its_reason(add_source: AddSource) -> None:
    source = add_source("cirrus", secret="wrong-secret")
    run = read(source)
    assert run.state == "failed"
    assert run.reason is not None
    assert run.reason.code == SourceReason.LIST_UNREADABLE


def test_what_passes_is_tried_again(add_source: AddSource, other: SourceSimulator) -> None:
    source = add_source("cirrus")
    other.add_fault("rate_limited", path="/cirrus/contacts", times=1, retry_after=60)
    run = read(source)
    assert (run.state, run.failures) == ("waiting", 1)
    assert reading.request(source) == run
    ListReading.objects.filter(pk=run.pk).update(retry_at=None)
    assert reading.read_now(run).state == "done"
    assert count_kinds(source)["person"] == 60


def test_one_that_makes_no_sense_is_named_beside_the_rest(
    add_source: AddSource, other: SourceSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.cirrus.accounts[312]["name"] = ""
    other.cirrus.accounts[313]["id"] = None
    other.cirrus.articles[803] |= {"price": "dear", "vat": None}
    source = add_source("cirrus")
    run = read(source)
    assert run.figures["unusable"] == 1
    assert item(source, "company", 312).obstacle == MoveReason.NAMELESS()
    codes = [warning.code for warning in item(source, "product", 803).warnings]
    assert codes[:2] == [MoveWarning.NUMBER_UNREAD, MoveWarning.PRICE_MISSING]
    assert count_kinds(source)["company"] == 59


def test_groups_without_a_name_are_called_by_their_id(add_source: AddSource, other: SourceSimulator) -> None:
    source = add_source("cirrus", options={"paths": {"article_groups": "/nowhere"}})
    run = read(source)
    assert run.failed == ["group"]
    directory = item(source, "directory", 11)
    assert (directory.name, directory.warnings) == ("Cirrus 11", [MoveWarning.GROUP_UNNAMED()])


def test_contacts_of_workspace_are_companies(add_source: AddSource, other: SourceSimulator) -> None:
    first = next(iter(other.workspace.contacts.values()))
    first["invoice_address"] = "Postbus 1"
    other.workspace.contacts["900"] = first | {"id": "900", "type": "2", "name": "Leverancier"}
    other.workspace.contacts["901"] = first | {"id": "901", "trashed": "1", "name": "Weg"}
    source = add_source("workspace")
    assert read(source).state == "done"
    assert count_kinds(source) == {"company": 2}
    company = item(source, "company", 521)
    assert company.values["coc_number"] == "00000521"
    assert words(company)[0].endswith("Left out: invoice address (Postbus 1).")
    assert item(source, "company", 900).obstacle == MoveReason.SUPPLIER()
    other.workspace.contacts.clear()
    assert read(source).state == "done"
    assert source.moved_items.filter(missing_since__isnull=True).count() == 0


def test_nothing_is_written_to_the_other_system(add_source: AddSource, other: SourceSimulator) -> None:
    read(add_source("cirrus"))
    assert {request.method for request in other.requests} == {"GET"}
