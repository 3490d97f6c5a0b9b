"""The page of a record, and what comes before its forms: the account of a new one, and why one can't be changed."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from offorte_portal.adminkit import accounts, additions, pending
from offorte_portal.adminkit.forms import Json
from offorte_portal.adminkit.freshness import read_freshness
from offorte_portal.adminkit.neighbours import SHORTCUTS, find_neighbours, keep
from offorte_portal.adminkit.record_hooks import RecordHooks
from offorte_portal.adminkit.records import list_url
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import Mirrored
from offorte_portal.writes.models import Operation

# States of accounts in which records can be created; writes to one that needs to be reconnected wait.
WRITABLE = (Connection.State.CONNECTED, Connection.State.RECONNECT)


def show_record(admin: RecordHooks[Any], request: HttpRequest, obj: Mirrored, extra: Json) -> HttpResponse:
    opts = admin.opts
    name = f"{opts.app_label}_{opts.model_name}"
    waiting = pending.of_row(admin.record_form.target, obj) if admin.record_form else []
    is_writable = can_write(obj) and not any(operation.verb == Operation.Verb.DELETE for operation in waiting)
    may_change = is_writable and admin.has_change_permission(request, obj)
    may_delete = is_writable and admin.has_delete_permission(request, obj)
    neighbours = find_neighbours(admin, request, obj)
    context = {
        **admin.admin_site.each_context(request),
        "title": str(obj),
        "original": obj,
        "opts": opts,
        "app_label": opts.app_label,
        "change": True,
        "has_view_permission": True,
        "freshness": read_freshness(request),
        "marks": pending.show(request.user, waiting),
        "pending_fields": {name for operation in waiting for name in operation.draft},
        "edit_url": keep(request.GET, reverse(f"admin:{name}_edit", args=[quote(obj.pk)])) if may_change else "",
        "delete_url": keep(request.GET, reverse(f"admin:{name}_delete", args=[quote(obj.pk)])) if may_delete else "",
        "neighbours": neighbours,
        "page_shortcuts": SHORTCUTS if neighbours else (),
        "record_panels": additions.record_panels(request, obj),
        **admin.record_context(request, obj),
        **extra,
    }
    places = (f"admin/{opts.app_label}/{opts.model_name}", f"admin/{opts.app_label}")
    templates = [f"{place}/change_form.html" for place in places]
    return TemplateResponse(request, [*templates, "admin/mirrored_record.html"], context)


def can_write(obj: Mirrored) -> bool:
    """Return whether Offorte still has the record and lets the portal see it."""
    return obj.removed_at is None and not obj.is_hidden


def refuse(admin: RecordHooks[Any], request: HttpRequest, obj: Mirrored) -> HttpResponse | None:
    """Redirect to the record's page when it can't be changed; return None when it can."""
    target = admin.get_record_form().target
    if not can_write(obj):
        messages.error(request, _("“%s” was deleted or hidden in Offorte, so you can’t change it.") % obj)
    elif any(operation.verb == Operation.Verb.DELETE for operation in pending.of_row(target, obj)):
        messages.error(request, _("“%s” is waiting to be deleted in Offorte, so you can’t change it.") % obj)
    else:
        return None
    return redirect(
        keep(request.GET, reverse(f"admin:{admin.opts.app_label}_{admin.opts.model_name}_change", args=[obj.pk]))
    )


def miss(admin: RecordHooks[Any], request: HttpRequest, object_id: str) -> HttpResponse:
    """Redirect to the list, or home, with a message that there is no such record."""
    messages.warning(request, _("“%s” wasn’t found. It may have been deleted.") % object_id[:60])
    return redirect(list_url(request.user, admin.model) or "home")


def choose_account(request: HttpRequest) -> Connection | None:
    """Return the account that the address names, or the selected one, or the only one; None where it is not clear."""
    usable = [connection for connection in accounts.available(request) if connection.state in WRITABLE]
    named = [connection for connection in usable if str(connection.pk) == request.GET.get("account")]
    looked_at = accounts.selected(request)
    candidates = named or [connection for connection in usable if connection == looked_at] or usable
    return candidates[0] if len(candidates) == 1 else None


def ask_account(admin: RecordHooks[Any], request: HttpRequest) -> HttpResponse:
    """Return the page on which the account of a new record is chosen."""
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Add %s") % admin.opts.verbose_name,
        "opts": admin.opts,
        "usable": [connection for connection in accounts.available(request) if connection.state in WRITABLE],
    }
    return TemplateResponse(request, "admin/record_account.html", context)
