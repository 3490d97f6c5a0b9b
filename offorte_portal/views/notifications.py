"""What a person was told of: how much is unread, the list, reading it, and what to be told of at all."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from offorte_portal.activity.pages.words import Line
from offorte_portal.activity.reading import PERMISSION, count_unread, read_all, read_notification
from offorte_portal.adminkit.live import live_view
from offorte_portal.adminkit.notification_form import NotificationForm
from offorte_portal.files.exports.names import list_name
from proposals.models import Notification

MAY_SEE = permission_required(PERMISSION, raise_exception=True)
PER_PAGE = 50


@require_GET
@live_view
def unread(request: HttpRequest) -> HttpResponse:
    """How much the person has not read, for a page that shows `known`; 204 where that is so. Three queries."""
    count = count_unread(cast(User, request.user))
    known = request.GET.get("known", "")
    if known == str(count):
        return HttpResponse(status=204)
    is_news = known.isdecimal() and len(known) < 10 and count > int(known)
    return render(request, "activity/_unread.html", {"unread_count": count, "is_news": is_news})


@require_GET
@admin.site.admin_view
@MAY_SEE
def notifications(request: HttpRequest) -> HttpResponse:
    """Show what the person was told of, newest first."""
    before = request.GET.get("before", "")
    rows = _of(request)
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.select_related("activity__proposal", "activity__connection", "export")[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    context = {
        **admin.site.each_context(request),
        "title": _("Notifications"),
        "notifications": [(row, *describe(row)) for row in shown],
        "newest": shown[0].pk if shown else 0,
        "has_unread": any(row.read_at is None for row in shown),
        "older": shown[-1].pk if len(found) > PER_PAGE else None,
        "is_first": not before,
    }
    return render(request, "activity/notifications.html", context)


def describe(row: Notification) -> tuple[Line | None, str]:
    """What happened, and which file is ready: one of them, or neither where the row stands for many."""
    return Line(row.activity) if row.activity else None, list_name(row.export) if row.export else ""


def _of(request: HttpRequest) -> QuerySet[Notification]:
    return Notification.objects.filter(user=cast(User, request.user)).order_by("-pk")


@require_POST
@admin.site.admin_view
@MAY_SEE
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one of the person's notifications as read and go to its proposal; to the feed, where it stands for many."""
    row = get_object_or_404(_of(request).select_related("activity__proposal", "user"), pk=pk)
    read_notification(row)
    if row.export_id is not None:
        return redirect("admin:offorte_portal_export_change", row.export_id)
    if row.activity is None:
        return redirect("activity")
    return redirect("admin:proposals_proposal_change", row.activity.proposal_id)


@require_POST
@admin.site.admin_view
@MAY_SEE
def read_everything(request: HttpRequest) -> HttpResponse:
    """Mark the person's notifications as read, up to the newest that the page showed."""
    newest = request.POST.get("newest", "")
    read_all(cast(User, request.user), int(newest) if newest.isdecimal() and len(newest) < 18 else 0)
    return redirect("notifications")


@require_http_methods(["GET", "POST"])
@admin.site.admin_view
@MAY_SEE
def settings(request: HttpRequest) -> HttpResponse:
    """Show and keep what the person wants to be told of, and how."""
    user = cast(User, request.user)
    form = NotificationForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("You will be told as you have chosen."))
        return redirect("notification_settings")
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Notification settings"),
        "form": form,
        "email": user.email,
        "back_url": reverse("notifications"),
    }
    return render(request, "activity/settings.html", context)
