"""The home page: whom to call, the figures of the quarter, and the state of the accounts."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.adminkit.accounts import available, selected
from offorte_portal.adminkit.additions import HOME_CARDS
from offorte_portal.adminkit.scope import read_scope
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.desk import figures
from offorte_portal.desk.pages import call_won, calls, overview
from offorte_portal.desk.pages.first_reading import read_first_reading, read_so_far
from offorte_portal.desk.pages.first_steps import list_steps, step_urls
from offorte_portal.desk.pages.home_accounts import account_cards, admin_url, status_figures
from offorte_portal.staff.scope import Scope
from offorte_portal.tracking import followups


@staff_view(methods=None)
def home(request: StaffRequest) -> HttpResponse:
    """Show whom to call: one's own list, or the team's, to everybody who may use the admin."""
    user = request.user  # admin_view lets nobody else in
    sees_proposals = user.has_perm("proposals.view_proposal")
    context = {
        **admin.site.each_context(request),
        "title": _("Home"),
        "greeting": _greeting(user),
        "sees_proposals": sees_proposals,
        "steps": list_steps(request),
        "has_accounts": bool(available(request)),
        "connect_url": connect_url(user),
    }
    if context["has_accounts"]:
        scope = read_scope(request)
        context |= {"scope": scope, "query": request.META.get("QUERY_STRING", "")}
        if sees_proposals:
            context |= _calls(request, scope)
    return render(request, "desk/home.html", context)


def _calls(request: StaffRequest, scope: Scope) -> dict[str, Any]:
    user = scope.user
    return {
        "list": calls.read_list(request, scope),
        "reading": read_first_reading(request),
        "read_so_far": read_so_far(request),
        "snoozes": followups.SNOOZES,
        "may_follow_up": user.has_perm(calls.ADD_FOLLOW_UP),
        "may_compose": user.has_perm("proposals.add_proposal"),
        "shows_account": scope.account is None and len(scope.accounts) > 1,
        "here": request.get_full_path(),
        "page_shortcuts": calls.SHORTCUTS,
    }


@staff_view("proposals.view_proposal")
def overview_part(request: StaffRequest) -> HttpResponse:
    """Show the figures, the year and the cards of other rooms, which the home page loads after itself."""
    scope = read_scope(request)
    today = timezone.localdate(ports.now())
    reading = read_first_reading(request)
    known = figures.read(scope, today)
    context = {
        "scope": scope,
        "facts": overview.list_facts(scope, known, today, is_known=not (reading and reading.is_all)),
        "chart": None if reading and reading.is_all else overview.draw_year(scope, known),
        "read_so_far": read_so_far(request),
        "cards": [(card.template, card.read(scope)) for card in HOME_CARDS],
    }
    return render(request, "desk/home_overview.html", context)


@staff_view()
def accounts(request: StaffRequest) -> HttpResponse:
    """Show the accounts and the number of proposals by status, which the home page loads after itself."""
    chosen = selected(request)
    connections = [chosen] if chosen else available(request)
    context = {
        "accounts": account_cards(request, connections),
        "statuses": status_figures(request.user, connections),
        "connect_url": connect_url(request.user),
    }
    return render(request, "desk/home_accounts.html", context)


def connect_url(user: User) -> str:
    """Return the address for connecting an account; "" if the person may not."""
    return admin_url("connections_connection_add", user, "connections.add_connection")


def _greeting(user: User) -> str:
    hour = timezone.localtime(ports.now()).hour
    if hour < 6 or hour >= 18:
        greeting = _("Good evening, %(name)s")
    elif hour < 12:
        greeting = _("Good morning, %(name)s")
    else:
        greeting = _("Good afternoon, %(name)s")
    return greeting % {"name": user.first_name or str(user)}


home_urls = [
    *calls.call_urls,
    *call_won.call_won_urls,
    *step_urls,
    path("home/overview/", overview_part, name="home_overview"),
    path("home/accounts/", accounts, name="home_accounts"),
    path("", home, name="home"),
]
