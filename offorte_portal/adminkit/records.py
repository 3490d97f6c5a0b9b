"""What the pages of all mirrored things share: facts, links between records, and how old a record is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
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

from offorte_portal import ports
from offorte_portal.adminkit.freshness import Freshness
from offorte_portal.adminkit.moments import naturaltime
from offorte_portal.mirror.models import Mirrored

Person = User | AnonymousUser


@dataclass(frozen=True)
class Fact:
    """A line of a list of facts."""

    label: str
    value: SafeString


def fact(label: object, value: object) -> Fact:
    """A fact of any value, escaped unless it is safe HTML; None is shown as unknown, in words."""
    if value is None:
        return Fact(capfirst(str(label)), format_html('<span class="unknown">{}</span>', _("Unknown")))
    written = write(value)
    return Fact(capfirst(str(label)), written if isinstance(written, SafeString) else escape(written))


def field_facts(row: Model, *names: str) -> list[Fact]:
    """Facts by columns, labelled as the model labels them. Empty text is left out, null is shown as unknown."""
    return [fact(label_of(row, name), getattr(row, name)) for name in names if getattr(row, name) != ""]


def link_facts(row: Model, links: dict[str, Callable[[str], Any]]) -> list[Fact]:
    """Facts by columns whose text becomes a link, those that there are."""
    told = ((name, getattr(row, name, "")) for name in links)
    return [fact(label_of(row, name), links[name](value)) for name, value in told if value]


def label_of(row: Model, name: str) -> str:
    """What the model calls a column."""
    return str(getattr(row._meta.get_field(name), "verbose_name", name))


def write(value: object) -> str:
    """A column's value in the reader's language and notation."""
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
    """Date and time as people read them, without seconds."""
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def join_lines(parts: Iterable[object]) -> SafeString:
    """Lines below each other, without the empty ones."""
    return format_html_join(mark_safe("<br>"), '<span dir="auto">{}</span>', ((part,) for part in parts if part))


def record_url(user: Person, row: Model | None) -> str:
    """Where the record's page is; empty when there is none or the person may not see it."""
    if row is None:
        return ""
    app, name = row._meta.app_label, row._meta.model_name
    if not (user.has_perm(f"{app}.view_{name}") or user.has_perm(f"{app}.change_{name}")):
        return ""
    try:
        return reverse(f"admin:{app}_{name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""


def record_link(user: Person, row: Model) -> SafeString:
    """The record's name, as a link for those who may see the record."""
    url = record_url(user, row)
    if not url:
        return format_html('<span dir="auto">{}</span>', row)
    return format_html('<a href="{}" dir="auto">{}</a>', url, row)


def list_url(user: Person, model: type[Model]) -> str:
    """Where the model's list is; empty when the person may not see it."""
    app, name = model._meta.app_label, model._meta.model_name
    if not (user.has_perm(f"{app}.view_{name}") or user.has_perm(f"{app}.change_{name}")):
        return ""
    return reverse(f"admin:{app}_{name}_changelist")


def record_freshness(
    request: HttpRequest, row: Mirrored, read_at: datetime | None, *, is_details: bool = False
) -> Freshness:
    """When Offorte last told what the page shows, `read_at`; None: never. `is_details`: it has details of its own."""
    url = record_url(request.user, row.connection)
    if row.connection.state == row.connection.State.RECONNECT:
        return Freshness("broken", _("Reconnect needed"), url)
    if read_at is None:
        return Freshness("never", _("Details not read yet"), url)
    limit = ports.now() - timedelta(minutes=2 * settings.OFFORTE_SYNC_INTERVAL)
    state = "fresh" if row.connection.is_connected and read_at > limit else "stale"
    text = _("Details read %(ago)s") if is_details else _("Read %(ago)s")
    return Freshness(state, text % {"ago": naturaltime(read_at)}, url)  # type: ignore[arg-type]


def last_heard_at(row: Mirrored) -> datetime:
    """When Offorte last told that a row of its lists is as it is: a full sync confirms what it leaves unchanged."""
    synced_at = row.connection.synced_at
    return max(row.as_of, synced_at) if synced_at and row.removed_at is None else row.as_of


def shared_context(request: HttpRequest, row: Mirrored) -> dict[str, Any]:
    """What `admin/mirrored_record.html` needs of any record."""
    return {
        "freshness": record_freshness(request, row, last_heard_at(row)),
        "account_fact": fact(label_of(row, "connection"), record_link(request.user, row.connection)),
        # Offorte does not document where in its own screens a record is: the account's first page is sure to be there.
        "offorte_url": f"{row.connection.web_url}/",
    }


def simple_context(request: HttpRequest, row: Mirrored, *names: str) -> dict[str, Any]:
    """The context of a record that is nothing but a few columns."""
    return {**shared_context(request, row), "facts": field_facts(row, *names)}
