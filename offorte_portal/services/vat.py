"""VAT numbers: whether one can be right. Offorte decides what it takes; the portal only warns."""

from django.utils.translation import gettext as _
from stdnum import get_cc_module
from stdnum.eu.vat import MEMBER_STATES
from stdnum.exceptions import ValidationError

# Northern Ireland has a prefix of its own, Greece one that is not its country's.
_PREFIXES = {"EL": "gr", "XI": "gb"}
_OTHERS = {"gb", "ch", "no"}


def doubt_vat_number(number: str) -> str:
    """What looks wrong with a VAT number, in words; "" where nothing does, or where there is no number."""
    compact = "".join(character for character in number if character.isalnum()).upper()
    if not compact:
        return ""
    prefix = compact[:2]
    country = _PREFIXES.get(prefix, prefix.lower())
    if not prefix.isalpha():
        return _("A VAT number begins with the letters of its country, such as NL.")
    if country not in {*MEMBER_STATES, *_OTHERS}:
        return ""
    module = get_cc_module(country, "vat")
    if module is None:
        return ""
    try:
        module.validate(compact)
    except ValidationError:
        return _("“%(number)s” is no valid VAT number of the country that it begins with.") % {"number": number}
    return ""
