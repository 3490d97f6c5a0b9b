"""Finds the unit of a system's amounts: a person chooses how the amounts of a few quotes are read."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from offorte_portal.other_systems.mapping import remap
from offorte_portal.other_systems.models import ImportedQuote, Source
from offorte_portal.other_systems.opening import options_of, system_of
from offorte_portal.other_systems.records import parse
from offorte_portal.other_systems.systems.quote import Quote

DIVISORS = (1, 10, 100, 1000, 10_000, 100_000)
OPTION = "money_divisor"
CENT = Decimal("0.01")
# How many quotes are shown to choose by, of how many of the newest.
EXAMPLES, MOST_LOOKED_AT = 3, 50


@dataclass(frozen=True, slots=True)
class Example:
    """A quote to choose by, with its amounts as the system gives them; `vat` is None where it gives none."""

    quote: ImportedQuote
    total: Decimal
    vat: Decimal | None
    currency: str

    def read(self, divisor: int) -> tuple[Decimal, Decimal | None]:
        """Return the total without and with VAT, in whole units, if the amounts are divided by this."""
        total = self.total / divisor
        return total, None if self.vat is None else total + self.vat / divisor


def find_examples(source: Source) -> list[Example]:
    """Return the newest quotes with a total that is not 0, with different totals as far as there are any."""
    found: dict[Decimal, Example] = {}
    for example in _read_newest(source):
        found.setdefault(example.total, example)
        if len(found) == EXAMPLES:
            break
    return list(found.values())


def _read_newest(source: Source) -> Iterator[Example]:
    newest = source.quotes.present().exclude(raw="").order_by("-quoted_on", "-pk")
    for quote in islice(newest.iterator(chunk_size=MOST_LOOKED_AT), MOST_LOOKED_AT):
        plain = map_plainly(source, quote)
        if plain.total:
            yield Example(quote, plain.total, plain.total_vat, plain.currency)


def map_plainly(source: Source, quote: ImportedQuote) -> Quote:
    """Return the quote with its amounts as the system gives them, not divided."""
    return system_of(source).mapper(options_of(source) | {OPTION: 1}).map(parse(quote.raw), {})


def choose(source: Source, divisor: int) -> None:
    """Store how amounts are read and map all quotes again. Raises ValidationError for what is none of DIVISORS."""
    if divisor not in DIVISORS:
        raise ValidationError(_("Choose the row with the right amounts."))
    set_divisor(source, divisor)


def calibrate(source: Source, quote: ImportedQuote, amount: Decimal) -> int:
    """Find the divisor by which the quote's total without VAT is `amount`, store it and map all quotes again.

    Returns the divisor. Raises ValidationError where no divisor fits, or where the total or the amount is 0 or missing.
    """
    plain = map_plainly(source, quote)
    total, vat = plain.total, plain.total_vat
    if not total or not amount:
        raise ValidationError(_("Choose a quote with a total other than 0."))
    divisor = find_divisor(total, amount)
    if divisor is None:
        if vat and find_divisor(total + vat, amount):
            raise ValidationError(_("This is the total including VAT. Enter the total excluding VAT."))
        raise ValidationError(_("This amount doesn’t match the quote. The system gives %(raw)s.") % {"raw": total})
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
