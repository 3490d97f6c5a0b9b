"""What the script of the composer adds up and reads is what the server does."""

import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from offorte_portal.compose.sources import write_number
from offorte_portal.compose.totals import PricedRow, Vat, add_up
from offorte_portal.text.amounts import read_amount, read_percentage
from tests.text.amount_cases import CASES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


SCRIPTS = Path(settings.BASE_DIR) / "offorte_portal/compose/static/compose/js"


def make_line(chance: random.Random) -> PricedRow:
    kind = chance.choice(["price"] * 5 + ["discount", "subtotal", "title"])
    if kind == "discount":
        return PricedRow(kind, discount=Decimal(chance.choice([0, 100, 150, chance.randrange(10**6)])) / 10**4)
    if kind != "price":
        return PricedRow(kind)
    digits = 10 ** chance.randrange(1, 14)
    return PricedRow(
        kind,
        Decimal(chance.randrange(-(10**4), 10**7)) / 10 ** chance.randrange(5),
        Decimal(chance.randrange(-digits // 9, digits)) / 10**4,
        Decimal(chance.choice(["0", "6", "9", "21", "5.5", "12"])),
        counts=chance.random() < 0.8,
    )


def plain(line: PricedRow) -> dict[str, Any]:
    names = {"count": line.quantity, "price": line.price, "vat": line.vat, "discount": line.discount}
    return {"type": line.type, "counts": line.counts} | {name: write_number(value) for name, value in names.items()}


ADD_UP = """(tables) => tables.map(([vat, lines]) => {
    const names = ["count", "price", "vat", "discount"];
    const units = (line) => Object.fromEntries(names.map((name) => [name, composeTotals.toUnits(line[name])]));
    const sums = composeTotals.addUp(lines.map((line) => ({ ...line, ...units(line) })), vat);
    return JSON.stringify(sums, (_key, value) => (typeof value === "bigint" ? String(value) : value));
})"""


def cents(amount: Decimal | None) -> str | None:
    return None if amount is None else str(int(amount * 100))


def test_tables_add_up_in_the_browser_as_on_the_server(page: Page) -> None:
    page.add_script_tag(path=SCRIPTS / "compose_totals.js")
    chance = random.Random(20261121)
    tables = [(chance.choice(list(Vat)), [make_line(chance) for _ in range(chance.randrange(25))]) for _ in range(1000)]
    told = page.evaluate(ADD_UP, [[vat.value, [plain(line) for line in lines]] for vat, lines in tables])
    for (vat, lines), text in zip(tables, told, strict=True):
        theirs, ours = json.loads(text), add_up(lines, vat)
        rows = [cents(amount) for amount in ours.rows]
        assert theirs["rows"] == rows
        assert theirs["vat"] == [
            [str(int(rate * 10**4)), cents(base), cents(amount)] for rate, base, amount in ours.vat
        ]
        sums = {name: cents(getattr(ours, name)) for name in ("net", "total", "options")}
        assert {name: theirs[name] for name in sums} == sums


PASTED = ["", " ", "21%", "21 %", "5,5 procent", "5.500%", "abc%"]


def read_on_server(text: str, language: str) -> list[str | None]:
    found = (read_amount(text, language), read_percentage(text, language))
    return [None if amount is None else write_number(amount) for amount in found]


@pytest.mark.parametrize(("language", "decimal"), [("nl", ","), ("en", ".")])
def test_amounts_are_read_in_the_browser_as_on_the_server(page: Page, language: str, decimal: str) -> None:
    page.add_script_tag(path=SCRIPTS / "compose_totals.js")
    chance = random.Random(language)
    drawn = ["".join(chance.choices("0123456789.,' €-k%()", k=chance.randrange(1, 12))) for _ in range(2_000)]
    texts = [text for text, _dutch, _english in CASES] + PASTED + drawn
    readers = "[composeTotals.read, composeTotals.readPercentage]"
    script = f"([texts, decimal]) => texts.map((text) => {readers}.map((read) => read(text, decimal)))"
    read = page.evaluate(script, [texts, decimal])
    other = {text: (theirs, read_on_server(text, language)) for text, theirs in zip(texts, read, strict=True)}
    assert {text: pair for text, pair in other.items() if pair[0] != pair[1]} == {}
