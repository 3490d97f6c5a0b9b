"""Plausibility check of VAT numbers. Offorte decides what it accepts; the portal only warns."""

from stdnum import get_cc_module
from stdnum.eu.vat import MEMBER_STATES
from stdnum.exceptions import ValidationError

from offorte_portal.text.reason import Reason

# Northern Ireland has a prefix of its own; that of Greece is not its country code.
_PREFIXES = {"EL": "gr", "XI": "gb"}
_OTHERS = {"gb", "ch", "no"}


def check_vat_number(number: str) -> Reason | None:
    """Return what looks wrong with a VAT number; None where nothing does, or where it can't be checked or is empty."""
    compact = "".join(character for character in number if character.isalnum()).upper()
    if not compact:
        return None
    prefix = compact[:2]
    country = _PREFIXES.get(prefix, prefix.lower())
    if not prefix.isalpha():
        return Reason("text.vat_without_country")
    if country not in {*MEMBER_STATES, *_OTHERS}:
        return None
    module = get_cc_module(country, "vat")
    if module is None:
        return None
    try:
        module.validate(compact)
    except ValidationError:
        return Reason("text.vat_invalid", {"number": number})
    return None
