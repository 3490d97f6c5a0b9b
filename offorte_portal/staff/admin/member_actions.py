"""The buttons of a member of staff's page: invite, sign out everywhere, reset the second factor."""

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from offorte_portal.adminkit.staffview import StaffRequest, staff_user
from offorte_portal.staff import invitations, members, rights


def _find(request: HttpRequest, pk: int) -> User:
    """Return the person, if the user may manage them. Raises Http404 or PermissionDenied."""
    user = get_object_or_404(User, pk=pk)
    if not request.user.has_perm(rights.PERMISSION) or not rights.may_manage(request.user, user):
        raise PermissionDenied
    return user


def _back(user: User) -> HttpResponse:
    return redirect("admin:auth_user_change", user.pk)


def send_invitation(request: HttpRequest, user: User) -> None:
    """Mail an invitation, and show a message with the result."""
    if not user.email:
        messages.error(request, _("There is no e-mail address to send an invitation to."))
        return
    try:
        invitations.invite(user, by=staff_user(request), request=request)
    except invitations.NotSentError:
        text = _("The invitation wasn’t sent because of a problem with the mail server. Try again later.")
        messages.error(request, text)
    else:
        messages.success(request, _("An invitation was sent to %(address)s.") % {"address": user.email})


def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an invitation, or another one; POST only."""
    user = _find(request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if user.is_active and user.is_staff and invitations.is_waiting(user):
        send_invitation(request, user)
    else:
        messages.error(request, _("You can only invite people who can sign in and haven’t done so yet."))
    return _back(user)


def sign_out(request: StaffRequest, pk: int) -> HttpResponse:
    """End all sessions of the person; POST only."""
    user = _find(request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    ended = members.sign_out(user, by=request.user, request=request)
    text = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", ended)
    messages.success(request, text % {"count": ended})
    return _back(user) if user != request.user else redirect("account_login")


def reset_second_factor(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask whether to remove the second factor (GET), and do it (POST)."""
    user = _find(request, pk)
    if request.method != "POST":
        context = {
            **admin.site.each_context(request),
            "opts": User._meta,
            "original": user,
            "title": _("Reset second factor"),
            "name": user,
        }
        return render(request, "staff/second_factor.html", context)
    if members.reset_second_factor(user, by=request.user, request=request):
        model_admin = admin.site.get_model_admin(User)
        model_admin.log_change(
            request, user, [{"deleted": {"name": gettext_noop("second factor"), "object": str(user)}}]
        )
        messages.success(request, _("The second factor was removed and %(name)s was signed out.") % {"name": user})
    else:
        messages.info(request, _("%(name)s has no second factor.") % {"name": user})
    return _back(user) if user != request.user else redirect("account_login")
