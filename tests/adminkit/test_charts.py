"""Charts that the server draws."""

from decimal import Decimal

from django.template.loader import render_to_string

from offorte_portal.adminkit.charts import HEIGHT, WIDTH, Bar, Slot, draw


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
