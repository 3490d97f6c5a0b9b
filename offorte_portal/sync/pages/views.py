"""The POST views of the mirror: refresh a proposal, start and stop a sync, settle what a sync held back.

None of them changes anything at Offorte.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import reselect, reswap, retarget

from offorte_portal.adminkit.neighbours import keep
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.api.errors import Hidden, NotFound, OfforteError, RateLimited
from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.sync import runs as sync_run
from offorte_portal.sync.models import SyncRun
from offorte_portal.sync.refreshing import refresh
from offorte_portal.waiting.marks import asks_elsewhere
from proposals.models import Proposal

MAY_SYNC = "connections.sync_connection"
RUN_PAGE = "admin:sync_syncrun_change"
PROPOSAL_PAGE = "admin:proposals_proposal_change"


@asks_elsewhere(gettext_lazy("Refreshing…"), place="refresh-outcome")
@staff_view("proposals.view_proposal", methods=["POST"])
def refresh_proposal(request: StaffRequest, pk: int) -> HttpResponse:
    """Read a proposal from Offorte at once and go to its page; if that fails, say why there.

    Everybody who may see a proposal may refresh it: it takes one request in the lane of people.
    """
    found = Proposal.objects.select_related("connection").defer("payload", "search_text")
    proposal = get_object_or_404(found, pk=pk)
    try:
        refresh(proposal)
    except (NotFound, Hidden):
        pass  # The mirror has been updated, and the page says so.
    except OfforteError as error:
        return _say_why(request, proposal, error)
    # The page that is open knows which list the person came from.
    opened = QueryDict(request.headers.get("HX-Current-URL", "").partition("#")[0].partition("?")[2])
    return redirect(keep(opened, reverse(PROPOSAL_PAGE, args=[pk])))


def _say_why(request: HttpRequest, proposal: Proposal, error: OfforteError) -> HttpResponse:
    """Show the reason in its place on the current page, or as a message on a new page without htmx."""
    reason = put_into_words(error.reason)
    if isinstance(error, RateLimited) and error.retry_after:
        reason += " " + _("Try again in %(count)d seconds.") % {"count": round(error.retry_after) + 1}
    if "HX-Request" not in request.headers:
        messages.error(request, _("We couldn’t refresh this from Offorte. %(reason)s") % {"reason": reason})
        return redirect(PROPOSAL_PAGE, proposal.pk)
    response = render(request, "sync/_refresh_failed.html", {"proposal": proposal, "reason": reason})
    return reselect(reswap(retarget(response, "#refresh-outcome"), "outerHTML"), "#refresh-outcome")


@staff_view(MAY_SYNC, methods=["POST"])
def start_sync(request: StaffRequest, pk: int) -> HttpResponse:
    """Start a sync of an account, or go to the one that is under way."""
    connection = get_object_or_404(Connection, pk=pk)
    if not connection.is_connected:
        messages.error(request, _("%s isn’t connected to Offorte. Connect it, then start the sync.") % connection)
        return redirect("admin:connections_connection_change", pk)
    run = sync_run.request(connection, trigger=SyncRun.Trigger.PERSON, by=request.user)
    return redirect(RUN_PAGE, run.pk)


@staff_view(MAY_SYNC, methods=["POST"])
def cancel_sync(request: StaffRequest, pk: int) -> HttpResponse:
    """Stop a sync; what it has read so far stays."""
    run = get_object_or_404(SyncRun, pk=pk)
    sync_run.cancel(run)
    if run.is_active:
        messages.info(request, _("The sync stops after the current request."))
    return redirect(RUN_PAGE, pk)


@staff_view(MAY_SYNC, methods=["POST"])
def allow_removals(request: StaffRequest, pk: int) -> HttpResponse:
    """Let a new sync remove what this one held back."""
    run = get_object_or_404(SyncRun.objects.select_related("connection"), pk=pk)
    if not run.held_removals:
        messages.info(request, _("There are no removals left to decide on."))
        return redirect(RUN_PAGE, pk)
    later = sync_run.allow_removals(run, by=request.user)
    messages.success(request, _("This sync checks once more and removes what no longer exists in Offorte."))
    return redirect(RUN_PAGE, later.pk)


@staff_view(MAY_SYNC, methods=["POST"])
def keep_held(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep what a sync held back. The next sync asks again if it is still absent then."""
    run = get_object_or_404(SyncRun, pk=pk)
    sync_run.keep_held(run)
    messages.success(
        request, _("Nothing was removed. If these are still missing at the next sync, you’ll be asked again.")
    )
    return redirect(RUN_PAGE, pk)


sync_urls = [
    path("proposals/<int:pk>/refresh/", refresh_proposal, name="proposal_refresh"),
    path("accounts/<int:pk>/start/", start_sync, name="sync_start"),
    path("<int:pk>/cancel/", cancel_sync, name="sync_cancel"),
    path("<int:pk>/remove/", allow_removals, name="sync_allow_removals"),
    path("<int:pk>/keep/", keep_held, name="sync_keep"),
]
