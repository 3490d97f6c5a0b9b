"""Phone numbers in all the ways in which people write one."""

from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

from offorte_portal.text.countries import country_code

# Where a number without a country code is dialled, unless its address says otherwise.
HOME = "NL"
SERVICES = frozenset({PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})


def phone_forms(phone: str, country: str = "") -> list[str]:
    """Return the digits of each number in the text, as dialled at home and from abroad; as they stand if unreadable."""
    forms = [form for number in _numbers(phone, country_code(country) or HOME) for form in _forms(number)]
    return list(dict.fromkeys(forms)) or [digits for digits in [_digits(phone)] if digits]


def dialled_core(phone: str) -> str:
    """Return the digits that follow country code and trunk zero, "" unless the text is one possible number."""
    number = _parse(phone, HOME)
    return phonenumbers.national_significant_number(number) if number else ""


def dialled(phone: str, country: str = "") -> str:
    """Return the first number in the text as dialled from anywhere ("+31201234567"); "" if there is none.

    A service number ("0800 0123", "14 076") works at home only, and is returned as it is dialled there.
    """
    number = next(_numbers(phone, country_code(country) or HOME), None)
    if number is None:
        return ""
    if phonenumbers.number_type(number) in SERVICES or not phonenumbers.can_be_internationally_dialled(number):
        return _digits(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _numbers(text: str, region: str) -> Iterator[PhoneNumber]:
    if number := _parse(text, region):
        yield number
    elif _digits(text):
        for match in phonenumbers.PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.POSSIBLE):
            yield match.number


def _parse(text: str, region: str) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _forms(number: PhoneNumber) -> Iterator[str]:
    core = phonenumbers.national_significant_number(number)
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    trunk = phonenumbers.ndd_prefix_for_region(region, True)
    yield f"{trunk or ''}{core}"
    yield f"{number.country_code}{core}"


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isascii() and character.isdigit())
