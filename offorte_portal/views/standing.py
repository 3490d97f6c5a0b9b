"""Whether background work stands still, for pages that are open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from offorte_portal.adminkit.live import live_view
from offorte_portal.runs import beats


@require_GET
@live_view
def standing(request: HttpRequest) -> HttpResponse:
    """How background work stands, for a page that shows `shown`; 204 where that is still so."""
    now = beats.standing()
    if request.GET.get("shown") == now:
        return HttpResponse(status=204)
    return render(request, "portal/standing.html", {"standing": now})
