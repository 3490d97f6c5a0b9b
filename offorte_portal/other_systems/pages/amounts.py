"""The choice of the unit of a system's amounts, as its page shows it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.money import write_amount
from offorte_portal.other_systems.calibration import DIVISORS, OPTION, find_examples
from offorte_portal.other_systems.models import Source
from offorte_portal.other_systems.opening import system_of
from offorte_portal.other_systems.pages.source_form import CalibrationForm

UNITS: dict[int, Promise] = {
    1: _("Whole units (euros)"),
    10: _("Tenths"),
    100: _("Cents"),
    1000: _("Thousandths"),
    10_000: _("Ten-thousandths"),
    100_000: _("Hundred-thousandths"),
}


@dataclass(frozen=True)
class Reading:
    """A way to read the amounts: (total without VAT, total with VAT or "") of each example."""

    divisor: int
    label: str
    amounts: list[tuple[str, str]]
    is_chosen: bool


def calibration_context(source: Source) -> dict[str, Any]:
    """Return what the page shows of the unit of the amounts; `calibration` is None where it is known anyway."""
    if not system_of(source).is_calibrated:
        return {"calibration": None, "divisor": None}
    divisor = source.options.get(OPTION)
    examples = find_examples(source)

    def write(amount: Decimal | None, currency: str) -> str:
        return "" if amount is None else write_amount(amount, currency)

    readings = [
        Reading(
            divisor=each,
            label=str(label),
            amounts=[
                (write(total, example.currency), write(with_vat, example.currency))
                for example in examples
                for total, with_vat in [example.read(each)]
            ],
            is_chosen=each == divisor,
        )
        for each, label in UNITS.items()
        if each in DIVISORS
    ]
    return {
        "calibration": CalibrationForm(),
        "divisor": divisor,
        "unit": UNITS.get(divisor, divisor) if divisor else "",
        "examples": examples,
        "readings": readings,
    }
