"""Rows of every type, as Offorte tells them and never better known than that."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from offorte_portal.adminkit.pricing import ShownRow, ShownTable, show_tables
from proposals.models import PriceRow, PriceTable


def show(*rows: PriceRow, display: str = "", **columns: Any) -> ShownTable:
    columns = {"rows_include_vat": False, "is_vat_hidden": False, **columns}
    table = PriceTable(pk=1, key="pricetable1", **columns)
    table._prefetched_objects_cache = {"rows": PriceRow.objects.none()}  # type: ignore[attr-defined]
    table._prefetched_objects_cache["rows"]._result_cache = list(rows)  # type: ignore[attr-defined]
    return show_tables([table], display)[0]


def line(**columns: Any) -> ShownRow:
    return show(PriceRow(**{"type": "price", "content": "<p>x</p>", **columns})).lines[0]


def marks(**columns: Any) -> list[str]:
    return [mark.text for mark in line(**columns).marks]


def test_a_price_row_has_all_its_columns_in_the_readers_notation() -> None:
    with translation.override("nl"):
        shown = line(
            count=Decimal("2.5000"), price=Decimal("1234.5000"), subtotal=Decimal("3086.25"), vat_percentage=Decimal(21)
        )
        assert (shown.quantity, shown.price, shown.amount) == ("2,5", "1.234,50", "3.086,25")
    assert line(price=Decimal("0.12345"), vat_percentage=Decimal("9.0000")).vat == "9%"
    assert line(price=Decimal("0.1234")).price == "0.1234"


def test_what_is_unknown_is_never_nought() -> None:
    shown = line()
    assert all("Unknown" in cell for cell in (shown.quantity, shown.price, shown.vat, shown.amount))
    assert line(price=Decimal(0)).price == "0.00"


@pytest.mark.parametrize("type", ["title", "subtotal"])
def test_titles_and_subtotals_have_no_price(type: str) -> None:
    shown = line(type=type, price=Decimal(0), count=Decimal(1), vat_percentage=Decimal(0), subtotal=Decimal(5))
    assert (shown.type, shown.price, shown.quantity, shown.vat) == (type, "", "", "")
    assert shown.amount == ("5.00" if type == "subtotal" else "")


def test_discount_rows_take_off_whatever_sign_they_come_with() -> None:
    columns = {"type": "discount", "discount": Decimal(5), "discount_type": "percentage"}
    assert line(subtotal=Decimal(-50), **columns).amount == line(subtotal=Decimal(50), **columns).amount == "−50.00"
    assert marks(subtotal=Decimal(-50), **columns) == ["5% discount"]


def test_a_discount_of_an_amount_is_its_own_a_percentage_not() -> None:
    assert line(type="discount", discount=Decimal(25), discount_type="amount").amount == "−25.00"
    assert "Unknown" in line(type="discount", discount=Decimal(25), discount_type="percentage").amount


def test_a_discount_of_percent_or_amount_is_not_guessed_at() -> None:
    assert marks(discount=Decimal(10)) == ["discount 10 (percentage or amount unknown)"]
    assert marks(discount=Decimal(10), discount_type="percentage") == ["10% discount"]
    assert marks(discount=Decimal(10), discount_type="amount") == ["10.00 discount"]
    assert marks(discount=Decimal(0)) == marks(discount=None) == []


def test_options_say_whether_they_are_chosen() -> None:
    assert marks(userinput_optional=True, userinput_optional_checked=True) == ["optional, chosen"]
    assert marks(userinput_optional=True, userinput_optional_checked=False) == ["optional, not chosen"]
    assert marks(userinput_optional=True) == ["optional"]
    assert marks(userinput_optional=False, userinput_optional_checked=True) == []
    assert marks(userinput_count=True) == ["quantity by prospect"]


def test_only_options_known_as_not_chosen_are_left_out() -> None:
    assert line(userinput_optional=True, userinput_optional_checked=False).is_left_out
    assert not line(userinput_optional=True, userinput_optional_checked=True).is_left_out
    assert not line(userinput_optional=True).is_left_out
    assert not line(userinput_optional_checked=False).is_left_out


def test_unknown_types_are_shown_with_all_that_is_known() -> None:
    assert line(type="bundle", subtotal=Decimal(7)).amount == "7.00"
    assert line(type="").type == "price"


def test_script_in_a_row_is_gone() -> None:
    assert line(content="<p>Sloop</p><script>x</script>").content == "<p>Sloop</p>"


def test_sums_are_offortes_own_with_a_line_for_each_rate() -> None:
    vat = [
        {"percentage": "9.00", "total": "4.5", "group_name": "Laag"},
        {"percentage": None, "total": None, "group_name": "Verlegd"},
        {"percentage": None, "total": "1", "group_name": None},
    ]
    shown = show(subtotal=Decimal(50), total=Decimal("55.5"), vat_lines=vat, display="$ 55.50")
    assert [(sum.kind, sum.label) for sum in shown.sums] == [
        ("net", "Total excl. VAT"),
        ("vat", "Laag (VAT 9%)"),
        ("vat", "Verlegd"),
        ("vat", "VAT"),
        ("total", "Total incl. VAT"),
    ]
    assert [sum.amount for sum in shown.sums if "Unknown" not in sum.amount] == [
        "$\u00a050.00",
        "4.50",
        "1.00",
        "$\u00a055.50",
    ]


@pytest.mark.parametrize(
    ("name", "percentage", "label"),
    [
        ("Verlegd", "0", "Verlegd"),
        ("Verlegd", "0.0000", "Verlegd"),
        ("Btw verlegd 0%", "0", "Btw verlegd 0%"),
        ("Vrijgesteld", None, "Vrijgesteld"),
        ("Btw 21%", "21.0000", "Btw 21%"),
        ("Vat21", "21", "Vat21"),
        ("Hoog", "21", "Hoog (VAT 21%)"),
        ("Hoog 2021", "21", "Hoog 2021 (VAT 21%)"),
        ("Laag 2,5", "5", "Laag 2,5 (VAT 5%)"),
        ("", "0", "VAT 0%"),
        (None, "9", "VAT 9%"),
        ("", None, "VAT"),
    ],
)
def test_a_vat_line_keeps_the_name_that_offorte_gives_at_any_rate(
    name: str | None, percentage: str | None, label: str
) -> None:
    vat = [{"percentage": percentage, "total": "0.00", "group_name": name}]
    assert [sum.label for sum in show(vat_lines=vat).sums if sum.kind == "vat"] == [label]


def test_hidden_vat_leaves_one_total() -> None:
    shown = show(is_vat_hidden=True, subtotal=Decimal(50), total=None, vat_lines=[{"percentage": "9", "total": "4"}])
    assert [(sum.label, sum.amount) for sum in shown.sums] == [("Total", "€\u00a050.00")]
    assert not shown.has_vat
    assert shown.note == "VAT not shown to the prospect"


THREE_AT_A_HUNDRED: dict[str, Any] = {"type": "price", "count": Decimal(3), "price": Decimal(100)}


def discounted(given: str, kind: str, subtotal: str, **columns: Any) -> PriceRow:
    values = {"discount": Decimal(given), "discount_type": kind, "subtotal": Decimal(subtotal)}
    return PriceRow(**THREE_AT_A_HUNDRED | values | columns)


@pytest.mark.parametrize("subtotal", ["300", "270.0000"])
@pytest.mark.parametrize(("discount", "kind"), [("10", "percentage"), ("30", "amount")])
def test_a_discounted_row_shows_what_its_discount_leaves(discount: str, kind: str, subtotal: str) -> None:
    shown = show(discounted(discount, kind, subtotal), subtotal=Decimal(270))
    [row] = shown.lines
    assert (row.listed, row.off, row.amount) == ("300.00", "−30.00", "270.00")
    assert shown.sum_note == ""


@pytest.mark.parametrize(
    ("own", "off", "mark"), [("270", "−30.00", "10% discount"), ("290", "−10.00", "10.00 discount")]
)
def test_a_discount_without_a_type_is_read_as_the_table_adds_up(own: str, off: str, mark: str) -> None:
    shown = show(discounted("10", "", "300"), subtotal=Decimal(own))
    [row] = shown.lines
    assert (row.off, row.amount, [each.text for each in row.marks]) == (off, f"{own}.00", [mark])
    assert shown.sum_note == ""


def test_a_discount_that_could_be_either_is_not_called_one_of_them() -> None:
    shown = show(discounted("10", "", "100", count=Decimal(1)), subtotal=Decimal(90))
    [row] = shown.lines
    assert (row.off, row.amount) == ("−10.00", "90.00")
    assert [each.text for each in row.marks] == ["discount 10 (percentage or amount unknown)"]


@pytest.mark.parametrize(
    "columns",
    [{"count": None}, {"price": None}, {"price": Decimal(90)}, {"discount": Decimal(-10)}, {"discount": None}],
)
def test_a_row_that_is_not_understood_stays_as_offorte_gave_it(columns: dict[str, Any]) -> None:
    [row] = show(discounted("10", "percentage", "299", **columns), subtotal=Decimal(299)).lines
    assert (row.listed, row.off, row.amount) == ("", "", "299.00")


def test_a_discount_takes_no_more_than_there_is() -> None:
    [row] = show(discounted("500", "amount", "300")).lines
    assert (row.off, row.amount) == ("−300.00", "0.00")


@pytest.mark.parametrize(
    ("own", "note"),
    [
        ("270", ""),
        ("270.01", "The rows add up to €\u00a0270.00. Offorte’s total differs because of rounding."),
        (
            "300",
            "The rows add up to €\u00a0270.00. Offorte’s total differs: recurring rows may not count.",
        ),
    ],
)
def test_rows_that_do_not_add_up_are_said_to(own: str, note: str) -> None:
    assert show(discounted("10", "percentage", "300"), subtotal=Decimal(own)).sum_note == note


def test_rows_add_up_without_options_subtotals_and_titles_and_less_discount_rows() -> None:
    rows = [
        PriceRow(type="title"),
        PriceRow(type="price", subtotal=Decimal(100)),
        PriceRow(type="price", subtotal=Decimal(7), userinput_optional=True, userinput_optional_checked=False),
        PriceRow(type="discount", discount=Decimal(5), discount_type="amount"),
        PriceRow(type="subtotal", subtotal=Decimal(95)),
    ]
    assert show(*rows, subtotal=Decimal(95), total=Decimal(115)).sum_note == ""
    assert show(*rows, subtotal=Decimal(1), total=Decimal(95), rows_include_vat=True).sum_note == ""
    assert show(*rows, subtotal=Decimal(95), is_vat_hidden=True).sum_note == ""
    unknown = PriceRow(type="price", subtotal=Decimal(1), userinput_optional=True)
    assert show(*rows, unknown, subtotal=Decimal(1)).sum_note == ""
    assert show(*rows, PriceRow(type="price"), subtotal=Decimal(1)).sum_note == ""
    assert show(*rows, subtotal=Decimal(1), rows_include_vat=None).sum_note == ""


@pytest.mark.parametrize(("included", "note"), [(True, "prices incl. VAT"), (False, "prices excl. VAT"), (None, "")])
def test_the_note_says_whether_prices_include_vat(included: bool | None, note: str) -> None:
    assert show(rows_include_vat=included).note == note
