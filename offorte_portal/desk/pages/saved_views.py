"""Saved views of the list of proposals: save, share, open the list with one, delete."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from offorte_portal.adminkit.palette.commands import CommandGroup, PaletteCommand
from offorte_portal.adminkit.palette.page import Page
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.desk.models import DefaultView, SavedView
from offorte_portal.desk.models.saved_view import NAME_LENGTH, QUERY_LENGTH
from offorte_portal.desk.pages.view_tabs import MOST_VIEWS, address_of, fits_list, list_tabs, normalise, views_of

MAY_SEE = "proposals.view_proposal"
SHARE = "desk.share_savedview"


@staff_view(MAY_SEE)
def view_bar(request: StaffRequest) -> HttpResponse:
    """Show the saved views with their counts, and the form that saves the current one. The list loads it."""
    current = normalise(request, request.GET)
    tabs = list_tabs(request, current)
    context = {
        "tabs": tabs,
        "current": current,
        "can_save": bool(current) and not any(tab.is_active for tab in tabs),
        "may_share": request.user.has_perm(SHARE),
        "here": request.headers.get("HX-Current-URL", ""),
    }
    return render(request, "desk/view_bar.html", context)


@staff_view(MAY_SEE, methods=["POST"])
def save_view(request: StaffRequest) -> HttpResponse:
    """Save a view under a name; replace one's own view of that name."""
    user = request.user
    name = " ".join(request.POST.get("name", "").replace("\x00", "").split())[:NAME_LENGTH]
    query = normalise(request, QueryDict(request.POST.get("query", "")[:QUERY_LENGTH]))
    if not name or not query or len(query) > QUERY_LENGTH:
        messages.error(request, _("Filter or sort the list or choose its columns, then give the view a name."))
        return redirect(_next(request))
    is_shared = "is_shared" in request.POST and user.has_perm(SHARE)
    if SavedView.objects.filter(user=user).exclude(name=name).count() >= MOST_VIEWS:
        messages.error(request, _("You already have %(count)d saved views. Delete one first.") % {"count": MOST_VIEWS})
        return redirect(_next(request))
    SavedView.objects.update_or_create(user=user, name=name, defaults={"query": query, "is_shared": is_shared})
    messages.success(request, _("View “%s” saved.") % name)
    return redirect(address_of(query))


@staff_view(MAY_SEE, methods=["POST"])
def delete_view(request: StaffRequest, pk: int) -> HttpResponse:
    """Delete one of the person's own views."""
    view = _own(request, pk)
    view.delete()
    messages.success(request, _("View “%s” deleted.") % view.name)
    return redirect(_next(request))


@staff_view(SHARE, methods=["POST"])
def share_view(request: StaffRequest, pk: int) -> HttpResponse:
    """Share one of the person's own views with everybody, or stop sharing it."""
    view = _own(request, pk)
    view.is_shared = not view.is_shared
    view.save(update_fields=["is_shared"])
    text = _("Everyone can now see the view “%s”.") if view.is_shared else _("Only you can see the view “%s” now.")
    messages.success(request, text % view.name)
    return redirect(_next(request))


@staff_view(MAY_SEE, methods=["POST"])
def choose_default(request: StaffRequest, pk: int) -> HttpResponse:
    """Open the list with a view from now on, or with all proposals again."""
    user = request.user
    view = get_object_or_404(views_of(user), pk=pk)
    if not fits_list(view.query):
        messages.error(
            request,
            _("The view “%s” is for the pipeline. The list doesn’t show quotes from other systems.") % view.name,
        )
    elif DefaultView.objects.filter(user=user, view=view).delete()[0]:
        messages.success(request, _("The list now opens with all proposals."))
    else:
        DefaultView.objects.update_or_create(user=user, defaults={"view": view})
        messages.success(request, _("The list now opens with “%s”.") % view.name)
    return redirect(_next(request))


def offer_views(request: StaffRequest, page: Page) -> Iterator[PaletteCommand]:
    """Yield the views that the person may use, for the palette. One query."""
    if not request.user.has_perm(MAY_SEE):
        return
    for name, query, owner in views_of(request.user).values_list("name", "query", "user"):
        yield PaletteCommand(
            title=name,
            icon="bookmark",
            group=CommandGroup.VIEW,
            url=address_of(query),
            details="" if owner == request.user.pk else _("Shared with everyone"),
            keywords="view weergave",
        )


def _own(request: StaffRequest, pk: int) -> SavedView:
    view = get_object_or_404(views_of(request.user), pk=pk)
    if view.user_id != request.user.pk:
        raise PermissionDenied
    return view


def _next(request: HttpRequest) -> str:
    given = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(given, {request.get_host()}, request.is_secure())
    return given if is_ours else reverse("admin:proposals_proposal_changelist")


saved_view_urls = [
    path("", view_bar, name="saved_views"),
    path("save/", save_view, name="view_save"),
    path("<int:pk>/delete/", delete_view, name="view_delete"),
    path("<int:pk>/share/", share_view, name="view_share"),
    path("<int:pk>/default/", choose_default, name="view_default"),
]
