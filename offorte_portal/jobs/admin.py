"""Jobs: a list of bulk actions, and a page per job with its progress, its results and its controls."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRefresh

from offorte_portal import ports
from offorte_portal.adminkit import columns
from offorte_portal.adminkit.changelist import FilteredChangeList
from offorte_portal.adminkit.readonly import ReadOnlyAdmin
from offorte_portal.adminkit.record_hooks import Tab
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.adminkit.templatetags import portal
from offorte_portal.adminkit.words import starter
from offorte_portal.files.exports.spreadsheet import stream_csv
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.pages import words as job_words
from offorte_portal.jobs.pages.export import operation_rows
from offorte_portal.jobs.pages.filters import ActionFilter, FailuresFilter, JobStateFilter, MineFilter, StartedFilter
from offorte_portal.jobs.pages.page import job_context, live_context
from offorte_portal.jobs.pages.results import build_results
from offorte_portal.jobs.registry import title
from offorte_portal.jobs.rights import OTHERS, visible_jobs
from offorte_portal.writes.models import Operation


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin[Job]):
    """Read-only: jobs are started and stopped by POSTs of their own (`jobs/pages/views.py`)."""

    list_display = ("title", "state_pill", "outcome", "started", "starter")
    list_filter = (JobStateFilter, MineFilter, ActionFilter, StartedFilter, FailuresFilter)
    list_related = ("requested_by",)
    list_unread = ("selection",)
    card_columns = ("state_pill", "outcome", "started", "starter")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        """Return the jobs that the person may see, without their selections."""
        return visible_jobs(staff_user(request)).defer("selection", "statuses").order_by(*self.ordering)

    def tabs(self, request: HttpRequest, changelist: FilteredChangeList) -> list[Tab]:
        """Return the tabs "All" and "Mine", if the person may see the jobs of others."""
        if not request.user.has_perm(OTHERS):
            return []
        mine = changelist.params.get("mine") == "yes"
        return [
            Tab(str(_("All")), "", changelist.get_query_string(remove=["mine"]), is_active=not mine),
            Tab(str(_("Mine")), "", changelist.get_query_string({"mine": "yes"}), is_active=mine),
        ]

    @admin.display(description=_("Bulk job"), ordering="id")
    def title(self, job: Job) -> SafeString:
        """Show what the job does and, below it, its number and size."""
        return columns.two_lines(title(job), [f"#{job.pk}", job_words.size(job)])

    @admin.display(description=_("State"))
    def state_pill(self, job: Job) -> SafeString:
        return columns.pill(job_words.PILLS[Job.State(job.state)], job.get_state_display())

    @admin.display(description=_("Results"))
    def outcome(self, job: Any) -> SafeString | str:
        """Show how far it is, or the number of writes by state, which `prepare_rows` has counted."""
        return job_words.describe_outcome(job, job.outcome_counts) or columns.nothing()

    @admin.display(description=_("Started"))
    def started(self, job: Job) -> SafeString:
        return portal.ago(job.created_at)

    @admin.display(description=_("Started by"))
    def starter(self, job: Job) -> SafeString:
        return portal.avatar(starter(job))

    def prepare_rows(self, request: HttpRequest, rows: list[Job]) -> None:
        """Count the writes of the page's jobs, in one query."""
        counted = Operation.objects.filter(job__in=[job.pk for job in rows]).order_by().values_list("job_id", "state")
        counts: dict[int, dict[str, int]] = {}
        for pk, state, count in counted.annotate(n=Count("pk")):
            counts.setdefault(pk, {})[state] = count
        for job in rows:
            job.outcome_counts = counts.get(job.pk, {})  # type: ignore[attr-defined]

    def get_urls(self) -> list[URLPattern]:
        """Add the live fragment of a job's page, and its results as CSV."""
        progress = self.admin_site.admin_view(self.progress_view)
        results = self.admin_site.admin_view(self.results_view)
        return [
            path("<int:pk>/progress/", progress, name="jobs_job_progress"),
            path("<int:pk>/results.csv", results, name="jobs_job_results"),
            *super().get_urls(),
        ]

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Render progress, counts and results of an active job as one fragment; reload the page of an ended one."""
        job = visible_jobs(staff_user(request)).defer("selection", "statuses").filter(id=pk).first()
        if job is None:
            raise PermissionDenied
        context = live_context(request, job, request.GET.get("told", ""))
        if job.state != request.GET.get("was", job.state) or not job.is_active:
            return HttpResponseClientRefresh()
        return TemplateResponse(request, "jobs/_live.html", context | {"is_poll": True})

    def results_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Send the results as CSV, in all states or in the one that the page shows."""
        job = self.get_queryset(request).filter(id=pk).first()
        if not self.has_view_permission(request, job):
            raise PermissionDenied
        if job is None:
            raise Http404
        operations = build_results(job, request.GET.get("state", "")).select_related("connection", "requested_by")
        return stream_csv(f"job-{pk}", *operation_rows(operations.iterator(chunk_size=1000)))

    def record_context(self, request: HttpRequest, obj: Job) -> dict[str, Any]:
        return {**job_context(request, obj), "undo_key": ports.new_uuid()}
