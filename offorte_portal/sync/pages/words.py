"""Texts about a sync: its stage, what it reads, and its results."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import ProductDirectory
from offorte_portal import ports
from offorte_portal.adminkit.moments import naturaltime
from offorte_portal.adminkit.words import format_duration
from offorte_portal.mirror.registry import LISTED, RESOURCES
from offorte_portal.sync.checkpoint import Checkpoint
from offorte_portal.sync.details import DETAILS
from offorte_portal.sync.models import SyncRun
from offorte_portal.sync.names import list_name, resource_name
from proposals.models import Proposal

# Seconds after which the page of a queued run asks whether the worker is running.
LONG_QUEUE = 60
PILLS = {
    SyncRun.State.QUEUED: "info",
    SyncRun.State.RUNNING: "info",
    SyncRun.State.WAITING: "warn",
    SyncRun.State.DONE: "good",
    SyncRun.State.FAILED: "bad",
    SyncRun.State.CANCELLED: "edit",
}


@dataclass(frozen=True)
class Figures:
    """The results of a run for one resource. `is_complete` is None for the details, which have no end to reach."""

    name: str
    items: int
    new: int
    changed: int
    removed: int
    requests: int
    is_complete: bool | None


def describe_stage(run: SyncRun) -> str:
    """Return what the run is doing, or how it ended, as a sentence without a full stop."""
    if run.is_active and run.is_cancel_requested:
        return _("Stops after the current request")
    match run.state:
        case SyncRun.State.QUEUED:
            if ports.now() - run.created_at > timedelta(seconds=LONG_QUEUE):
                return _("Waiting for the background worker longer than usual: check that it’s running")
            return _("Waiting for the background worker")
        case SyncRun.State.WAITING if run.retry_at and run.retry_at > ports.now():
            return _("Will retry %(when)s") % {"when": naturaltime(run.retry_at)}
        case SyncRun.State.WAITING:
            return _("Waiting")
        case SyncRun.State.RUNNING:
            return _describe_work(run)
    return str(run.get_state_display())


def _describe_work(run: SyncRun) -> str:
    if not run.checkpoint:
        return _("Starting")
    at = Checkpoint.load(run.checkpoint)
    if at.stage == "lists":
        return _("Reading %(list)s") % {"list": _describe_list(run, at)}
    if at.stage == "absences":
        what = resource_name(at.resource) if at.resource else _("records")
        return _("Checking which %(what)s no longer exist") % {"what": what}
    return _("Reading proposal details, newest first")


def describe_page(run: SyncRun) -> str:
    """Return which page of a list is being read; "" if none is."""
    at = Checkpoint.load(run.checkpoint) if run.checkpoint else Checkpoint()
    is_reading = run.state == SyncRun.State.RUNNING and at.stage == "lists" and at.resource
    return _("page %(number)d") % {"number": at.page} if is_reading else ""


def _describe_list(run: SyncRun, at: Checkpoint) -> str:
    """Return the list that is read, with its part: a status of proposals, a directory of products."""
    name = list_name(at.resource) if at.resource else _("lists")
    if not at.bucket:
        return name
    if at.resource == "products":
        found = ProductDirectory.objects.filter(connection=run.connection_id, remote_id=at.bucket).only("name").first()
        part = str(found) if found else at.bucket
    else:
        part = str(dict(Proposal.Status.choices).get(at.bucket, at.bucket))
    return f"{name} ({part})"


def collect_figures(run: SyncRun) -> list[Figures]:
    """Return figures by resource in the order of reading, without resources that were not reached."""
    order = [*(resource.name for resource in LISTED), DETAILS]
    nested = {each.resource.name for resource in LISTED for each in resource.nested}
    known = [name for name in run.progress if name not in nested]
    known.sort(key=lambda name: order.index(name) if name in order else len(order))
    return [_figures(run, name, nested) for name in known]


def _figures(run: SyncRun, name: str, nested: set[str]) -> Figures:
    """Return a resource's figures, with those of what is nested in it."""
    inside = {each.resource.name for each in RESOURCES[name].nested} if name in RESOURCES else set()
    parts = [run.progress.get(each, {}) for each in (name, *(inside & nested))]

    def total(key: str) -> int:
        return sum(int(part.get(key, 0)) for part in parts)

    return Figures(
        name=capfirst(list_name(name)),
        items=total("items"),
        new=total("new"),
        changed=total("changed"),
        removed=total("removed"),
        requests=total("requests"),
        is_complete=None if name == DETAILS else bool(parts[0].get("is_complete")),
    )


def total_figures(run: SyncRun, key: str) -> int:
    """Return a figure over all resources: "new", "changed", "removed" or "requests"."""
    return sum(int(figures.get(key, 0)) for figures in run.progress.values())


def describe_duration(run: SyncRun) -> str:
    """Return how long the run took, or has taken so far; "" before it started."""
    if run.started_at is None:
        return ""
    return format_duration((run.finished_at or ports.now()) - run.started_at)


def describe_left(minutes: int | None) -> str:
    """Return about how long it will still take, if that is known."""
    if minutes is None:
        return _("time left not known yet")
    count = max(1, minutes)
    return ngettext("about %(count)d minute left", "about %(count)d minutes left", count) % {"count": count}
