"""Cells of lists: safe HTML with the theme's classes. What Offorte has not told is marked unknown, never shown as 0."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal import ports

UNKNOWN = "—"


def unknown() -> SafeString:
    """A dash that is read out as "Unknown", for a number that Offorte has not told."""
    return format_html(
        '<span class="unknown right"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></span>',
        UNKNOWN,
        _("Unknown"),
    )


def nothing() -> SafeString:
    """A dash for "does not apply"; nothing is read out."""
    return format_html('<span class="muted" aria-hidden="true">{}</span>', UNKNOWN)


def two_lines(title: object, details: Iterable[str | None]) -> SafeString:
    """A first column: what the row is, and below it the details that there are and what waits to be sent."""
    below = " · ".join(detail for detail in details if detail)
    waits = getattr(title, "pending_pill", "")
    if not below and not waits:
        return format_html('<span class="cell-title">{}</span>', title)
    if waits:
        below = format_html("{} {}", waits, below)
    return format_html('<span class="cell-title">{}</span><span class="cell-sub">{}</span>', title, below)


def account_label(row: Model) -> str:
    """The label of the row's account where a list shows several; empty otherwise."""
    label: str = getattr(row, "account_label", "")
    return label


def pill(kind: str, label: object) -> SafeString:
    """A status in its colour: `kind` names the colour, the label says it in words."""
    return format_html('<span class="pill pill-{}">{}</span>', kind, label)


def number(value: int | None) -> SafeString:
    """A number in tabular figures, right-aligned."""
    if value is None:
        return unknown()
    return format_html('<span class="number">{}</span>', number_format(value, use_l10n=True, force_grouping=True))


def text(value: str | None) -> SafeString | str:
    """Text as it is, or a dash where there is none."""
    return value or nothing()


def days_since(moment: datetime | None) -> SafeString | str:
    """Whole days since the moment, in words."""
    if moment is None:
        return unknown()
    days = max((timezone.localdate(ports.now()) - timezone.localtime(moment).date()).days, 0)
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
