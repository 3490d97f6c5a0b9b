"""A proposal for paper: a page of its own, without navigation, that reads the mirror only."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from proposals.models import Proposal
from proposals.pages.printing import print_context


@require_GET
@admin.site.admin_view
def print_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposal on paper; with its comments where the address says `comments=yes`."""
    model_admin = admin.site.get_model_admin(Proposal)
    proposal = model_admin.get_object(request, str(pk))
    if not model_admin.has_view_permission(request, proposal):
        raise PermissionDenied
    if proposal is None:
        raise Http404
    with_comments = request.GET.get("comments") == "yes"
    return render(request, "proposals/print.html", print_context(request, proposal, with_comments=with_comments))


print_urls = [path("proposals/<int:pk>/", print_proposal, name="proposal_print")]
