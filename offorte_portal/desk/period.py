"""The period in which the pipeline shows what was won, lost or closed; what is still open is always shown.

Periods begin with a month, because sums are kept by month.
"""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal.text.months import months_back


class Period(models.TextChoices):
    """The values of the parameter `period`; without one, this month and the two before it."""

    MONTH = "month", _("This month")
    QUARTER = "quarter", _("This quarter")
    RECENT = "recent", _("Last 3 months")
    YEAR = "year", _("This year")
    ALL = "all", _("All time")

    @classmethod
    def read(cls, value: str) -> "Period":
        """Return the period of this name; the usual one for any other text."""
        return cls(value) if value in cls.values else cls.RECENT

    def begin(self, today: date) -> date | None:
        """Return its first day; None for all time."""
        month = today.replace(day=1)
        match self:
            case Period.MONTH:
                return month
            case Period.QUARTER:
                return months_back(month, (today.month - 1) % 3)
            case Period.YEAR:
                return month.replace(month=1)
            case Period.ALL:
                return None
        return months_back(month, 2)
