"""Amounts of money, kept per currency: a sum over several currencies would mean nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Worth:
    """Amounts by currency; `unknown` is the number of items whose value is not known."""

    amounts: dict[str, Decimal] = field(default_factory=dict)
    unknown: int = 0

    def add(self, currency: str, amount: Decimal | None, unknown: int = 0) -> None:
        """Add an amount, where there is one, and a number of items of unknown value."""
        if amount:
            self.amounts[currency] = self.amounts.get(currency, Decimal()) + amount
        self.unknown += unknown

    def part(self, percent: int) -> "Worth":
        """Return this percentage of the amounts; `unknown` stays the same."""
        return Worth({currency: amount * percent / 100 for currency, amount in self.amounts.items()}, self.unknown)

    @property
    def rank(self) -> Decimal:
        """The largest amount in any currency, which rows are sorted by."""
        return max(self.amounts.values(), default=Decimal())


def total(parts: Iterable[Worth]) -> Worth:
    """Add up the parts, currency by currency."""
    whole = Worth()
    for part in parts:
        for currency, amount in part.amounts.items():
            whole.add(currency, amount)
        whole.unknown += part.unknown
    return whole
