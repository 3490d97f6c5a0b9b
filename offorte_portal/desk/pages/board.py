"""The pipeline board: the list of proposals in columns by status. A card is moved by dragging it, or from its menu."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal import ports
from offorte_portal.adminkit import saving
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.desk.pages import pipeline
from offorte_portal.desk.pages.first_reading import read_first_reading
from offorte_portal.desk.pages.moving import change_status
from offorte_portal.desk.pages.pipeline import CHANGE, PERIOD
from offorte_portal.desk.pages.sides import Sides, is_offered
from offorte_portal.desk.period import Period
from offorte_portal.staff.access import may_act
from offorte_portal.waiting.marks import asks_elsewhere
from proposals.models import Proposal

VIEW = "proposals.view_proposal"
MOVING = gettext_lazy("Moving…")
# The most lines of sums that all heads make room for.
MOST_LINES = 6


@staff_view(VIEW)
def show_board(request: StaffRequest) -> HttpResponse:
    """Show the columns, with the filters of the lists."""
    sides = Sides(request)
    narrowed = sides.main
    reading = read_first_reading(request) if sides.shows_proposals else None
    columns = pipeline.read_columns(request, sides, is_unread=bool(reading and reading.is_all))
    context = {
        **admin.site.each_context(request),
        "title": _("Pipeline"),
        "columns": columns,
        # Heads are as high as the highest, so that the cards begin on one line.
        "lines": min(max(column.lines for column in columns), MOST_LINES),
        "periods": _list_periods(sides) if sides.shows_proposals else [],
        "all_period_url": narrowed.get_query_string({PERIOD: Period.ALL.value}),
        "sides": sides,
        "reading": reading,
        "switch": sides.positions() if is_offered(request) else [],
        "chips": sides.chips,
        "filter_menu": sides.controls,
        "narrowed": narrowed,
        "statuses": Proposal.Status,
        "all_url": narrowed.get_query_string({"mine": None}),
        "mine_url": narrowed.get_query_string({"mine": "yes"}),
        "lists": pipeline.list_addresses(sides),
        "here": request.get_full_path(),
        "key": ports.new_uuid(),
    }
    return render(request, "desk/board.html", context)


def _list_periods(sides: Sides) -> list[tuple[str, str, bool]]:
    """Return label and address of each period of decided proposals, and whether it is shown; none beside a filter."""
    if any(spec.name == "decided" for spec in sides.proposals.active):
        return []
    current = Period.read(sides.params.get(PERIOD, ""))
    address = sides.main.get_query_string
    return [(str(period.label), address({PERIOD: period.value}), period == current) for period in Period]


class MoveForm(forms.Form):
    """The status that a card is moved to, and the one that the page showed (`seen`).

    `key` is new for each page, so that a repeated submit moves once.
    """

    status = forms.ChoiceField(choices=Proposal.Status.choices)
    seen = forms.ChoiceField(choices=Proposal.Status.choices, required=False)
    key = forms.UUIDField()


@asks_elsewhere(MOVING, is_kept=True)
@staff_view(CHANGE, methods=["GET", "HEAD", "POST"])
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask where to move a card (GET), or move it. A move to lost asks for the reason first."""
    proposal = _find(request, pk)
    if request.method != "POST":
        context = {"title": _("Move"), "proposal": proposal, "statuses": Proposal.Status, "next": _next(request)}
        return render(request, "desk/move.html", {**admin.site.each_context(request), **context})
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This card could not be moved. Reload the page and try again."))
        return redirect(_next(request))
    if form.cleaned_data["status"] == Proposal.Status.LOST:
        back = urlencode({"next": f"{_next(request)}#card-{pk}"})
        return redirect(f"{reverse('proposal_lost', args=[pk])}?{back}")
    asked = form.cleaned_data
    if operation := change_status(request, proposal, asked["status"], seen=asked["seen"], key=asked["key"]):
        saving.tell(request, operation)
    return redirect(f"{_next(request)}#card-{pk}")


def _find(request: StaffRequest, pk: int) -> Proposal:
    """Return the proposal. Raises Http404 if it is gone, PermissionDenied if the person may not change it."""
    found = Proposal.objects.select_related("connection").defer("payload", "search_text")
    proposal = get_object_or_404(found, pk=pk, removed_at__isnull=True)
    if not may_act(request.user, CHANGE, proposal):
        raise PermissionDenied
    return proposal


def _next(request: HttpRequest) -> str:
    """Return the page that the person came from if it is one of ours, else the board."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(given, {request.get_host()}, request.is_secure())
    return given if is_ours else reverse("board")


board_urls = [
    path("", show_board, name="board"),
    path("<int:pk>/move/", move, name="board_move"),
]
