"""Rows of a proposal by keyboard, mouse and clipboard."""

from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Company
from offorte_portal.connections.models import Connection
from tests.browser.composing import add, document, paste, press, row, texts
from tests.compose.drafting import make_draft, price_row
from tests.journeys.steps import Axe, check_open_page
from tests.support.factories import make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


DESK = {"width": 1440, "height": 900}


def test_rows_are_edited_by_keyboard_alone(editor: Page, axe: Axe) -> None:
    page = editor
    box = page.get_by_role("combobox", name="Add a product")
    box.focus()
    for name, price in (("Een", "10"), ("Twee", "2,5"), ("Drie", "0,1")):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        # Its price is missing; Enter leads from there back to the box.
        page.keyboard.type(price)
        page.keyboard.press("Enter")
        expect(box).to_be_focused()
    assert texts(page) == ["Een", "Twee", "Drie"]
    row(page, 0).get_by_label("Price").focus()
    page.keyboard.press("Enter")
    expect(row(page, 1).get_by_label("Price")).to_be_focused()
    assert [one["price"] for one in document(page)["tables"][0]["rows"]] == ["10", "2.5", "0.1"]
    expect(page.locator("[data-all] .is-total dd")).to_have_text("€\u00a015.25")
    row(page, 2).get_by_label("Price").press("Alt+ArrowUp")
    assert texts(page) == ["Een", "Drie", "Twee"]
    expect(page.locator("[data-say]")).to_have_text("Row moved to position 2 of 3")
    row(page, 1).get_by_role("button", name="Move this row").press("ArrowDown")
    assert texts(page) == ["Een", "Twee", "Drie"]
    expect(row(page, 2).get_by_role("button", name="Move this row")).to_be_focused()
    row(page, 0).locator("summary").press("Enter")
    page.get_by_role("button", name="Optional").press("Enter")
    expect(row(page, 0).locator(".compose-marks")).to_have_text("optional")
    expect(page.locator("[data-all] .is-options dd")).to_have_text("10.00")
    page.get_by_role("button", name="Preselected").press("Enter")
    expect(row(page, 0).locator(".compose-marks")).to_have_text("optional, chosen")
    expect(page.locator("[data-all] .is-total dd")).to_have_text("€\u00a015.25")
    page.get_by_role("button", name="Delete row").press("Enter")
    assert texts(page) == ["Twee", "Drie"]
    expect(row(page, 0).get_by_label("Description")).to_be_focused()
    page.get_by_role("button", name="Restore deleted row").press("Enter")
    assert texts(page) == ["Een", "Twee", "Drie"]
    assert document(page)["tables"][0]["rows"][0]["checked"] is True
    check_open_page(page, axe)


def test_a_product_is_found_and_what_is_not_known_of_it_is_asked(
    editor: Page, connection: Connection, live_server: LiveServer
) -> None:
    page = editor
    make_product(connection, name="Zwaluwstaart vuren")
    make_product(connection, name="Zwaluwstaart eiken", price=Decimal("12.50"), sku="ZW-2")
    box = page.get_by_role("combobox", name="Add a product")
    box.press_sequentially("zwalu")
    options = page.locator("[role=option]")
    expect(options).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(row(page, 0).get_by_label("Price")).to_have_value("12.50")
    expect(row(page, 0).get_by_label("VAT")).to_be_focused()
    expect(row(page, 0).get_by_label("VAT")).to_have_value("")
    box.press_sequentially("zwaluwstaart v")
    options.get_by_text("vuren").click()
    expect(row(page, 1).get_by_label("Price")).to_have_value("")
    expect(row(page, 1).get_by_label("Price")).to_be_focused()
    expect(page.locator("[data-all] .is-unknown")).to_have_text("Rows not counted yet: 2")
    box.press_sequentially("zwalu")
    expect(options).to_have_count(2)
    box.press("Escape")
    expect(options).to_have_count(0)
    box.press("Enter")
    assert texts(page) == ["Zwaluwstaart eiken", "Zwaluwstaart vuren", "zwalu"]


HEADED = 'Aantal\tOmschrijving\tPrijs\tBTW\n2\tBalk\t€ 1.250,00\t21%\n3\t"Plank\n""breed"""\t12,5\t9\n\tHout\t\t\n'


def test_rows_are_pasted_from_a_spreadsheet(editor: Page, axe: Axe) -> None:
    page = editor
    paste(page.get_by_role("combobox", name="Add a product"), HEADED)
    balk, plank, title = document(page)["tables"][0]["rows"]
    assert (balk["text"], balk["count"], balk["price"], balk["vat"]) == ("Balk", "2", "1250", "21")
    assert (plank["text"], plank["price"], plank["vat"]) == ('Plank\n"breed"', "12.5", "9")
    assert title == {"type": "title", "text": "Hout"}
    # Without headings: description, quantity, price, VAT. Into an empty row it takes that row's place.
    page.get_by_role("button", name="Title", exact=True).click()
    paste(row(page, 3).locator("textarea"), "A1\tSpijker\t100\t0,05\t21\r\nLos\t7\r\nTwijfel\t1\t1.0.0")
    _, _, _, spijker, los, twijfel = document(page)["tables"][0]["rows"]
    assert (spijker["text"], spijker["count"], spijker["price"], spijker["vat"]) == ("A1 Spijker", "100", "0.05", "21")
    assert (los["text"], los["count"], los["price"]) == ("Los", "1", "7")
    # What is no amount is not guessed at.
    assert twijfel["price"] == "~1.0.0"
    expect(row(page, 5).get_by_label("Price")).to_have_value("1.0.0")
    expect(row(page, 5).locator("[data-amount]")).to_have_text("")
    # By a dialog, for whoever has no such clipboard.
    page.get_by_role("button", name="Paste rows").click()
    dialog = page.get_by_role("dialog", name="Paste rows")
    dialog.get_by_role("textbox").fill("Lijm\t2\t3,10\nKit\t1\t4")
    expect(dialog.get_by_role("status")).to_have_text("2 rows found")
    check_open_page(page, axe)
    dialog.get_by_role("button", name="Add rows").click()
    expect(row(page, 7)).to_be_visible()  # they come once the dialog is closed
    assert texts(page)[-2:] == ["Lijm", "Kit"]
    page.get_by_role("button", name="Paste rows").click()
    dialog.get_by_role("button", name="Cancel").click()
    assert len(texts(page)) == 8


def test_rows_are_dragged_by_their_handle(editor: Page) -> None:
    page = editor
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    add(page, "Een", "Twee", "Drie")
    row(page, 2).locator("[data-handle]").drag_to(row(page, 0), target_position={"x": 200, "y": 3})
    assert texts(page) == ["Drie", "Een", "Twee"]
    assert [one["text"] for one in document(page)["tables"][0]["rows"]] == ["Drie", "Een", "Twee"]
    expect(page.locator("[draggable]")).to_have_count(0)


def test_rows_change_tables_and_a_full_table_takes_two_clicks(editor: Page) -> None:
    page = editor
    add(page, "Een")
    page.get_by_role("button", name="Add price table").click()
    page.keyboard.type("opties")
    row(page, 0).locator("summary").click()
    page.get_by_role("button", name="Move to next table").click()
    first, second = document(page)["tables"]
    assert (first["rows"], second["id"], second["rows"][0]["text"]) == ([], "opties", "Een")
    delete = page.get_by_role("button", name="Delete table")
    delete.nth(1).click()
    expect(page.locator("[data-table]")).to_have_count(2)
    page.get_by_role("heading", name="Templates").click()
    delete.nth(1).click()
    expect(page.locator("[data-table]")).to_have_count(2)
    delete.nth(1).click()
    expect(page.locator("[data-table]")).to_have_count(1)
    delete.click()
    expect(page.locator("[data-table]")).to_have_count(1)


def test_formatting_stays_until_the_text_is_changed(
    page: Page, live_server: LiveServer, connection: Connection, user: User
) -> None:
    draft = make_draft(connection, user, price_row(html="<p><b>Balk</b></p>", price="1.125", optional=True))
    page.goto(f"{live_server.url}/compose/{draft.pk}/")
    expect(row(page, 0).locator(".compose-marks")).to_contain_text("formatted")
    expect(row(page, 0).get_by_label("Price")).to_have_value("1.125")
    row(page, 0).get_by_label("Quantity").fill("3")
    # An amount that nobody touched is what it was, whatever it would mean if it were typed.
    (first,) = document(page)["tables"][0]["rows"]
    assert (first["html"], first["price"], first["count"]) == ("<p><b>Balk</b></p>", "1.125", "3")
    row(page, 0).get_by_label("Description").fill("Plank")
    assert "html" not in document(page)["tables"][0]["rows"][0]
    expect(row(page, 0).locator(".compose-marks")).to_have_text("optional")
    row(page, 0).get_by_label("Price").fill("1.2.50")
    row(page, 0).get_by_label("Price").blur()
    expect(row(page, 0).locator("[data-fault]")).to_have_text("This isn’t an amount")
    expect(row(page, 0).get_by_label("Price")).to_have_attribute("aria-invalid", "true")
    # It is not guessed at, here or on the server, nor after it came back from there.
    expect(row(page, 0).locator("[data-amount]")).to_have_text("")
    press(page, "Save draft")
    expect(row(page, 0).get_by_label("Price")).to_have_value("1.2.50")
    draft.refresh_from_db()
    assert draft.tables[0]["rows"][0]["price"] == "~1.2.50"
    assert draft.value == Decimal(0)
    row(page, 0).get_by_label("Price").fill("1250")
    expect(row(page, 0).locator("[data-amount]")).to_have_text("3,750.00")


def test_three_hundred_rows_stay_quick(
    page: Page, live_server: LiveServer, connection: Connection, user: User, company: Company
) -> None:
    rows = [price_row(text=f"Balk {number}") for number in range(300)]
    draft = make_draft(connection, user, *rows, company_remote_id=company.remote_id)
    page.goto(f"{live_server.url}/compose/{draft.pk}/")
    expect(page.locator("[data-row]")).to_have_count(300)
    price = row(page, 150).get_by_label("Price")
    price.fill("100")
    expect(page.locator("[data-all] .is-total dd")).to_have_text("€\u00a09,286.75")
    took = page.evaluate(
        """async (input) => {
            const start = performance.now();
            for (let number = 0; number < 10; number++) {
                input.value = String(number);
                input.dispatchEvent(new Event("input", { bubbles: true }));
                await new Promise(requestAnimationFrame);
            }
            return (performance.now() - start) / 10;
        }""",
        price.element_handle(),
    )
    assert took < 250, f"{took:.0f} ms a key"
    press(page, "Save draft")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    draft.refresh_from_db()
    assert len(draft.tables[0]["rows"]) == 300
    assert draft.tables[0]["rows"][150]["price"] == "9"


def test_it_is_all_there_in_dutch_notation(
    page: Page, live_server: LiveServer, connection: Connection, user: User, company: Company
) -> None:
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "nl", "url": live_server.url}])
    draft = make_draft(connection, user, price_row(price="1234.5"), company_remote_id=company.remote_id)
    page.goto(f"{live_server.url}/compose/{draft.pk}/")
    expect(row(page, 0).locator("[data-field=price]")).to_have_value("1234,50")
    expect(page.locator("[data-all] .is-total dd")).to_have_text("€\u00a02.987,49")
