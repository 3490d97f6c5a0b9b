"""The rows of a copy: their totals, and what people wrote as text."""

from decimal import Decimal
from typing import Any

import pytest

from offorte_portal.connections.models import Connection
from offorte_portal.other_systems.copy_plan import make_row, paragraphs_of
from offorte_portal.other_systems.models import QuoteRow
from tests.other_systems.conftest import choose

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("row", "count", "price", "content"),
    [
        ({"quantity": 3, "total": Decimal(300)}, "3", "100", "<p>Verf</p>"),
        ({"quantity": 40, "total": Decimal(25020), "price": 695}, "40", "625.5", "<p>Verf</p>"),
        ({"quantity": 20, "total": Decimal(27400), "unit": "st"}, "20", "1370", "<p>Verf (st)</p>"),
        ({"quantity": 3, "total": Decimal(100), "unit": "st"}, "1", "100", "<p>3 st × Verf</p>"),
        ({"quantity": 0, "total": Decimal(10)}, "1", "10", "<p>0 × Verf</p>"),
        ({"quantity": Decimal("1.5"), "price": Decimal(10), "total": None}, "1.5", "10", "<p>Verf</p>"),
        ({"quantity": 1, "total": Decimal(-50)}, "1", "-50", "<p>Verf</p>"),
    ],
)
def test_rows_come_to_their_own_totals(row: dict[str, Any], count: str, price: str, content: str) -> None:
    numbers = {name: value if isinstance(value, str | None) else Decimal(value) for name, value in row.items()}
    made = make_row(QuoteRow(description="Verf", **numbers), choose(Connection()))
    assert (made["count"], made["price"], made["content"], made["vat_percentage"]) == (count, price, content, "21")


def test_what_people_wrote_is_text_and_no_html() -> None:
    row = QuoteRow(description="<b>x</b> & y", quantity=Decimal(1), total=Decimal(1), vat=Decimal("9.0000"))
    made = make_row(row, choose(Connection()))
    assert (made["content"], made["vat_percentage"]) == ("<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>", "9")


def test_text_of_several_paragraphs() -> None:
    assert paragraphs_of("a\r\n\r\n b\n<c>") == "<p>a</p><p> b<br>&lt;c&gt;</p>"
