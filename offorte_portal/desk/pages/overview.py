"""The figures of the home page in words: what is open, what was won, and the comparison with last quarter."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal.adminkit.charts import Bar, Chart, Slot, draw
from offorte_portal.adminkit.filters.ranges import begin_period
from offorte_portal.adminkit.money import UNKNOWN, write_short
from offorte_portal.adminkit.reports import days, percent
from offorte_portal.desk.figures import Figures
from offorte_portal.desk.pages.attention import proposals_url
from offorte_portal.staff.scope import Scope
from proposals.currencies import DEFAULT_CURRENCY

DAY_HOURS = 24


@dataclass(frozen=True)
class Fact:
    """A figure: its label, its value, a note below it, and the address of its rows."""

    label: str
    value: str
    note: str
    url: str
    is_good: bool = False


def list_facts(scope: Scope, figures: Figures, today: date, *, is_known: bool = True) -> list[Fact]:
    """Return open value, won this quarter, win rate and time to the signature, without values where not yet known."""
    facts = _list_facts(scope, figures, today)
    return facts if is_known else [Fact(fact.label, UNKNOWN, _("being read"), fact.url) for fact in facts]


def _list_facts(scope: Scope, figures: Figures, today: date) -> list[Fact]:
    quarter = begin_period("quarter", today)
    decided = {"decided_from": quarter.isoformat(), "decided_to": today.isoformat()}
    opened = ngettext("%(count)s proposal", "%(count)s proposals", figures.open_count)
    now, before = figures.now, figures.before
    won_url = proposals_url(scope, status="won", **decided)
    return [
        Fact(
            _("Open value"),
            whole(figures.open_value),
            opened % {"count": number_format(figures.open_count, use_l10n=True, force_grouping=True)},
            proposals_url(scope, status="open"),
        ),
        Fact(
            _("Won this quarter"),
            whole(now.value),
            _compare(now.value, before.value),
            won_url,
            now.value > before.value,
        ),
        Fact(
            _("Win rate this quarter"),
            percent(now.rate),
            _before(percent(before.rate) if before.rate is not None else ""),
            proposals_url(scope, status="won,lost", **decided),
            now.rate is not None and before.rate is not None and now.rate > before.rate,
        ),
        Fact(
            _("Time to signature"),
            duration(now.hours),
            _("median") + (f", {_before(duration(before.hours))}" if before.hours is not None else ""),
            won_url,
            now.hours is not None and before.hours is not None and now.hours < before.hours,
        ),
    ]


def draw_year(scope: Scope, figures: Figures) -> Chart:
    """Draw the value won, and created and still open, by month of the last twelve months."""
    slots = []
    for month, won, opened in figures.months:
        name = date_format(month, "F Y")
        won_text, open_text = whole(won), whole(opened)
        won_words = _("%(month)s: %(value)s won") % {"month": name, "value": won_text}
        won_url = proposals_url(scope, status="won", **days("decided", month, month))
        open_words = _("%(month)s: %(value)s created and still open") % {"month": name, "value": open_text}
        open_url = proposals_url(scope, status="open", **days("begun", month, month))
        bars = [Bar(won, won_words, won_url, text=won_text), Bar(opened, open_words, open_url, "quiet", open_text)]
        slots.append(Slot(date_format(month, "SHORT_MONTH_FORMAT"), bars, str(month.year)))
    write = partial(write_short, currency=DEFAULT_CURRENCY)
    return draw(slots, write=write, series=[_("Won"), capfirst(_("still open"))])


def whole(value: Decimal | None) -> str:
    """Return an amount in whole euros, or a dash for None. Currencies are not told apart."""
    if value is None:
        return UNKNOWN
    return f"{DEFAULT_CURRENCY}\u00a0{number_format(round(value), 0, use_l10n=True, force_grouping=True)}"


def duration(hours: int | None) -> str:
    """Return a duration in hours, or in days from three days on; a dash for None."""
    if hours is None:
        return UNKNOWN
    if hours < 3 * DAY_HOURS:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = hours // DAY_HOURS
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def _compare(now: Decimal, before: Decimal) -> str:
    if not before:
        return _("nothing the quarter before")
    change = round(100 * (now - before) / before)
    return _("%(change)s %% on the quarter before") % {"change": f"{change:+d}".replace("-", "−")}


def _before(text: str) -> str:
    return _("was %(value)s") % {"value": text} if text else _("nothing the quarter before")
