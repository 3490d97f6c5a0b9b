"""What things are worth: every currency by itself, for a sum of several means nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Worth:
    """Amounts by currency, without those that are nought; of `unknown` things nobody has told what they are worth."""

    amounts: dict[str, Decimal] = field(default_factory=dict)
    unknown: int = 0

    def add(self, currency: str, amount: Decimal | None, unknown: int = 0) -> None:
        """Take in so much more in a currency; None is nothing."""
        if amount:
            self.amounts[currency] = self.amounts.get(currency, Decimal()) + amount
        self.unknown += unknown

    def part(self, percent: int) -> "Worth":
        """So many per cent of it."""
        return Worth({currency: amount * percent / 100 for currency, amount in self.amounts.items()}, self.unknown)

    @property
    def rank(self) -> Decimal:
        """What lines are sorted by: the greatest amount of any currency."""
        return max(self.amounts.values(), default=Decimal())


def total(parts: Iterable[Worth]) -> Worth:
    """All of these together, currency by currency."""
    whole = Worth()
    for part in parts:
        for currency, amount in part.amounts.items():
            whole.add(currency, amount)
        whole.unknown += part.unknown
    return whole
