"""What people write in fields whose values go to Offorte, in forms and in files alike. Checked here, and only here."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from offorte_portal.api.amounts import read_amount

LINE_CHARACTERS = 255
TEXT_CHARACTERS = 10_000
WHOLE_DIGITS = 15
DECIMALS = 4
# "1.000" is a thousand to some and one to others: nobody's price is guessed at.
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


def parse_amount(text: str) -> Decimal:
    """An amount with a comma or a point. Raises ValidationError with what to write instead."""
    if _AMBIGUOUS.fullmatch(text):
        whole = re.sub(r"\D", "", text)
        raise ValidationError(
            _("“%(text)s” can be read in two ways. Write %(large)s, or %(small)s with more or fewer decimals.")
            % {"text": text, "large": whole, "small": text.replace(",", ".").rstrip("0").rstrip(".")}
        )
    amount = read_amount(text)
    if amount is None:
        raise ValidationError(_("This is no amount. Write it like 1234.50 or 1.234,50."))
    if abs(amount) >= Decimal(10) ** WHOLE_DIGITS:
        raise ValidationError(_("An amount has at most %d digits before the decimals.") % WHOLE_DIGITS)
    if amount != round(amount, DECIMALS):
        raise ValidationError(_("An amount has at most %d decimals.") % DECIMALS)
    return amount
