"""Recognises lines of totals below (or between) the rows of a table: "Totaal: 2", "Summe", "12 records"."""

import re
from collections.abc import Sequence

_TOTAL = re.compile(
    r"(?:sub|eind|grand|gesamt|zwischen|general|generaal|algeheel)?[\s-]*"
    r"(?:totaal|totalen|total|totals|totaux|summe|gesamt|gesamtsumme|som|sum|saldo|aantal|number|anzahl|nombre|count)"
    r"(?:\s+(?:aantal|general|général|generaal|of|van|der|de|het|the|rows|rijen|regels|records|relaties|klanten|"
    r"bedrijven|companies|customers|contacts|contacten|personen|people|contactpersonen|producten|products|artikelen|"
    r"kunden|kontakte|firmen|zeilen|datensätze|btw|excl|incl|vat))*\.?",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"[\d.,]+\s+(?:rows|rijen|regels|records|relaties|klanten|bedrijven|companies|customers|contacts|contacten|personen|"
    r"people|contactpersonen|producten|products|artikelen|kunden|kontakte|firmen|zeilen|datensätze|items|resultaten)\.?",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"[-+(]?\s*[€$£]?\s*[-+]?\d[\d.,' \u00a0]*\s*(?:[€$£%]|EUR)?,?-?\)?", re.IGNORECASE)
# Longer text and rows of more filled cells are not matched.
LONGEST, MOST_CELLS = 60, 40


def is_total(cells: Sequence[str], *, is_last: bool) -> bool:
    """Return whether a row is a total: a word for it in its first filled cell, and nothing but amounts otherwise.

    A word without any amount is one only in the last row: a company may be called "Total".
    """
    filled = [cell.strip() for cell in cells if cell and not cell.isspace()]
    if not filled or len(filled) > MOST_CELLS or len(filled[0]) > LONGEST:
        return False
    first, *others = filled
    word, amount = _split(first)
    is_counted = bool(_COUNTED.fullmatch(first))
    if not is_counted and not (_TOTAL.fullmatch(word) and (amount or others or is_last)):
        return False
    return all(len(cell) <= LONGEST and _AMOUNT.fullmatch(cell) for cell in others)


def _split(text: str) -> tuple[str, str]:
    """Return the words of a text, and the amount behind them: "Totaal: 2"."""
    match = re.fullmatch(r"(.*?)[\s:=]*([-(€$£]*\s*\d[\d.,]*\)?)?[\s:=]*", text)
    return (match[1].strip(" :="), match[2] or "") if match else (text, "")
