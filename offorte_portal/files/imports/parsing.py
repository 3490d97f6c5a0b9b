"""Converts the text of a cell to a value for Offorte. Parsers raise ValidationError, and are not given empty text."""

import re
from datetime import date
from decimal import Decimal
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language

from offorte_portal.files.exports.cells import remove_guards
from offorte_portal.files.reasons import ImportReason
from offorte_portal.runs.reasons import invalid
from offorte_portal.text.countries import country_code, country_name
from offorte_portal.text.dates import read_date
from offorte_portal.writes.amounts import LINE_CHARACTERS, TEXT_CHARACTERS, parse_amount, parse_percentage

_YES = {"yes", "true", "1", "x", "ja", "j", "y", "waar"}
_NO = {"no", "false", "0", "nee", "n", "onwaar"}


# What is between several numbers in a cell; Google's exports have three colons.
_BETWEEN_NUMBERS = re.compile(r"\s*(?:::+|[;\n]|,\s|\s/\s|\bof\b|\bor\b)\s*")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"|]+@[^\s@<>()\[\],;:\"|]+")
LEAST_DIGITS = 6


def unguard(text: str) -> str:
    """Return the text of a cell without outer blanks and guards. Raises ValidationError for a formula without guard."""
    text = text.strip()
    if text.startswith("="):
        raise invalid(ImportReason.FORMULA(text=text[:40]))
    return remove_guards(text).strip()


def parse_line(text: str) -> str:
    """Return the text, which has to be one line. Raises ValidationError."""
    if any(sign in text for sign in "\r\n\0"):
        raise invalid(ImportReason.ONE_LINE())
    if len(text) > LINE_CHARACTERS:
        raise invalid(ImportReason.TOO_LONG(most=LINE_CHARACTERS))
    return text


def parse_text(text: str) -> str:
    """Return the text, which may have several lines, with Unix line endings. Raises ValidationError."""
    if len(text) > TEXT_CHARACTERS:
        raise invalid(ImportReason.TOO_LONG(most=TEXT_CHARACTERS))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_email(text: str) -> str:
    """Return the text, which has to be an e-mail address. Raises ValidationError."""
    try:
        validate_email(parse_line(text))
    except ValidationError:
        raise invalid(ImportReason.NO_EMAIL(text=text[:80])) from None
    return text


def split_emails(text: str) -> list[str]:
    """Return the addresses in a cell such as "Eva <eva@zon.example>; mailto:i@zon.example", or the text without any."""
    if "mailto:" in text.casefold():
        text = unquote(re.sub(r"(?i)mailto:([^\s?]*)\S*", r" \1 ", text))
    found = [address.strip(".'") for address in _ADDRESS.findall(text)]
    return list(dict.fromkeys(found)) or [text]


def split_numbers(text: str) -> list[str]:
    """Return the telephone numbers in a cell, or the text where it is not several whole ones."""
    parts = _BETWEEN_NUMBERS.split(text.removeprefix("tel:"))
    is_whole = all(sum(character.isdigit() for character in part) >= LEAST_DIGITS for part in parts)
    return parts if is_whole else [text]


def parse_street(text: str) -> str:
    """Return the lines of an address as one. Raises ValidationError."""
    return parse_line(", ".join(filter(None, (line.strip(" ,") for line in text.splitlines()))))


def parse_country(text: str) -> str:
    """Return the name of a country in the active language, or the text if it is unknown. Raises ValidationError."""
    code = country_code(parse_line(text))
    return country_name(code, get_language() or "") if code else text


def parse_price(text: str) -> str:
    """Return an amount as text, with two decimals or more where it has more. Raises ValidationError."""
    return _write(parse_amount(text))


def parse_percent(text: str) -> str:
    """Return a percentage as text, without its sign. Raises ValidationError."""
    return _write(parse_percentage(text))


def _write(amount: Decimal) -> str:
    cents = amount.quantize(Decimal("0.01"))
    return str(cents if cents == amount else amount.normalize())


def parse_yes_no(text: str) -> bool:
    """Return whether the text is a yes, in English or Dutch. Raises ValidationError where it is neither yes nor no."""
    word = text.casefold()
    if word not in _YES | _NO:
        raise invalid(ImportReason.NOT_YES_NO(text=text[:40]))
    return word in _YES


def parse_id(text: str) -> int:
    """Return an Offorte ID, which may have a # before it. Raises ValidationError."""
    digits = text.removeprefix("#")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 18) or int(digits) < 1:
        raise invalid(ImportReason.NO_ID(text=text[:40]))
    return int(digits)


def parse_date(text: str) -> date:
    """Return a date, read as `text.dates` says, or a day as Excel counts it. Raises ValidationError."""
    found = read_date(text, has_serials=True)
    if found is None:
        raise invalid(ImportReason.NO_DATE(text=text[:40]))
    return found
