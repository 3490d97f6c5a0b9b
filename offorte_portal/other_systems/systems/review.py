"""Checks quotes of every system for what is missing or does not add up."""

from dataclasses import replace
from decimal import Decimal

from offorte_portal.other_systems.systems.quote import Quote, Row
from offorte_portal.other_systems.systems.reading import LARGEST, Reading

# A smaller difference may come from rounding the rows.
CENT = Decimal("0.01")


def review(quote: Quote, reading: Reading) -> Quote:
    """Return the quote with the reading's notes and those of the checks that hold for all systems."""
    quote = replace(quote, rows=tuple(_review_row(row, reading) for row in quote.rows))
    _review_customer(quote, reading)
    _review_amounts(quote, reading)
    return replace(quote, notes=tuple(reading.notes))


def _review_row(row: Row, reading: Reading) -> Row:
    """Return the row without a total that is too large to be stored, as quantity times price may be."""
    if row.total is None or abs(row.total) < LARGEST:
        return row
    reading.note("unreadable", field=row.description, value=f"{row.total:.4g}")
    return replace(row, total=None)


def _review_customer(quote: Quote, reading: Reading) -> None:
    if quote.company is None:
        if not any(note.code == "customer_is_seller" for note in reading.notes):
            reading.note("customer_missing")
    elif not quote.company.name:
        reading.note("customer_nameless")
    if not any(person.email for person in quote.people):
        reading.note("person_missing")


def _review_amounts(quote: Quote, reading: Reading) -> None:
    if not quote.currency:
        reading.note("currency_missing")
    others = {row.currency for row in quote.rows if row.currency and row.currency != quote.currency}
    if others:
        reading.note("currencies_mixed", currencies=", ".join(sorted(others)))
    is_unsettled = any(note.code in {"money_scale", "precision"} for note in reading.notes)
    if quote.total is None and not is_unsettled:
        reading.note("total_missing")
    if not quote.rows and not is_unsettled:
        reading.note("rows_missing")
    if quote.rows and any(row.vat is None for row in quote.rows):
        reading.note("vat_unknown")
    totals = [row.total for row in quote.rows]
    if quote.total is None or not totals or None in totals or others:
        return
    added = sum((total for total in totals if total is not None), Decimal(0))
    if abs(added - quote.total) > CENT:
        reading.note("total_differs", rows=f"{added:.2f}", total=f"{quote.total:.2f}")
