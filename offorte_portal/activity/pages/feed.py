"""The feed of activity, which refreshes itself while it is open."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from offorte_portal.activity.models import Activity
from offorte_portal.activity.pages import history, notifications
from offorte_portal.activity.pages.entries import Feed
from offorte_portal.activity.pages.words import group_by_day
from offorte_portal.activity.reading import PERMISSION, may_settle, settle_question
from offorte_portal.adminkit.staffview import StaffRequest, live_view, staff_view


@staff_view(PERMISSION)
def activity(request: StaffRequest) -> HttpResponse:
    feed = Feed(request)
    context = {**admin.site.each_context(request), "title": _("Activity"), **_context(feed)}
    return render(request, "activity/feed.html", context)


@live_view
def latest(request: StaffRequest) -> HttpResponse:
    """Show the newest page of the feed, or answer 204 if it has not changed, which takes three queries."""
    feed = Feed(request)
    if feed.read_mark() == request.GET.get("seen"):
        return HttpResponse(status=204)
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    return render(request, "activity/_live.html", _context(feed))


@staff_view(PERMISSION)
def members(request: StaffRequest) -> HttpResponse:
    """Show the newest proposals that a line of one bulk job stands for, to be opened below it."""
    return render(request, "activity/_members.html", {"feed": Feed(request)})


def _context(feed: Feed) -> dict[str, Any]:
    return {
        "feed": feed,
        "days": list(group_by_day(feed.lines)),
        "chips": feed.chips,
        "filter_menu": feed.controls,
        "shows_account": feed.shows_account,
        "shows_owner": feed.shows_owner,
    }


@staff_view(PERMISSION, methods=["POST"])
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(Activity.objects.select_related("proposal"), pk=pk, kind=Activity.Kind.COMMENTED)
    if not may_settle(request.user, entry):
        raise PermissionDenied
    settle_question(request.user, entry)
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if is_ours else reverse("activity"))


activity_urls = [
    path("", activity, name="activity"),
    path("latest/", latest, name="activity_latest"),
    path("members/", members, name="activity_members"),
    path("companies/<int:pk>/", history.history_of_company, name="activity_of_company"),
    path("people/<int:pk>/", history.history_of_person, name="activity_of_person"),
    path("<int:pk>/read/", settle, name="activity_settle"),
    path("unread/", notifications.unread, name="notifications_unread"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/read/", notifications.read_everything, name="notifications_read"),
    path("notifications/<int:pk>/open/", notifications.open_one, name="notification_open"),
    path("settings/", notifications.settings, name="notification_settings"),
]
