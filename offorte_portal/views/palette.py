"""The search palette: what it finds while a person types."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from offorte_portal.adminkit.palette import find


@require_GET
@admin.site.admin_view
def palette(request: HttpRequest) -> HttpResponse:
    """The hits for `q`, as the list that the palette shows. Never cached, neither here nor on the way."""
    text = request.GET.get("q", "")
    groups = find(request, text)
    count = sum(len(group.hits) for group in groups)
    return render(request, "palette/results.html", {"groups": groups, "count": count, "text": text.strip()})
