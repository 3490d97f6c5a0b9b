"""A record's own page, and the ways from there to its forms: who may, and what can't be written any more."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from offorte_portal.adminkit import accounts, pending
from offorte_portal.adminkit.editing import RecordEditor
from offorte_portal.adminkit.forms import Json
from offorte_portal.adminkit.freshness import read_freshness
from offorte_portal.adminkit.record_hooks import RecordHooks
from offorte_portal.adminkit.records import list_url
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import Mirrored
from offorte_portal.writes.models import Operation

# Accounts that a new thing can be created in; what is asked of one that needs to be reconnected waits.
WRITABLE = (Connection.State.CONNECTED, Connection.State.RECONNECT)


def show_record(admin: RecordHooks[Any], request: HttpRequest, obj: Mirrored, extra: Json) -> HttpResponse:
    """The page on which a record is read."""
    opts = admin.opts
    name = f"{opts.app_label}_{opts.model_name}"
    waiting = pending.of_row(admin.record_form.target, obj) if admin.record_form else []
    is_writable = can_write(obj) and not any(one.verb == Operation.Verb.DELETE for one in waiting)
    may_change = is_writable and admin.has_change_permission(request, obj)
    may_delete = is_writable and admin.has_delete_permission(request, obj)
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
        "edit_url": reverse(f"admin:{name}_edit", args=[quote(obj.pk)]) if may_change else "",
        "delete_url": reverse(f"admin:{name}_delete", args=[quote(obj.pk)]) if may_delete else "",
        **admin.record_context(request, obj),
        **extra,
    }
    places = (f"admin/{opts.app_label}/{opts.model_name}", f"admin/{opts.app_label}")
    templates = [f"{place}/change_form.html" for place in places]
    return TemplateResponse(request, [*templates, "admin/mirrored_record.html"], context)


def can_write(obj: Mirrored) -> bool:
    """Whether Offorte still has it and lets us see it."""
    return obj.removed_at is None and not obj.is_hidden


def is_leaving(admin: RecordHooks[Any], obj: Mirrored) -> bool:
    """Whether somebody has asked already for it to be deleted."""
    waiting = pending.of_row(admin.get_record_form().target, obj)
    return any(one.verb == Operation.Verb.DELETE for one in waiting)


def add_record(admin: RecordHooks[Any], request: HttpRequest) -> HttpResponse:
    """The form of a new thing, or first the choice of the account that it shall be in."""
    if not admin.has_add_permission(request):
        raise PermissionDenied
    parent = read_parent(admin, request)
    connection = parent.connection if parent else choose_account(request)
    if connection is None:
        return ask_account(admin, request)
    form = admin.record_form
    initial = {form.parent_field: parent.remote_id} if parent and form else {}
    return RecordEditor(admin, request, connection, initial=initial).respond()


def edit_record(admin: RecordHooks[Any], request: HttpRequest, object_id: str) -> HttpResponse:
    """The form of a record, unless it can't be written any more."""
    obj = admin.get_object(request, object_id)
    if not admin.has_change_permission(request, obj):
        raise PermissionDenied
    if obj is None:
        return miss(admin, request, object_id)
    return refuse(admin, request, obj) or RecordEditor(admin, request, obj.connection, obj).respond()


def delete_record(admin: RecordHooks[Any], request: HttpRequest, object_id: str) -> HttpResponse:
    """The page that deletes a record, unless it can't be written any more."""
    obj = admin.get_object(request, object_id)
    if not admin.has_delete_permission(request, obj):
        raise PermissionDenied
    if obj is None:
        return miss(admin, request, object_id)
    return refuse(admin, request, obj) or admin.make_deletion(request, obj).respond()


def refuse(admin: RecordHooks[Any], request: HttpRequest, obj: Mirrored) -> HttpResponse | None:
    """Where to go instead when there is nothing to write to; None when there is."""
    if not can_write(obj):
        messages.error(request, _("“%s” is no longer at Offorte, or hidden there: it can't be changed.") % obj)
    elif is_leaving(admin, obj):
        messages.error(request, _("“%s” waits to be deleted at Offorte: it can't be changed any more.") % obj)
    else:
        return None
    return redirect(f"admin:{admin.opts.app_label}_{admin.opts.model_name}_change", obj.pk)


def miss(admin: RecordHooks[Any], request: HttpRequest, object_id: str) -> HttpResponse:
    """Say that there is no such record, on the list or wherever the person may be."""
    messages.warning(request, _("There is no such record, or it is gone: “%s”.") % object_id[:60])
    return redirect(list_url(request.user, admin.model) or "home")


def read_parent(admin: RecordHooks[Any], request: HttpRequest) -> Mirrored | None:
    """What the address says that a new thing shall be created in (`?company=12`), if anything."""
    form = admin.record_form
    key = request.GET.get(form.parent_query, "") if form and form.parent_query else ""
    if not form or not form.parent_model or not key.isdecimal() or len(key) > 18:
        return None
    present = form.parent_model._default_manager.filter(removed_at__isnull=True, connection__state__in=WRITABLE)
    return present.select_related("connection").filter(pk=int(key)).first()


def choose_account(request: HttpRequest) -> Connection | None:
    """The account that the address names, or that is looked at, or the only one there is."""
    usable = [one for one in accounts.available(request) if one.state in WRITABLE]
    named = [one for one in usable if str(one.pk) == request.GET.get("account")]
    looked_at = accounts.selected(request)
    candidates = named or [one for one in usable if one == looked_at] or usable
    return candidates[0] if len(candidates) == 1 else None


def ask_account(admin: RecordHooks[Any], request: HttpRequest) -> HttpResponse:
    """The page on which the account of a new thing is chosen."""
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Add %s") % admin.opts.verbose_name,
        "opts": admin.opts,
        "usable": [one for one in accounts.available(request) if one.state in WRITABLE],
    }
    return TemplateResponse(request, "admin/record_account.html", context)
