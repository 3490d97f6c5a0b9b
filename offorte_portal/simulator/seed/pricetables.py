"""Price tables as sales people fill them: rows of every type, with HTML written (and pasted) by people."""

import random
from decimal import Decimal

from offorte_portal.simulator.pricing import PriceRow, PriceTable
from offorte_portal.simulator.records import Record
from offorte_portal.simulator.seed.contacts import pick

TABLE_IDS = ("pricetable1", "opties", "eenmalig", "maandelijks", "onderhoud")
QUANTITIES = tuple(Decimal(text) for text in ("1", "1", "1", "2", "3", "2.5", "0.75"))
LARGE_QUANTITIES = tuple(Decimal(text) for text in ("1", "1", "4", "8", "12", "7.5", "36", "100"))
VATS = (Decimal(21),) * 8 + (Decimal(9), Decimal(0))
DISCOUNTS = tuple(Decimal(text) for text in ("5", "10", "12.5", "15", "50"))
AMOUNTS = tuple(Decimal(text) for text in ("25", "100", "249.95", "500"))
TITLES = (
    "<p><strong>Materiaal</strong></p>",
    "<p><strong>Arbeid</strong></p>",
    "<h3>Opties</h3>",
    "<p>Fase 2</p>",
)
FORMS = (
    "<p>{name}</p>",
    "<p>{name}</p>",
    "<p>{name}</p>",
    "<p><strong>{name}</strong><br>{text}</p>",
    "<p>{name}</p><ul><li>{text}</li><li>Inclusief montage</li></ul>",
    '<p style="color: #1f3864; font-size: 11pt;">{name}</p><p style="margin: 0 0 0 12px">{text}</p>',
    (
        "<table border='1' cellpadding=4><tr><th>Omschrijving</th><th>Eenheid</th></tr>"
        "<tr><td>{name}</td><td>{text}</td></tr></table>"
    ),
    "<ol><li>Demonteren</li><li>{name}</li><li>Opleveren &amp; uitleg</li></ol>",
)
PASTED = (
    "<p>{name}</p><script>window.alert('geplakt uit een webwinkel')</script>",
    (
        "<p onclick=\"window.open('https://volg.example')\">{name}</p>"
        '<img src="https://volg.example/pixel.gif" onerror="alert(1)">'
    ),
    '<p>{name} <a href="javascript:alert(1)">meer informatie</a></p><iframe src="https://volg.example"></iframe>',
)


class TableMaker:
    """Makes price tables from an account's products."""

    def __init__(self, rng: random.Random, products: list[Record], vat_of: dict[int, Decimal]) -> None:
        self._rng = rng
        self._vat_of = vat_of
        # The HTML of a product is made once: hundreds of thousands of rows then share their strings.
        self._products = [(product, _html(rng, number, product)) for number, product in enumerate(products)]
        self._next_unique = 0

    def make(self) -> list[PriceTable]:
        """One to five tables, about 28 rows together; now and then a very long one."""
        rng = self._rng
        tables = pick(rng, (1, 2, 2, 3, 3, 4, 5))
        return [self._table(TABLE_IDS[number]) for number in range(tables)]

    def _table(self, id: str) -> PriceTable:
        rng = self._rng
        count = int(3 + rng.random() ** 2 * 20) if rng.random() < 0.98 else 45
        rows = [self._price_row() for _ in range(count)]
        if rng.random() < 0.5:
            rows.insert(0, self._plain_row("title", pick(rng, TITLES)))
        if count > 6:
            rows.insert(count // 2, self._plain_row("subtotal", "<p>Subtotaal</p>"))
            rows.insert(count // 2 + 1, self._plain_row("title", pick(rng, TITLES)))
        if rng.random() < 0.35:
            rows.append(self._discount_row())
        if rng.random() < 0.4:
            rows.append(self._plain_row("subtotal", "<p>Totaal van deze tabel</p>"))
        return PriceTable(id, rows, is_vat_hidden=rng.random() < 0.08, has_vat_in_rows=rng.random() < 0.15)

    def _price_row(self) -> PriceRow:
        rng = self._rng
        product, html = pick(rng, self._products) if self._products else (None, "<p>Stelpost</p>")
        is_optional = rng.random() < 0.15
        price: Decimal = product["price"] if product else Decimal(250)
        row = PriceRow(
            "price",
            html,
            pick(rng, QUANTITIES if price > 200 else LARGE_QUANTITIES),
            price,
            self._vat_of[product["vat_id"]] if product else pick(rng, VATS),
            is_optional=is_optional,
            is_chosen=is_optional and rng.random() < 0.5,
            has_user_quantity=rng.random() < 0.1,
            unique_id=self._unique(),
        )
        if product and rng.random() < 0.8:
            row.product_id, row.sku = product["id"], product["sku"]
        if rng.random() < 0.08:
            row.discount_type, row.discount_value = "percentage", pick(rng, DISCOUNTS)
        if rng.random() < 0.04:
            row.recurring_type = pick(rng, ("monthly", "yearly"))
            row.is_recurring_in_totals = rng.random() < 0.5
        if rng.random() < 0.02:
            row.is_price_hidden = row.is_quantity_hidden = True
        return row

    def _discount_row(self) -> PriceRow:
        if self._rng.random() < 0.7:
            value = pick(self._rng, DISCOUNTS)
            text = f"<p>Korting {value}%</p>"
            return PriceRow(
                "discount", text, discount_type="percentage", discount_value=value, unique_id=self._unique()
            )
        value = pick(self._rng, AMOUNTS)
        return PriceRow(
            "discount",
            "<p>Eenmalige korting</p>",
            discount_type="amount",
            discount_value=value,
            unique_id=self._unique(),
        )

    def _plain_row(self, type: str, content: str) -> PriceRow:
        return PriceRow("title" if type == "title" else "subtotal", content, unique_id=self._unique())

    def _unique(self) -> str:
        self._next_unique += 1
        return f"{self._next_unique * 2654435761 % 4294967296:08x}"


def _html(rng: random.Random, number: int, product: Record) -> str:
    """Three in forty products have something pasted in, so that even a small account shows it."""
    form = PASTED[number % 40 - 1] if number % 40 in {1, 2, 3} else pick(rng, FORMS)
    return form.format(name=product["name"], text=product["descr_short"] or "Levering binnen 2 weken")
