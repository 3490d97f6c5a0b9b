"""Views for the frame of every page: hits of the palette, the choice of an account, the state of background work."""

from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from offorte_portal.adminkit.accounts import select
from offorte_portal.adminkit.palette.finding import find
from offorte_portal.adminkit.palette.records import RECENT
from offorte_portal.adminkit.records import list_url
from offorte_portal.adminkit.staffview import StaffRequest, live_view, staff_view
from offorte_portal.runs import beats
from proposals.models import Proposal

# The record that the page is about is one of them, and is left out.
MOST_RECENT = RECENT + 1


@staff_view(methods=None)
def first_page(request: StaffRequest) -> HttpResponse:
    """Return a start page where no room has one: the list of proposals or, without access to it, the admin's index."""
    url = list_url(request.user, Proposal)
    return redirect(url) if url else admin.site.index(request)


@staff_view()
def palette(request: StaffRequest) -> HttpResponse:
    """Return the hits for `q`, as the list that the palette shows; they are never cached.

    Where nothing is typed, `recent` has the paths of the records that were opened last.
    """
    text = request.GET.get("q", "")
    groups = find(request, text, request.GET.getlist("recent")[:MOST_RECENT])
    count = sum(len(group.hits) for group in groups)
    return render(request, "adminkit/palette_results.html", {"groups": groups, "count": count, "text": text.strip()})


@live_view
def standing(request: StaffRequest) -> HttpResponse:
    """Return the state of background work; 204 where it is still the one that the page shows (`shown`)."""
    now = beats.standing()
    if request.GET.get("shown") == now:
        return HttpResponse(status=204)
    return render(request, "adminkit/standing.html", {"standing": now})


@staff_view(methods=["POST"])
def account(request: StaffRequest) -> HttpResponse:
    """Choose the account to look at (`account`: its key, or "all") and go back to the page `next`."""
    select(request, request.POST.get("account", ""))
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if is_ours else reverse("home"))
