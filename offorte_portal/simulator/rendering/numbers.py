"""Amounts and moments in the forms in which Offorte prints them."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONTHS = {
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    "en": ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
}


def to_number(amount: Decimal) -> int | float:
    """A JSON number, without a fraction where there is none."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def display(amount: Decimal, *, currency: str, form: int) -> str:
    """An amount as screens print it; `form` picks one of the ways seen: "€ 45.521,00", "€45,521.00", "€ 45521,00"."""
    grouped = f"{amount:,.2f}"
    if currency != "EUR":
        return f"${grouped}"
    if form % 8 == 3:
        return f"€{grouped}"
    if form % 8 == 6:
        return f"€ {amount:.2f}".replace(".", ",")
    return "€ " + grouped.translate({ord(","): ".", ord("."): ","})


def printed(at: datetime, form: int) -> str:
    """ "15 jun 2018 (06:49)" in Dutch time; months are Dutch or, for odd forms, English."""
    local = at.astimezone(AMSTERDAM)
    month = MONTHS["en" if form % 2 else "nl"][local.month - 1]
    return f"{local.day} {month} {local.year} ({local.hour:02}:{local.minute:02})"


def stamped(at: datetime) -> str:
    """ "2020-06-15 18:05:59" in Dutch time."""
    return at.astimezone(AMSTERDAM).isoformat(" ", "seconds")[:19]


def iso(at: datetime) -> str:
    """ "2024-06-15T18:05:59.000000Z", in UTC."""
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
