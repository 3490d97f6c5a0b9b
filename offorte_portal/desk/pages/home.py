"""The home page: what needs attention, the figures of the quarter, hot proposals, and the state of the accounts."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.adminkit.accounts import available, selected
from offorte_portal.adminkit.additions import HOME_CARDS
from offorte_portal.adminkit.scope import read_scope
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.connections.connecting import problems
from offorte_portal.desk import attention, figures
from offorte_portal.desk.pages import heat, overview
from offorte_portal.desk.pages.attention import list_attention, proposals_url
from offorte_portal.desk.pages.first_reading import FirstReading, read_first_reading
from offorte_portal.desk.pages.home_accounts import account_cards, admin_url, status_figures
from offorte_portal.staff.scope import Scope

HOT = 6


@staff_view(methods=None)
def home(request: StaffRequest) -> HttpResponse:
    """Show one's own desk, or the team's, to everybody who may use the admin."""
    user = request.user  # admin_view lets nobody else in
    context = {
        **admin.site.each_context(request),
        "title": _("Home"),
        "greeting": _greeting(user),
        "has_accounts": bool(available(request)),
        "connect_url": connect_url(user),
    }
    if context["has_accounts"]:
        context["reading"] = read_first_reading(request)
        context |= _desk(request, read_scope(request), timezone.localdate(ports.now()), context["reading"])
    return render(request, "desk/home.html", context)


def _desk(request: HttpRequest, scope: Scope, today: date, reading: FirstReading | None) -> dict[str, Any]:
    sees_proposals = scope.user.has_perm("proposals.view_proposal")
    counts = attention.count(
        scope,
        with_proposals=sees_proposals,
        with_writes=scope.user.has_perm("writes.view_operation"),
    )
    context: dict[str, Any] = {
        "scope": scope,
        "sees_proposals": sees_proposals,
        "attention_items": list_attention(scope, counts, problems(available(request))),
    }
    if sees_proposals:
        known = figures.read(scope, today)
        context |= {
            "facts": overview.list_facts(scope, known, today, is_known=not (reading and reading.is_all)),
            "chart": None if reading and reading.is_all else overview.draw_year(scope, known),
            "hot": [(stats, heat.describe(stats)) for stats in attention.hottest(scope, HOT)],
            "hot_url": proposals_url(scope, attention="hot"),
            "cards": [(card.template, card.read(scope)) for card in HOME_CARDS],
        }
    return context


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
    path("home/accounts/", accounts, name="home_accounts"),
    path("", home, name="home"),
]
