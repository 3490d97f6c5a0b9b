"""The first steps of a new installation, on the home page of those who may take them, until they are done."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.cache import caches
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.adminkit.accounts import available, number_of
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.desk import thresholds
from offorte_portal.desk.models import DeskSettings

INVITE = "auth.add_user"
# Whether there is a team does not change back.
TEAM_SECONDS = 24 * 60 * 60
TEAM = "desk:has_team"


@dataclass(frozen=True)
class Step:
    """One step; `url` leads to where it is taken."""

    title: str
    text: str
    url: str
    is_done: bool
    is_running: bool = False


def list_steps(request: StaffRequest) -> list[Step]:
    """Return the steps; none where all are done, hidden, or not the person's. At most one query."""
    user = request.user
    if not (user.has_perm(INVITE) and user.has_perm("connections.add_connection")):
        return []
    accounts = available(request)
    is_synced = any(each.synced_at for each in accounts)
    has_team = _has_team()
    if accounts and is_synced and (has_team or thresholds.read().steps_hidden_at):
        return []
    is_running = any(number_of(each, "active_run") is not None for each in accounts)
    return [
        Step(
            _("Connect an Offorte account"),
            _("You allow it at Offorte, once. The portal never sees your password."),
            reverse("admin:connections_connection_add"),
            bool(accounts),
        ),
        Step(
            _("Let the portal read it"),
            _("The lists fill within minutes. The details of all proposals take longer: Offorte limits requests."),
            reverse("admin:sync_syncrun_changelist") if accounts else "",
            is_synced,
            is_running,
        ),
        Step(
            _("Invite your team"),
            _("They get an e-mail, choose a password, and see their own proposals first."),
            reverse("admin:auth_user_add"),
            has_team,
        ),
    ]


def _has_team() -> bool:
    known = caches["local"].get(TEAM)
    if known is None and User.objects.filter(is_staff=True, is_active=True)[:2].count() > 1:
        known = True
        caches["local"].set(TEAM, known, TEAM_SECONDS)
    return bool(known)


@staff_view(INVITE, methods=["POST"])
def hide_steps(request: StaffRequest) -> HttpResponse:
    """Hide the steps from everybody; an account that is not connected or not read yet is still asked for."""
    settings = DeskSettings.objects.first() or DeskSettings(pk=1)
    settings.steps_hidden_at = ports.now()
    settings.save()
    thresholds.forget()
    return redirect("home")


step_urls = [path("home/steps/hide/", hide_steps, name="hide_steps")]
