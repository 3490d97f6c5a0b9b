"""What people ask of the mirror: read a proposal now, start and stop a sync, settle what a sync held back.

POST only. None of this changes anything at Offorte.
"""

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_htmx.http import reselect, reswap, retarget

from offorte_portal import sync
from offorte_portal.adminkit.messages import translate_message
from offorte_portal.api.errors import Hidden, NotFound, OfforteError, RateLimited
from offorte_portal.models import Connection, SyncRun
from offorte_portal.services.proposals import refresh
from offorte_portal.waiting.marks import asks_elsewhere
from proposals.models import Proposal

MAY_SYNC = permission_required("offorte_portal.sync_connection", raise_exception=True)
RUN_PAGE = "admin:offorte_portal_syncrun_change"
PROPOSAL_PAGE = "admin:proposals_proposal_change"


@asks_elsewhere(gettext_lazy("Refreshing…"), place="refresh-outcome")
@require_POST
@admin.site.admin_view
@permission_required("proposals.view_proposal", raise_exception=True)
def refresh_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a proposal from Offorte at once and go to its page; say there why not when that fails.

    Whoever may see a proposal may have it read: it takes one request in the lane of people.
    """
    found = Proposal.objects.select_related("connection").defer("payload", "search_text")
    proposal = get_object_or_404(found, pk=pk)
    try:
        refresh(proposal)
    except (NotFound, Hidden):
        pass  # the mirror knows now, and the page says so
    except OfforteError as error:
        return _say_why(request, proposal, error)
    return redirect(PROPOSAL_PAGE, pk)


def _say_why(request: HttpRequest, proposal: Proposal, error: OfforteError) -> HttpResponse:
    """The reason in words, in its place on the page that is there already, or on a page anew."""
    if "HX-Request" not in request.headers:
        messages.error(request, _("Could not be read from Offorte. %(reason)s") % {"reason": _reason(error)})
        return redirect(PROPOSAL_PAGE, proposal.pk)
    context = {"proposal": proposal, "reason": _reason(error)}
    response = render(request, "sync/_refresh_failed.html", context)
    return reselect(reswap(retarget(response, "#refresh-outcome"), "outerHTML"), "#refresh-outcome")


def _reason(error: OfforteError) -> str:
    message = translate_message(error.message)
    if isinstance(error, RateLimited) and error.retry_after:
        return f"{message} " + _("Try again in %(count)d seconds.") % {"count": round(error.retry_after) + 1}
    return message


@require_POST
@admin.site.admin_view
@MAY_SYNC
def start_sync(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a sync of an account, or go to the one that is under way."""
    connection = get_object_or_404(Connection, pk=pk)
    if not connection.is_connected:
        messages.error(request, _("%s is not connected to Offorte, so that nothing can be read.") % connection)
        return redirect("admin:offorte_portal_connection_change", pk)
    run = sync.request(connection, trigger=SyncRun.Trigger.PERSON, by=cast("User", request.user))
    return redirect(RUN_PAGE, run.pk)


@require_POST
@admin.site.admin_view
@MAY_SYNC
def cancel_sync(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a sync; what it has read so far stays."""
    run = get_object_or_404(SyncRun, pk=pk)
    sync.cancel(run)
    if run.is_active:
        messages.info(request, _("The sync stops before its next request."))
    return redirect(RUN_PAGE, pk)


@require_POST
@admin.site.admin_view
@MAY_SYNC
def allow_removals(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a new sync remove what this one held back."""
    run = get_object_or_404(SyncRun.objects.select_related("connection"), pk=pk)
    if not run.held_removals:
        messages.info(request, _("Nothing is held back any more."))
        return redirect(RUN_PAGE, pk)
    later = sync.allow_removals(run, by=cast("User", request.user))
    messages.success(request, _("This sync looks once more and removes what is gone."))
    return redirect(RUN_PAGE, later.pk)


@require_POST
@admin.site.admin_view
@MAY_SYNC
def keep_held(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what a sync held back. The next sync asks again if it is still absent then."""
    run = get_object_or_404(SyncRun, pk=pk)
    sync.keep_held(run)
    messages.success(request, _("Nothing was removed. The next sync asks again if this is still absent then."))
    return redirect(RUN_PAGE, pk)


sync_urls = [
    path("proposals/<int:pk>/refresh/", refresh_proposal, name="proposal_refresh"),
    path("accounts/<int:pk>/start/", start_sync, name="sync_start"),
    path("<int:pk>/cancel/", cancel_sync, name="sync_cancel"),
    path("<int:pk>/remove/", allow_removals, name="sync_allow_removals"),
    path("<int:pk>/keep/", keep_held, name="sync_keep"),
]
