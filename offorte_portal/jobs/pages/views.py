"""Bulk actions from the confirm page on: starting a job, controlling one, and undoing it.

All changes are POSTs. A confirm page that is confirmed twice starts one job, by the key that it carries.
"""

import uuid
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal import ports
from offorte_portal.adminkit import records
from offorte_portal.adminkit.selection import MOST_ROWS, OutdatedError, Selection, TooManyError
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.adminkit.words import count_things
from offorte_portal.files.exports.spreadsheet import stream_csv
from offorte_portal.jobs import control, previews, registry, rights, starting, undoing
from offorte_portal.jobs.action import Action
from offorte_portal.jobs.action_forms import FORMS, ActionForm
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.pages import confirm
from offorte_portal.jobs.pages.export import item_rows
from offorte_portal.jobs.results import Preview
from offorte_portal.jobs.rights import visible_jobs
from offorte_portal.runs.reasons import put_into_words

NOT_SEEN = gettext_lazy("Rows or options have changed since you opened this page. Review them, then confirm.")
JOB_PAGE = "admin:jobs_job_change"


@staff_view(methods=["GET", "POST"])
def new_job(request: StaffRequest, name: str) -> HttpResponseBase:
    """Ask for the options of an action and show what it would do (GET, POST), or start it (POST with `confirm`)."""
    try:
        action = registry.find(name)
    except LookupError as error:
        raise Http404 from error
    user = request.user
    if not user.has_perm(action.permission) or not records.list_url(user, action.model):
        raise PermissionDenied
    try:
        chosen = Selection.load(request.GET.get("s", ""), action.model, user).read(request)
    except OutdatedError:
        return _back(request, action, _("This selection is no longer valid. Select the rows again."))
    except TooManyError:
        most = count_things(action.model, MOST_ROWS)
        return _back(
            request, action, _("A bulk job can include at most %(most)s. Filter the list first.") % {"most": most}
        )
    form_class = FORMS.get(name, ActionForm)
    # An action without options needs no data, so its form is valid at once.
    data: Any = None if form_class.base_fields else {}
    form = form_class(action, chosen, request.POST if request.method == "POST" else data, by=user)
    if request.method == "POST" and form.is_valid():
        return _respond(request, form)
    return _show(request, form, _preview(form, user) if form.is_bound and form.is_valid() else None)


def _back(request: StaffRequest, action: Action[Any], why: str) -> HttpResponse:
    messages.warning(request, why)
    return redirect(records.list_url(request.user, action.model))


def _respond(request: StaffRequest, form: ActionForm) -> HttpResponseBase:
    """Return the table as CSV, the preview, or a redirect to the job."""
    user = request.user
    if "csv" in request.POST:
        return stream_csv(form.action.name.replace(".", "-"), *item_rows(confirm.read_items(form, user)))
    if "confirm" not in request.POST:
        return _show(request, form, _preview(form, user))
    # The worker checks every row again; here only that this is what was shown.
    key = _key(request.POST.get("key", ""))
    if key is None or (why := _why_not(request, form, key)):
        return _show(request, form, _preview(form, user), notice=why if key else NOT_SEEN)
    job = starting.start(
        form.action,
        selection=form.chosen.keys,
        options=form.options,
        by=user,
        key=key,
        statuses=confirm.read_preview(request.POST.get("seen", ""), form.chosen, form.options),
    )
    return redirect(JOB_PAGE, job.pk)


def _preview(form: ActionForm, user: User) -> Preview:
    return previews.preview(form.action, form.chosen.keys, form.options, user)


def _why_not(request: StaffRequest, form: ActionForm, key: uuid.UUID) -> str | Promise:
    """Return the reason why the job can't be started; "" if it can."""
    if Job.objects.filter(key=key, requested_by=request.user).exists():
        return ""  # confirmed before: by a double click, or from the page before
    if confirm.read_preview(request.POST.get("seen", ""), form.chosen, form.options) is None:
        return NOT_SEEN
    if confirm.describe_undo(form.action).is_final and not request.POST.get("understood"):
        return _("Tick the box to confirm that this can’t be undone.")
    return ""


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _show(request: StaffRequest, form: ActionForm, preview: Preview | None, notice: str | Promise = "") -> HttpResponse:
    user = request.user
    action = form.action
    context = {
        **admin.site.each_context(request),
        "title": action.label,
        "action": action,
        "form": form,
        "back_url": records.list_url(user, action.model),
        "back_title": action.model._meta.verbose_name_plural,
        "selected": count_things(action.model, len(form.chosen.keys)),
        "notice": notice,
        "preview": None,
    }
    if preview is not None:
        page = request.POST.get("page", "1")
        number = max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
        context |= confirm.preview_context(form, preview, user, number)
    return render(request, "jobs/new.html", context)


@staff_view(methods=["POST"])
def control_job(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """Pause, resume or cancel a job, or retry its failures."""
    user = request.user
    job = _controlled(user, pk)
    act, done, nothing = {
        "pause": (
            control.pause,
            _("The job is paused. A change that is being sent will still finish."),
            _("The job isn’t running, so there’s nothing to pause."),
        ),
        "resume": (
            control.resume,
            _("The job is running again."),
            _("The job isn’t paused, so there’s nothing to resume."),
        ),
        "cancel": (
            control.cancel,
            _("The job is cancelled. Changes that were already made stay; you can undo them here."),
            _("The job has already finished."),
        ),
        "retry": (control.retry_failed, _("Retrying what failed."), _("There’s nothing to retry.")),
    }[what]
    if act(job, user):
        messages.success(request, done)
    else:
        messages.info(request, nothing)
    return redirect(JOB_PAGE, pk)


@staff_view(methods=["POST"])
def undo_job(request: StaffRequest, pk: int) -> HttpResponse:
    """Start a job that undoes this one."""
    user = request.user
    job = _controlled(user, pk)
    key = _key(request.POST.get("key", "")) or ports.new_uuid()
    known = Job.objects.filter(key=key, undoes=job).first()
    if known is None and (why := undoing.can_undo(job)):
        messages.error(request, _("This can’t be undone. %(reason)s") % {"reason": put_into_words(why)})
        return redirect(JOB_PAGE, pk)
    return redirect(JOB_PAGE, (known or undoing.undo(job, by=user, key=key)).pk)


def _controlled(user: User, pk: int) -> Job:
    """Return the job. Raises PermissionDenied unless the person may see and control it."""
    job = get_object_or_404(Job, id=pk)
    if not visible_jobs(user).filter(id=pk).exists() or not rights.may_control(job, user):
        raise PermissionDenied
    return job


CONTROLS = ("pause", "resume", "cancel", "retry")

job_urls = [
    path("new/<str:name>/", new_job, name="job_new"),
    *(path(f"<int:pk>/{what}/", control_job, {"what": what}, name=f"job_{what}") for what in CONTROLS),
    path("<int:pk>/undo/", undo_job, name="job_undo"),
]
