"""Finds the leading zeros that spreadsheets drop from what they take for numbers, and what the value was before."""

from collections.abc import Iterator, Mapping
from typing import Any

import phonenumbers

from offorte_portal.text.countries import country_code
from offorte_portal.text.keys import COC_DIGITS
from offorte_portal.text.phones import HOME

# Digits of company numbers, and of postcodes, where a country has as many in each.
_COMPANY_NUMBERS = {"NL": COC_DIGITS, "BE": 10}
_ZIPCODES = dict.fromkeys(("DE", "FR", "IT", "ES", "US", "FI", "EE", "LT", "HR", "CZ", "SK", "SE", "GR", "TR"), 5)
# Of phone numbers without a sign before the country: "31201234567".
_LEAST_WITH_COUNTRY = 10


def find_lost_zeros(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the fields whose values seem to have lost a zero (or a plus), each with the value repaired."""
    country = country_code(str(values.get("country", ""))) or HOME
    number = values.get("coc_number", "")
    if _is_number(number) and len(number) + 1 == _COMPANY_NUMBERS.get(country):
        yield "coc_number", f"0{number}"
    zipcode = values.get("zipcode", "")
    if values.get("country") and _is_number(zipcode) and len(zipcode) + 1 == _ZIPCODES.get(country):
        yield "zipcode", f"0{zipcode}"
    for field in ("phone", "mobile", "fax"):
        if repaired := _repair_phone(str(values.get(field, "")), country):
            yield field, repaired


def _is_number(text: object) -> bool:
    return isinstance(text, str) and text.isascii() and text.isdecimal() and not text.startswith("0")


def _repair_phone(text: str, country: str) -> str:
    """Return the number with its zero, or with a plus where it begins with a country; "" where neither makes one."""
    if not _is_number(text) or len(text) > 15:
        return ""
    if _is_valid(f"0{text}", country):
        return f"0{text}"
    return f"+{text}" if len(text) >= _LEAST_WITH_COUNTRY and _is_valid(f"+{text}", None) else ""


def _is_valid(number: str, country: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, country))
    except phonenumbers.NumberParseException:
        return False
