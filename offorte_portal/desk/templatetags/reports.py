"""Forecasts in templates."""

from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from offorte_portal import ports
from offorte_portal.adminkit.money import UNKNOWN, write_whole
from offorte_portal.desk.pages.reports.forecast_tables import PILLS, line_url
from offorte_portal.desk.reports.forecasts import Line

register = template.Library()
register.filter(line_url)


@register.filter
def whole_amount(amount: Decimal | None, currency: str) -> str:
    return UNKNOWN if amount is None else write_whole(amount, currency)


@register.filter
def forecast_state(line: Line) -> SafeString:
    """Return whether the forecast was submitted in time, as a pill."""
    state = line.state(timezone.localdate(ports.now()))
    return format_html('<span class="pill pill-{}">{}</span>', PILLS[state], state.label)
