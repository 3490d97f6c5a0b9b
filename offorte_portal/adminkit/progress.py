"""A page that waits for what the worker does, and leads on when that is done."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect


def is_part(request: HttpRequest) -> bool:
    """Whether only the part is asked for that renews itself."""
    return "HX-Request" in request.headers


def lead_on(request: HttpRequest, url: str) -> HttpResponse:
    """Leave the page for the next one: the work is done."""
    return HttpResponseClientRedirect(url) if is_part(request) else redirect(url)


def show_progress(request: HttpRequest, page: str, part: str, context: dict[str, Any]) -> HttpResponse:
    """Say how far the worker is: by the template of the page, or of the part that renews itself."""
    if is_part(request):
        return render(request, part, context)
    return render(request, page, admin.site.each_context(request) | context)
