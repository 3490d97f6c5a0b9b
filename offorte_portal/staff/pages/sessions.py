"""The page that lists where a person is signed in, with buttons that sign out there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.staff import security_log, sessions


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sessions_page(request: StaffRequest) -> HttpResponse:
    """List the sessions (GET); end the one that `session` names, or all others (POST)."""
    user = request.user
    this_session = request.session.session_key or ""
    if request.method != "POST":
        return render(request, "staff/sessions.html", {"devices": sessions.devices(user, this_session)})
    chosen = request.POST.get("session", "")
    if chosen:
        ended = int(chosen.isdecimal() and len(chosen) < 19 and sessions.end_one(user, int(chosen)))
    else:
        ended = sessions.end_all(user, keep=this_session)
    if ended:
        security_log.record(security_log.Kind.SESSIONS_ENDED, request=request, count=ended)
        text = ngettext("%(count)s other session was ended.", "%(count)s other sessions were ended.", ended)
        messages.success(request, text % {"count": ended})
    else:
        messages.info(request, _("That session had already ended."))
    return redirect("account_sessions")
