"""A person's notifications: the number unread, the list, marking them as read, and the settings."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from offorte_portal.activity.models import Notification
from offorte_portal.activity.pages.words import FeedItem
from offorte_portal.activity.preferences import Channel, Event, Scope, every, read_choices, save_choices
from offorte_portal.activity.reading import PERMISSION, count_unread, read_all, read_notification
from offorte_portal.activity.telling import tell_notified
from offorte_portal.adminkit.accounts import available, number_of
from offorte_portal.adminkit.staffview import StaffRequest, live_view, staff_view
from offorte_portal.files.exports.names import list_name

PER_PAGE = 50


@live_view
def unread(request: StaffRequest) -> HttpResponse:
    """Show the number of unread notifications, or answer 204 if it still is `known`. Three queries."""
    count = count_unread(request.user)
    known = request.GET.get("known", "")
    if known == str(count):
        return HttpResponse(status=204)
    is_news = known.isdecimal() and len(known) < 10 and count > int(known)
    return render(request, "activity/_unread.html", {"unread_count": count, "is_news": is_news})


@staff_view(PERMISSION)
def notifications(request: StaffRequest) -> HttpResponse:
    """Show the person's notifications, newest first."""
    before = request.GET.get("before", "")
    rows = _of(request)
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.select_related("activity__proposal", "activity__connection", "export")[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    stories = tell_notified(shown, request.user)
    context = {
        **admin.site.each_context(request),
        "title": _("Notifications"),
        # The happening, or the file that is ready; neither if the row stands for many.
        "notifications": [
            (row, FeedItem(stories[row.pk]) if row.activity else None, list_name(row.export) if row.export else "")
            for row in shown
        ],
        "newest": shown[0].pk if shown else 0,
        "has_unread": any(row.read_at is None for row in shown),
        "older": shown[-1].pk if len(found) > PER_PAGE else None,
        "is_first": not before,
    }
    return render(request, "activity/notifications.html", context)


def _of(request: StaffRequest) -> QuerySet[Notification]:
    return Notification.objects.filter(user=request.user).order_by("-pk")


@staff_view(PERMISSION, methods=["POST"])
def open_one(request: StaffRequest, pk: int) -> HttpResponse:
    """Mark a notification as read and go to its proposal or file; to the feed if it stands for several."""
    row = get_object_or_404(_of(request).select_related("activity__proposal", "user"), pk=pk)
    read_notification(row)
    if row.export_id is not None:
        return redirect("admin:files_export_change", row.export_id)
    if row.activity is None:
        return redirect("activity")
    story = tell_notified([row], request.user)[row.pk]
    if story.is_folded:
        return redirect(story.members)
    return redirect("admin:proposals_proposal_change", row.activity.proposal_id)


@staff_view(PERMISSION, methods=["POST"])
def read_everything(request: StaffRequest) -> HttpResponse:
    """Mark the person's notifications as read, up to the newest that the page showed."""
    newest = request.POST.get("newest", "")
    read_all(request.user, int(newest) if newest.isdecimal() and len(newest) < 18 else 0)
    return redirect("notifications")


@staff_view(PERMISSION, methods=["GET", "POST"])
def settings(request: StaffRequest) -> HttpResponse:
    """Show and save what the person wants to be notified of, and how."""
    user = request.user
    form = NotificationForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your notification settings have been saved."))
        return redirect("notification_settings")
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Notification settings"),
        "form": form,
        "email": user.email,
        "back_url": reverse("notifications"),
    }
    return render(request, "activity/settings.html", context)


class NotificationForm(forms.Form):
    """A channel for each event and scope."""

    def __init__(self, user: User, data: Any = None) -> None:
        known = {_name(*key): channel for key, channel in read_choices(user).items()}
        super().__init__(data, initial=known)
        self.user = user
        for event, scope in every():
            self.fields[_name(event, scope)] = forms.ChoiceField(label=Scope(scope).label, choices=Channel.choices)

    def rows(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Yield each event in words, with a field for each scope."""
        for event in Event:
            yield str(event.label), [self[_name(event.value, scope.value)] for scope in Scope]

    def scopes(self) -> list[str]:
        """Return the scopes in words."""
        return [str(scope.label) for scope in Scope]

    def save(self) -> None:
        save_choices(self.user, {key: self.cleaned_data[_name(*key)] for key in every()})


def _name(event: str, scope: str) -> str:
    return f"{event}_{scope}"


def may_see(user: User) -> bool:
    return user.has_perm(PERMISSION)


def unread_count(request: HttpRequest) -> int:
    """Return the number of unread notifications; 0 without an account. No query of its own."""
    return max((number_of(connection, "unread") or 0 for connection in available(request)), default=0)
