"""Pages for a selection of quotes that is kept while an Offorte account is being connected."""

from collections.abc import Collection
from typing import cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.connections.models import Connection
from offorte_portal.other_systems import kept_selection
from offorte_portal.other_systems.pages.quote_page import MAY_COPY

LIST = "admin:other_systems_importedquote_changelist"


def ask_to_connect(request: HttpRequest, pks: Collection[int]) -> HttpResponse:
    """Keep the selection and return a page that leads to connecting an account."""
    kept_selection.keep(request, pks)
    context = {
        **admin.site.each_context(request),
        "title": _("Copy to Offorte"),
        "count": len(pks),
        "connect_url": find_connect_url(cast("User", request.user)),
    }
    return render(request, "other_systems/connect_first.html", context)


def find_connect_url(user: User) -> str:
    """Return the page on which the person can connect an account; "" for those who may not."""
    if Connection.objects.exists() and user.has_perm("connections.change_connection"):
        return reverse("admin:connections_connection_changelist")
    return reverse("admin:connections_connection_add") if user.has_perm("connections.add_connection") else ""


@staff_view(MAY_COPY, methods=["POST"])
def use_selection(request: StaffRequest) -> HttpResponse:
    """Go on to copying the selection that was kept, or with `discard` forget it."""
    pks = kept_selection.take(request)
    if not pks or "discard" in request.POST:
        return redirect(LIST)
    return redirect(f"{reverse('quotes_copy')}?{urlencode({'pk': pks}, doseq=True)}")


selection_urls = [path("selection/", use_selection, name="quotes_selection")]
