"""Remembered prices as people read them."""

from django.utils.translation import gettext as _

from offorte_portal.adminkit.money import UNKNOWN, write_amount
from offorte_portal.adminkit.reports import percent
from offorte_portal.adminkit.words import number
from offorte_portal.prices.memory import Remembered


def say_source(source: str) -> str:
    """Write where a remembered price comes from; "" where its proposal is no longer known."""
    return _("as in %(proposal)s") % {"proposal": source} if source else ""


def say_basis(*, includes_vat: bool) -> str:
    return _("incl. VAT") if includes_vat else _("excl. VAT")


def say_share(won: int, lost: int) -> str:
    """Write the percentage won of those won and lost, with both numbers; a dash without any."""
    if not won + lost:
        return UNKNOWN
    share = percent(100 * won / (won + lost))
    return _("%(share)s (%(won)s of %(decided)s)") % {"share": share, "won": number(won), "decided": number(won + lost)}


def say_range(remembered: Remembered) -> str:
    """Write the range of prices: one amount where there is but one."""
    low, high = (write_amount(amount, remembered.currency) for amount in (remembered.low, remembered.high))
    return low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def say_spread(remembered: Remembered) -> str:
    """Write how many prices were used lately; "" where it was one."""
    if not remembered.is_spread:
        return ""
    return _("%(count)s different prices in the last 30 days of use: %(low)s to %(high)s") % {
        "count": number(remembered.recent_prices),
        "low": write_amount(remembered.recent_low, remembered.currency),
        "high": write_amount(remembered.recent_high, remembered.currency),
    }
