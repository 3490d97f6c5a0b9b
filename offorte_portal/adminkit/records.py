"""Helpers that the pages of all mirrored records share: facts, links between records, and freshness."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from offorte_portal.adminkit.freshness import Freshness, is_recent
from offorte_portal.adminkit.moments import naturaltime
from offorte_portal.mirror.models import Mirrored

Person = User | AnonymousUser


@dataclass(frozen=True)
class Fact:
    """A label with a value, shown as a line of a list."""

    label: str
    value: SafeString


def fact(label: object, value: object) -> Fact:
    """Return a fact with any value, escaped unless it is safe HTML; None is shown as "Unknown"."""
    if value is None:
        return Fact(capfirst(str(label)), format_html('<span class="unknown">{}</span>', _("Unknown")))
    written = write(value)
    return Fact(capfirst(str(label)), written if isinstance(written, SafeString) else escape(written))


def field_facts(row: Model, *names: str) -> list[Fact]:
    """Return facts for columns, with the model's labels. Empty text is left out, null is shown as "Unknown"."""
    return [fact(label_of(row, name), getattr(row, name)) for name in names if getattr(row, name) != ""]


def link_facts(row: Model, links: dict[str, Callable[[str], Any]]) -> list[Fact]:
    """Return facts for columns whose text becomes a link; empty ones are left out."""
    values = ((name, getattr(row, name, "")) for name in links)
    return [fact(label_of(row, name), links[name](value)) for name, value in values if value]


def label_of(row: Model, name: str) -> str:
    return str(getattr(row._meta.get_field(name), "verbose_name", name))


def write(value: object) -> str:
    """Write a column's value in the reader's language and notation."""
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case datetime():
            return format_moment(value)
        case Decimal():
            return number_format(value.normalize(), use_l10n=True, force_grouping=True)
        case SafeString():
            return value
        case str():
            return format_html('<span dir="auto">{}</span>', value)
    return str(value)


def format_moment(moment: datetime) -> str:
    """Write date and time in the reader's notation, without seconds."""
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def join_lines(parts: Iterable[object]) -> SafeString:
    """Join the non-empty parts as lines below each other."""
    return format_html_join(mark_safe("<br>"), '<span dir="auto">{}</span>', ((part,) for part in parts if part))


def may_see(user: Person, model: type[Model]) -> bool:
    """Return whether the person may see the model's records."""
    app, name = model._meta.app_label, model._meta.model_name
    return user.has_perm(f"{app}.view_{name}") or user.has_perm(f"{app}.change_{name}")


def record_url(user: Person, row: Model | None) -> str:
    """Return the URL of the record's page; "" when there is none or the person may not see it."""
    if row is None or not may_see(user, row._meta.model):
        return ""
    try:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""


def record_link(user: Person, row: Model) -> SafeString:
    """Return the record's name, as a link for people who may see the record."""
    url = record_url(user, row)
    if not url:
        return format_html('<span dir="auto">{}</span>', row)
    return format_html('<a href="{}" dir="auto">{}</a>', url, row)


def list_url(user: Person, model: type[Model]) -> str:
    """Return the URL of the model's list; "" when the person may not see it."""
    if not may_see(user, model):
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def record_freshness(
    request: HttpRequest, row: Mirrored, read_at: datetime | None, *, is_details: bool = False
) -> Freshness:
    """Return the freshness of a record read at `read_at` (None: never); `is_details` if its details were read then."""
    url = record_url(request.user, row.connection)
    if row.connection.state == row.connection.State.RECONNECT:
        return Freshness("broken", _("Reconnect needed"), url)
    if read_at is None:
        return Freshness("never", _("Details not read yet"), url)
    state = "fresh" if row.connection.is_connected and is_recent(read_at) else "stale"
    text = _("Details read %(ago)s") if is_details else _("Read %(ago)s")
    return Freshness(state, text % {"ago": naturaltime(read_at)}, url)  # type: ignore[arg-type]


def shared_context(request: HttpRequest, row: Mirrored) -> dict[str, Any]:
    """Return what `admin/mirrored_record.html` needs for any record."""
    # A sync also confirms the rows that it leaves unchanged.
    synced_at = row.connection.synced_at
    heard_at = max(row.as_of, synced_at) if synced_at and row.removed_at is None else row.as_of
    return {
        "freshness": record_freshness(request, row, heard_at),
        "account_fact": fact(label_of(row, "connection"), record_link(request.user, row.connection)),
        # Offorte does not document the URLs of records in its own screens, so this is the account's first page.
        "offorte_url": f"{row.connection.web_url}/",
    }


def simple_context(request: HttpRequest, row: Mirrored, *names: str) -> dict[str, Any]:
    """Return the context of a record of which only these columns are shown."""
    return {**shared_context(request, row), "facts": field_facts(row, *names)}
