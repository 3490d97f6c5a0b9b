"""Cells of lists: safe HTML with the theme's classes. Values that Offorte has not given are unknown, never 0."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal import ports

UNKNOWN = "—"


def unknown() -> SafeString:
    """Return a dash that is read out as "Unknown", for a number that Offorte has not given."""
    return format_html(
        '<span class="unknown right"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></span>',
        UNKNOWN,
        _("Unknown"),
    )


def nothing() -> SafeString:
    """Return a dash for "does not apply", hidden from screen readers."""
    return format_html('<span class="muted" aria-hidden="true">{}</span>', UNKNOWN)


def two_lines(title: object, details: Iterable[str | None]) -> SafeString:
    """Return the cell of a first column: the title, and below it details, what a search found and unsent changes."""
    below = " · ".join(detail for detail in (*details, _reason(title)) if detail)
    waits = getattr(title, "pending_pill", "")
    if not below and not waits:
        return format_html('<span class="cell-title">{}</span>', title)
    if waits:
        below = format_html("{} {}", waits, below)
    return format_html('<span class="cell-title">{}</span><span class="cell-sub">{}</span>', title, below)


def _reason(row: object) -> str:
    found_by: list[str] = getattr(row, "found_by", [])
    return _("via %(parts)s") % {"parts": ", ".join(found_by)} if found_by else ""


def account_label(row: Model) -> str:
    """Return the label of the row's account where the list shows several accounts, else ""."""
    label: str = getattr(row, "account_label", "")
    return label


def pill(kind: str, label: object) -> SafeString:
    """Return a coloured status; `kind` names the colour."""
    return format_html('<span class="pill pill-{}">{}</span>', kind, label)


def number(value: int | None) -> SafeString:
    """Return a right-aligned number; None is shown as unknown."""
    if value is None:
        return unknown()
    return format_html('<span class="number">{}</span>', number_format(value, use_l10n=True, force_grouping=True))


def text(value: str | None) -> SafeString:
    """Return the text, cut off where it is too long for a column; a dash where it is empty."""
    if not value:
        return nothing()
    return format_html('<span class="cell-text" dir="auto" title="{}">{}</span>', value, value)


def day(moment: datetime | None) -> SafeString:
    """Return the date of a moment, which is its tooltip; None is shown as unknown."""
    if moment is None:
        return unknown()
    local = timezone.localtime(moment)
    exact = date_format(local, "SHORT_DATETIME_FORMAT")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact, date_format(local, "SHORT_DATE_FORMAT")
    )


def days_since(moment: datetime | None) -> SafeString | str:
    """Return the number of days since the moment's date in words; None is shown as unknown."""
    if moment is None:
        return unknown()
    days = max((timezone.localdate(ports.now()) - timezone.localtime(moment).date()).days, 0)
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
