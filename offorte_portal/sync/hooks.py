"""Starts a sync when an account is connected, and stops its sync when it is disconnected."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse

from offorte_portal.connections.hooks import Hooks, register
from offorte_portal.connections.models import Connection
from offorte_portal.sync import runs
from offorte_portal.sync.models import SyncRun


def connected(connection: Connection, request: HttpRequest) -> str | None:
    """Start a sync; return the address of its page if the person may see it."""
    person = cast("User", request.user)
    run = runs.request(connection, trigger=SyncRun.Trigger.CONNECT, by=person)
    return reverse("admin:sync_syncrun_change", args=[run.pk]) if person.has_perm("sync.view_syncrun") else None


def disconnected(connection: Connection, keep_mirror: bool) -> None:
    """Ask a sync that is under way to stop."""
    SyncRun.objects.filter(connection=connection, state__in=SyncRun.ACTIVE).update(is_cancel_requested=True)


register(Hooks(connected=connected, disconnected=disconnected))
