"""A list as a file: the rows that the screen shows, in its order, and the columns that it shows or all there are."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from openpyxl import load_workbook

from offorte_portal.adminkit import additions
from offorte_portal.connections.models import Connection
from offorte_portal.files.exports import asking
from offorte_portal.files.exports.cells import write_cell
from offorte_portal.files.exports.sheets import SHEETS
from offorte_portal.files.models import Export
from proposals.models import Proposal
from tests.support.bulk import make_member, sign_in
from tests.support.factories import (
    make_account_user,
    make_company,
    make_connection,
    make_person,
    make_product,
    make_proposal,
    make_staff,
)

pytestmark = pytest.mark.django_db

PROPOSALS = "/proposals/proposal/"


@pytest.fixture
def viewer() -> User:
    return make_member("Viewer", "vera")


@pytest.fixture
def client(viewer: User) -> Client:
    return sign_in(viewer)


def take(client: Client, path: str, what: str = "csv:shown", **form: Any) -> Any:
    response: Any = client.post(path, {"export": what, **form})
    assert response.status_code == 200, response.get("Location")
    return response


def read_csv(response: Any, delimiter: str = ",") -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def read_xlsx(response: Any) -> list[tuple[Any, ...]]:
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert len(book.worksheets) == 1
    return list(book.worksheets[0].iter_rows(values_only=True))


@pytest.fixture
def proposals() -> None:
    account, other = make_connection("bouw", label="Bouw"), make_connection("zorg", label="Zorg")
    owner = make_account_user(account)
    for number in range(60):
        make_proposal(
            account if number % 4 else other,
            name=f"Dak {number:02}",
            number=f"2026-{number:04}",
            status=("open", "won", "lost")[number % 3],
            price_total=None if number % 7 == 0 else Decimal(number) * 100,
            owner=owner if number % 2 else None,
        )


@pytest.mark.parametrize(
    "query",
    [
        "view=all",
        "o=1",
        "o=-3",
        "status=open",
        "status=open,won&o=1",
        "q=dak+2026-000&o=-1",
        "total_min=1000&total_max=3000&o=-1",
    ],
)
@pytest.mark.parametrize("account", [None, "bouw"])
def test_the_file_holds_what_the_screen_shows(client: Client, proposals: None, query: str, account: str | None) -> None:
    chosen = Connection.objects.filter(account=account).first()
    if chosen:
        client.post("/account/", {"account": chosen.pk})
    response = client.get(f"{PROPOSALS}?{query}")
    changelist = response.context["cl"]
    wanted = [row.name for page in changelist.paginator.page_range for row in changelist.paginator.page(page)]
    assert len(wanted) > 3
    header, *rows = read_csv(take(client, f"{PROPOSALS}?{query}", export_account=chosen.pk if chosen else ""))
    assert [row[header.index("Name")] for row in rows] == wanted
    export = Export.objects.get()
    assert (export.size, export.is_direct, export.state) == (len(wanted), True, "done")
    assert export.account == chosen


def test_the_account_is_the_one_that_the_page_showed(client: Client, proposals: None) -> None:
    bouw, zorg = Connection.objects.order_by("account")
    client.post("/account/", {"account": zorg.pk})  # in another tab
    header, *rows = read_csv(take(client, PROPOSALS + "?view=all", export_account=bouw.pk))
    assert {row[header.index("Account")] for row in rows} == {"Bouw"}


def test_ticked_rows_alone_in_the_order_of_the_list(client: Client, proposals: None) -> None:
    some = list(Proposal.objects.filter(name__in=["Dak 04", "Dak 01", "Dak 02"]).order_by("?"))
    form: dict[str, Any] = {"_selected_action": [str(row.pk) for row in some], "select_across": "0"}
    header, *rows = read_csv(take(client, PROPOSALS + "?o=-1", **form))
    assert [row[header.index("Name")] for row in rows] == ["Dak 04", "Dak 02", "Dak 01"]
    assert Export.objects.get().is_selection
    _header, *everything = read_csv(take(client, PROPOSALS + "?o=-1", **form | {"select_across": "1"}))
    assert len(everything) == 60


# What another column shows too is exported with that.
ELSEWHERE = {
    "company_text", "number_text", "city_text", "sku_text", "directory_text", "owner_text", "mobile_text", "landline",
}  # fmt: skip


def test_the_columns_that_are_shown_are_exported_in_their_order(client: Client, proposals: None) -> None:
    header, *rows = read_csv(take(client, PROPOSALS + "?columns=created,total,tags_text"))
    assert header[-4:] == ["Created", "Currency", "Total", "Tags"]
    assert "Status" not in header
    assert len(rows) == 60


def test_every_list_s_cells_are_in_its_file() -> None:
    assert len(SHEETS) >= 15
    for sheet in SHEETS.values():
        model_admin = admin.site.get_model_admin(sheet.model)
        cells: list[str] = model_admin.known_columns()  # type: ignore[attr-defined]
        found = {column.cell for column in sheet.columns}
        assert set(cells) - found <= ELSEWHERE, sheet.name
        assert set(map(str, model_admin.list_display)) <= {column.cell for column in sheet.shown(cells)}, sheet.name
        names = [column.name for column in sheet.columns]
        assert len(names) == len(set(names)), sheet.name
        labels = [str(column.label).lower() for column in sheet.columns]
        assert len(labels) == len(set(labels)), (sheet.name, labels)


def test_columns_that_need_a_right_in_a_list_need_it_in_its_file() -> None:
    someone = make_staff("someone", is_superuser=False)
    found: set[str] = set()
    for sheet in SHEETS.values():
        hidden = additions.hidden_columns(someone, sheet.model)
        assert hidden == {column.cell for column in sheet.columns if column.permission}, sheet.name
        found |= hidden
    assert found >= {"last_note", "last_price"}


def test_every_sheet_reads_its_rows_with_one_query_and_losses_and_notes_with_one_each(
    django_assert_num_queries: Any,
) -> None:
    account = make_connection("bouw")
    company = make_company(account)
    for _row in range(2):
        make_proposal(account, company=company, owner=make_account_user(account))
        make_person(account, company=company)
        make_product(account)
    for sheet in SHEETS.values():
        keys = list(sheet.model._default_manager.values_list("pk", flat=True))
        others = {column.prefetch for column in sheet.columns if column.prefetch}
        with django_assert_num_queries(1 + (len(others) if keys else 0)):
            assert len(list(sheet.read(keys or [1], sheet.columns))) == len(keys)
        assert len(others) == (2 if sheet.model is Proposal else 0)


def test_all_columns_hold_more_and_the_same(client: Client) -> None:
    make_company(name="Bakker", vat_number="NL001", email="info@bakker.nl")
    header, row = read_csv(take(client, "/contacts/company/", "csv:all"))
    told = dict(zip(header, row, strict=True))
    assert (told["Name"], told["VAT number"], told["E-mail"]) == ("Bakker", "NL001", "info@bakker.nl")
    few, _row = read_csv(take(client, "/contacts/company/"))
    assert set(few) < set(header)


def test_a_workbook_holds_numbers_days_and_text_that_is_text(client: Client) -> None:
    make_proposal(
        name="=HYPERLINK(1)",
        number="00123",
        price_total=Decimal("1234.5"),
        price_total_display="$ 1.234,50",
        remarks="#N/A\x07",
        remote_created_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        view_count=3,
    )
    header, row = read_xlsx(take(client, PROPOSALS, "xlsx:all"))
    told = dict(zip(header, row, strict=True))
    assert told["Name"] == "=HYPERLINK(1)"
    assert (told["Number"], told["Total"], told["Currency"], told["Views"]) == ("00123", 1234.5, "$", 3)
    assert told["Created"] == datetime(2026, 3, 2, 10, 30)  # noqa: DTZ001 - a workbook knows no time zones
    assert told["Remarks"] == "#N/A"
    assert told["Status"] == "Open"
    book = load_workbook(io.BytesIO(b"".join(take(client, PROPOSALS, "xlsx:shown").streaming_content)))
    types = {cell.value: cell.data_type for cell in next(book.worksheets[0].iter_rows(min_row=2))}
    assert (types["=HYPERLINK(1)"], types[1234.5]) == ("s", "n")


def test_a_csv_s_text_is_no_formula(client: Client) -> None:
    make_company(name="=1+1", phone="+31 6 1234567")
    header, row = read_csv(take(client, "/contacts/company/"))
    told = dict(zip(header, row, strict=True))
    assert (told["Name"], told["Phone"]) == ("'=1+1", "+31 6 1234567")


def test_dutch_people_get_what_their_excel_reads(viewer: User) -> None:
    make_proposal(price_total=Decimal("1234.5"))
    client = Client(headers={"accept-language": "nl"})
    client.force_login(viewer)
    header, row = read_csv(take(client, PROPOSALS), ";")
    assert row[header.index("Totaal")] == "1234,50"
    assert Export.objects.get().language == "nl"


def test_a_long_list_is_left_to_the_worker(client: Client, viewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "AT_ONCE", 2)
    for number in range(3):
        make_company(name=f"Bedrijf {number}")
    assert "in the background" in client.get("/contacts/company/").content.decode()
    response = client.post("/contacts/company/?o=-1", {"export": "xlsx:shown"})
    export = Export.objects.get()
    assert response["Location"] == f"/files/export/{export.pk}/change/"
    assert (export.state, export.size, export.requested_by) == ("waiting", 3, viewer)
    page = client.get(response["Location"]).content.decode()
    assert "Waiting for its turn" in page
    assert client.get(f"/files/export/{export.pk}/progress/").status_code == 200


def test_only_so_many_at_a_time(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "AT_ONCE", 0)
    make_company()
    for _time in range(asking.MOST_ACTIVE):
        client.post("/contacts/company/", {"export": "csv:all"})
    response = client.post("/contacts/company/", {"export": "csv:all"}, follow=True)
    assert "exports in progress" in response.content.decode()
    assert Export.objects.count() == asking.MOST_ACTIVE


def test_nobody_exports_what_they_may_not_see() -> None:
    make_company()
    client = sign_in(make_staff("nobody", is_superuser=False))
    assert client.post("/contacts/company/", {"export": "csv:all"}).status_code == 403
    assert not Export.objects.exists()


def test_what_is_no_format_is_refused(client: Client) -> None:
    make_company()
    for what in ("", "exe:all", "csv:\0"):
        assert client.post("/contacts/company/", {"export": what}).status_code in {200, 400}
    assert Export.objects.count() == 1


def test_what_narrowed_the_list_is_noted(client: Client, proposals: None) -> None:
    take(client, PROPOSALS + "?status=open&q=dak")
    assert Export.objects.get().narrowed_by == "Search: dak · Status: Open"
    html = client.get("/files/export/").content.decode()
    assert "Search: dak" in html
    assert "Proposals" in html


def test_days_are_days() -> None:
    assert write_cell(date(2026, 3, 2)) == "2026-03-02"
