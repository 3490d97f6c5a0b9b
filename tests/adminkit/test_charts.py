"""Charts that the server draws."""

from decimal import Decimal
from functools import partial

from django.template.loader import render_to_string
from django.utils import translation

from offorte_portal.adminkit.charts import HEIGHT, WIDTH, Bar, Slot, draw
from offorte_portal.adminkit.money import write_short


def test_bars_are_as_high_as_their_values_and_stay_inside() -> None:
    chart = draw(
        [Slot("Jan", [Bar(Decimal(100), "100"), Bar(Decimal(50), "50")]), Slot("Feb", [Bar(Decimal(0), "0")] * 2)]
    )
    first, second = chart.slots[0].bars
    assert float(first.height) == 2 * float(second.height)
    assert chart.slots[1].bars[0].height == "0.0"
    for slot in chart.slots:
        for drawn in slot.bars:
            assert 0 <= float(drawn.x) <= float(drawn.x) + float(drawn.width) <= WIDTH
            assert 0 <= float(drawn.y) <= float(drawn.y) + float(drawn.height) <= HEIGHT


def test_what_is_not_nought_is_seen() -> None:
    chart = draw([Slot("Jan", [Bar(Decimal(1), "1"), Bar(Decimal(10**9), "much")])])
    assert float(chart.slots[0].bars[0].height) == 2


def test_nothing_at_all_can_be_drawn() -> None:
    assert draw([]).slots == []
    assert draw([Slot("Jan", [Bar(Decimal(0), "0")])]).slots[0].bars[0].height == "0.0"


def test_numbers_have_points_and_words_are_escaped() -> None:
    chart = draw([Slot("Jan", [Bar(Decimal(1), "<b>", "/list/?a=1&b=2")])])
    html = render_to_string("desk/chart.html", {"chart": chart, "label": "Won"})
    assert "&lt;b&gt;" in html
    assert 'href="/list/?a=1&amp;b=2"' in html
    assert "," not in html
    assert "style=" not in html


def test_the_axis_has_round_numbers_up_to_the_highest_bar() -> None:
    def axis(*values: float) -> list[str]:
        chart = draw([Slot("Jan", [Bar(Decimal(str(value)), "") for value in values])])
        return [tick.text for tick in chart.ticks]

    assert axis(5) == ["0", "2", "4", "6"]
    assert axis(1) == ["0", "1"]
    assert axis(0.3, 0.9) == ["0", "0.5", "1"]
    assert axis(83_000, 12) == ["0", "50k", "100k"]
    assert axis(1_300_000) == ["0", "500k", "1M", "1.5M"]
    assert axis() == ["0", "1"]
    for most in range(1, 500, 7):
        assert 2 <= len(axis(most)) <= 5


def test_an_axis_has_its_unit_in_the_readers_notation() -> None:
    slots = [Slot("Jan", [Bar(Decimal(1_500_000), "")])]
    with translation.override("nl"):
        chart = draw(slots, write=partial(write_short, currency="EUR"))
    assert [tick.text for tick in chart.ticks][::3] == ["€\u00a00", "€\u00a01,5 mln"]


def test_labels_are_left_out_where_they_do_not_fit() -> None:
    months = [Slot(f"m{number}", [Bar(Decimal(number + 1), "", label="1,234,567")] * 2) for number in range(60)]
    chart = draw(months)
    assert not [bar.label for slot in chart.slots for bar in slot.bars if bar.label]
    shown = [slot.label for slot in chart.slots if slot.label]
    assert shown[0] == "m0"
    assert 5 <= len(shown) <= 20
    few = draw([Slot("Won", [Bar(Decimal(3), "", label="3")]), Slot("None", [Bar(Decimal(), "", label="0")])])
    assert [bar.label for slot in few.slots for bar in slot.bars] == ["3", ""]


def test_a_group_is_written_where_it_begins() -> None:
    bars = [Bar(Decimal(1), "")]
    chart = draw([Slot("Nov", bars, "2025"), Slot("Dec", bars, "2025"), Slot("Jan", bars, "2026")])
    assert [slot.group for slot in chart.slots] == ["2025", "", "2026"]


def test_a_group_that_ends_at_once_leaves_its_place_to_the_next() -> None:
    years = ["2025", *["2026"] * 11]
    chart = draw([Slot("Dec", [Bar(Decimal(1), "")], year) for year in years])
    assert [slot.group for slot in chart.slots][:3] == ["", "2026", ""]


def test_every_value_is_in_a_table() -> None:
    chart = draw([Slot("Jan", [Bar(Decimal(7), "January: 7 won", text="€ 7")])], series=["Won"])
    html = render_to_string("desk/chart.html", {"chart": chart, "label": "Won by month"})
    assert '<th scope="col" class="right">Won</th>' in html
    assert '<td class="number right">€ 7</td>' in html
