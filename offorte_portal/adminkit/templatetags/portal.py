"""Filters and tags with which templates write amounts, people, moments and lists."""

from datetime import datetime, timedelta
from decimal import Decimal
from zlib import crc32

from django import template
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.adminkit.html import mail_link, phone_link
from offorte_portal.adminkit.moments import naturaltime
from offorte_portal.adminkit.money import UNKNOWN, format_money
from offorte_portal.runs.reasons import put_into_words

register = template.Library()
register.filter(put_into_words)
register.filter(mail_link)
register.filter(phone_link)


AVATAR_TINTS = 6


def _unknown() -> SafeString:
    return format_html(
        '<span class="unknown"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></span>',
        UNKNOWN,
        _("Unknown"),
    )


@register.filter
def money(amount: Decimal | None, display: str = "") -> SafeString:
    """Write an amount with its currency; an unknown one is a dash that is read out as "Unknown"."""
    if amount is None:
        return _unknown()
    return format_html('<span class="money">{}</span>', format_money(amount, display))


@register.filter
def ago(moment: datetime | None) -> SafeString:
    """Write how long ago a moment is, with its date and time as a tooltip."""
    if moment is None:
        return _unknown()
    local = timezone.localtime(moment)
    now = ports.now()
    is_long_ago = moment < now - timedelta(days=1)
    words = _("%(time)s ago") % {"time": timesince(moment, now, depth=1)} if is_long_ago else naturaltime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        date_format(local, "DATETIME_FORMAT"),
        words,
    )


@register.filter
def initials(name: str) -> str:
    """Return the first letters of the first and the last word: "SV" for "Sanne de Vries"; "?" where there are none."""
    words = [word for word in name.split() if word[0].isalnum()]
    letters = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in letters).upper() or "?"


@register.simple_tag
def avatar(name: str, extra: str = "") -> SafeString:
    """Draw a person's initials on a tint that is always the same for the same name."""
    return format_html(
        '<span class="avatar avatar-{} {}" title="{}" role="img" aria-label="{}">{}</span>',
        crc32(name.encode()) % AVATAR_TINTS + 1,
        extra,
        name,
        name,
        initials(name),
    )


@register.simple_tag
def card_columns(cl: ChangeList) -> str:
    """Return classes for the columns, counted from one, that cards on a phone show (used by list.css)."""
    kept = getattr(cl.model_admin, "card_columns", ())
    numbers = [number for number, name in enumerate(cl.list_display, 1) if name in kept]
    return " ".join(f"card-column-{number}" for number in numbers)


@register.simple_tag(takes_context=True)
def kept_params(context: template.Context, *names: str) -> SafeString:
    """Return hidden fields for the parameters of the list's address, except those of these filters and the page number.

    A filter named "value" may also have the parameters "value_min" and "value_max", or "value_from" and "value_to".
    """
    dropped = {PAGE_VAR} | {name + suffix for name in names for suffix in ("", "_min", "_max", "_from", "_to")}
    pairs = [
        (name, value) for name, values in context["request"].GET.lists() if name not in dropped for value in values
    ]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag
def new_key() -> str:
    """Return a key for a form, by which the same form sent twice is one write."""
    return str(ports.new_uuid())


@register.simple_tag
def page_url(cl: ChangeList, number: int, step: int = 0) -> str:
    """Return the query string of a page of the list, `step` pages from the given one."""
    return cl.get_query_string({PAGE_VAR: number + step})
