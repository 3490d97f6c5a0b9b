"""Finds the unit of a system's amounts with one quote whose total a person knows."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from offorte_portal.other_systems.mapping import remap
from offorte_portal.other_systems.models import ImportedQuote, Source
from offorte_portal.other_systems.opening import options_of, system_of
from offorte_portal.other_systems.records import parse

DIVISORS = (1, 10, 100, 1000, 10_000, 100_000)
OPTION = "money_divisor"
CENT = Decimal("0.01")


def calibrate(source: Source, quote: ImportedQuote, amount: Decimal) -> int:
    """Find the divisor by which the quote's total without VAT is `amount`, store it and map all quotes again.

    Returns the divisor. Raises ValidationError where no divisor fits, or where the total or the amount is 0 or missing.
    """
    # The total and VAT as the system gives them, not divided.
    made = system_of(source).mapper(options_of(source) | {OPTION: 1}).map(parse(quote.raw), {})
    total, vat = made.total, made.total_vat
    if not total or not amount:
        raise ValidationError(_("Choose a quote whose total is not nought."))
    divisor = find_divisor(total, amount)
    if divisor is None:
        if vat and find_divisor(total + vat, amount):
            raise ValidationError(_("That is the total with VAT. Enter the one without."))
        raise ValidationError(_("This amount does not fit the quote: the system says %(raw)s.") % {"raw": total})
    set_divisor(source, divisor)
    return divisor


def find_divisor(raw: Decimal, amount: Decimal) -> int | None:
    """Return the divisor that turns the raw amount into this amount to the cent; None where no divisor does."""
    fitting = (divisor for divisor in DIVISORS if (raw / divisor).quantize(CENT) == amount.quantize(CENT))
    return next(fitting, None)


def set_divisor(source: Source, divisor: int | None) -> None:
    """Store the divisor (None removes it) and map all quotes again."""
    with transaction.atomic():
        locked = Source.objects.select_for_update().get(pk=source.pk)
        source.options = locked.options | {OPTION: divisor}
        Source.objects.filter(pk=source.pk).update(options=source.options)
    remap(source)
