"""The admin of syncs: a list of runs, and a page for each with its progress, changes and warnings."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRefresh

from offorte_portal.adminkit import columns, records
from offorte_portal.adminkit.freshness import read_freshness
from offorte_portal.adminkit.readonly import ReadOnlyAdmin
from offorte_portal.adminkit.records import fact
from offorte_portal.adminkit.templatetags import portal
from offorte_portal.sync.models import SyncRun
from offorte_portal.sync.names import resource_name
from offorte_portal.sync.pages import words as sync_words
from offorte_portal.sync.progress import estimate

WARNINGS_A_PAGE = 100


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnlyAdmin[SyncRun]):
    """A read-only admin; starting and stopping are POST views of their own (`sync/pages/views.py`)."""

    list_display = ["title", "state_pill", "started", "duration", "requests", "changes", "warning_count"]
    list_display_links = ["title"]
    list_filter = ["connection", "state", "trigger"]
    card_columns = ("state_pill", "started")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return Django's own changelist, with its filters."""
        return ChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[SyncRun]:
        """Return the runs with everything that a row and a page show."""
        found = super().get_queryset(request).select_related("connection", "requested_by")
        return found.annotate(warning_number=Count("warnings"))

    @admin.display(description=_("sync"), ordering="id")
    def title(self, run: SyncRun) -> SafeString:
        """Return the account; below it what started the run."""
        return columns.two_lines(run.connection, [f"#{run.pk}", _trigger(run)])

    @admin.display(description=_("state"), ordering="state")
    def state_pill(self, run: SyncRun) -> SafeString:
        return columns.pill(sync_words.PILLS[SyncRun.State(run.state)], run.get_state_display())

    @admin.display(description=_("started"), ordering="started_at")
    def started(self, run: SyncRun) -> SafeString:
        """Return how long ago it started."""
        return portal.ago(run.started_at) if run.started_at else columns.nothing()

    @admin.display(description=_("duration"))
    def duration(self, run: SyncRun) -> str:
        """Return how long it took, or has taken so far."""
        return sync_words.describe_duration(run) or columns.nothing()

    @admin.display(description=_("requests"))
    def requests(self, run: SyncRun) -> SafeString:
        """Return how many requests it made to Offorte."""
        return columns.number(sync_words.total_figures(run, "requests"))

    @admin.display(description=_("new / changed / removed"))
    def changes(self, run: SyncRun) -> str:
        """Return how many objects it found new, changed and removed."""
        return " / ".join(str(sync_words.total_figures(run, key)) for key in ("new", "changed", "removed"))

    @admin.display(description=_("warnings"))
    def warning_count(self, run: Any) -> SafeString:
        return columns.number(run.warning_number)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Add how fresh the accounts are to the list."""
        return super().changelist_view(request, {**(extra_context or {}), "freshness": read_freshness(request)})

    def get_urls(self) -> list[URLPattern]:
        """Add the view of a run's progress, which the page reloads."""
        view = self.admin_site.admin_view(self.progress_view)
        return [path("<int:pk>/progress/", view, name="sync_syncrun_progress"), *super().get_urls()]

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the progress of an active run as a fragment, or reload the page of one that ended. Reads only."""
        run = self.get_object(request, str(pk))
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        if run is None:
            raise Http404
        if not run.is_active:
            return HttpResponseClientRefresh()
        context = {"run": run, "told": request.GET.get("told", ""), **_progress_context(run)}
        return TemplateResponse(request, "sync/_progress.html", context)

    def record_context(self, request: HttpRequest, obj: SyncRun) -> dict[str, Any]:
        may_sync = request.user.has_perm("connections.sync_connection")
        return {
            "run": obj,
            "connection": obj.connection,
            "facts": _facts(request, obj),
            "warnings": Paginator(obj.warnings.all(), WARNINGS_A_PAGE).get_page(request.GET.get("warnings")),
            "held": [(resource_name(name), count) for name, count in obj.held_removals.items()],
            "may_cancel": may_sync and obj.is_active and not obj.is_cancel_requested,
            "may_sync": may_sync,
            **_progress_context(obj),
        }


def _progress_context(run: SyncRun) -> dict[str, Any]:
    progress = estimate(run)
    left = [sync_words.describe_page(run), sync_words.describe_left(progress.minutes)] if run.is_active else []
    return {
        "pill": sync_words.PILLS[SyncRun.State(run.state)],
        "progress": progress,
        "left": " · ".join(filter(None, left)),
        "stage": sync_words.describe_stage(run),
        "duration": sync_words.describe_duration(run),
        "figures": sync_words.collect_figures(run),
        "totals": {key: sync_words.total_figures(run, key) for key in ("new", "changed", "removed", "requests")},
    }


def _facts(request: HttpRequest, run: SyncRun) -> list[records.Fact]:
    facts = [
        fact(_("Account"), records.record_link(request.user, run.connection)),
        fact(_("Started by"), _trigger(run)),
        fact(_("Requested"), run.created_at),
    ]
    facts += records.field_facts(run, *(name for name in ("started_at", "finished_at") if getattr(run, name)))
    if run.only:
        facts.append(fact(_("Limited to"), ", ".join(map(resource_name, run.only))))
    if run.allows_mass_removal:
        facts.append(fact(_("Removals"), _("no limit")))
    return facts


def _trigger(run: SyncRun) -> str:
    """Return the name of the person who started the run, or what else started it."""
    if run.trigger == SyncRun.Trigger.PERSON and run.requested_by:
        return str(run.requested_by)
    return str(run.get_trigger_display())
