"""Pages that wait for the worker, and continue when it is done."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect


def is_part(request: HttpRequest) -> bool:
    """Return whether only the part of the page that refreshes itself is requested."""
    return "HX-Request" in request.headers


def lead_on(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect to the next page, once the work is done."""
    return HttpResponseClientRedirect(url) if is_part(request) else redirect(url)


def show_progress(request: HttpRequest, page: str, part: str, context: dict[str, Any]) -> HttpResponse:
    """Show the progress, with the template of the page or of the part that refreshes itself."""
    if is_part(request):
        return render(request, part, context)
    return render(request, page, admin.site.each_context(request) | context)
