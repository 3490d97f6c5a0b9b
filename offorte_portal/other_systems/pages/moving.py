"""Bringing customers and products to Offorte: read the lists, see what becomes of each, confirm. Starts a job."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from offorte_portal import ports
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.jobs.models import Job
from offorte_portal.other_systems.models import ListReading, MovedItem, Source
from offorte_portal.other_systems.moving import reading
from offorte_portal.other_systems.moving.action import IMPORT
from offorte_portal.other_systems.moving.judging import Outcome
from offorte_portal.other_systems.moving.starting import Plan, creatable_kinds, plan, start
from offorte_portal.other_systems.opening import disabled_names, system_of
from offorte_portal.other_systems.pages.move_form import MoveForm
from offorte_portal.other_systems.pages.move_page import count_read, digest, page_context, reading_context
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.runs.reasons import put_into_words

JOB_PAGE = "admin:jobs_job_change"


@staff_view(IMPORT, methods=["GET", "POST"])
def move_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what was read (GET) and what becomes of it (POST), keep a choice (POST with `decide`), or start the job."""
    source = find_source(pk)
    counts = count_read(source)
    kinds = [kind.value for kind in creatable_kinds(request.user) if kind.value in counts]
    form = MoveForm(request.POST if request.method == "POST" else None, source=source, kinds=kinds)
    planned: Plan | None = None
    if request.method == "POST" and form.is_valid():
        decide(request, source)
        planned = plan(source, form.choice())
        if "confirm" in request.POST:
            key = read_key(request.POST.get("key", ""))
            known = Job.objects.filter(key=key, requested_by=request.user).first() if key else None
            if known:  # confirmed before, by a double click
                return redirect(JOB_PAGE, known.pk)
            if not (notice := why_not(request, planned)):
                return redirect(JOB_PAGE, start(source, planned, by=request.user, key=key or ports.new_uuid()).pk)
            messages.error(request, notice)
    context = page_context(request, source, form, planned)
    return render(request, "other_systems/moving.html", context | {"has_kinds": bool(kinds)})


def find_source(pk: int) -> Source:
    """Return a connection to a system whose lists can be read. Raises Http404."""
    source = get_object_or_404(Source, pk=pk)
    if system_of(source).mover is None:
        raise Http404
    return source


def decide(request: StaffRequest, source: Source) -> None:
    """Keep what a person has chosen for one item that may be in Offorte, sent as "12 use"; "reset" drops them all."""
    if request.POST.get("decide") == "reset":
        source.moved_items.exclude(decision="").update(decision="")
        return
    key, _space, decision = request.POST.get("decide", "").partition(" ")
    if key.isascii() and key.isdecimal() and len(key) < 19 and decision in MovedItem.Decision.values:
        MovedItem.objects.filter(source=source, pk=int(key)).update(decision=decision)


def why_not(request: StaffRequest, planned: Plan) -> str:
    """Return why the job can't be started; "" where it can."""
    if not constant_time_compare(request.POST.get("seen", ""), digest(planned)):
        return _("Something has changed since you looked. Check the preview again, then confirm.")
    if not planned.of(Outcome.MAKE):
        return _("There is nothing to create: everything is in Offorte already or left out.")
    return ""


def read_key(text: str) -> uuid.UUID | None:
    """Return the key of a page, by which it starts only one job even if confirmed twice; None where it is invalid."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@staff_view(IMPORT, methods=["POST"])
def start_reading(request: StaffRequest, pk: int) -> HttpResponse:
    """Start reading the lists, unless that is under way."""
    source = find_source(pk)
    if source.system in disabled_names():
        messages.error(request, put_into_words(SourceReason.SWITCHED_OFF()))
    else:
        reading.request(source, by=request.user)
    return redirect("source_move", pk)


@staff_view(IMPORT, methods=["POST"])
def cancel_reading(request: StaffRequest, pk: int) -> HttpResponse:
    """Stop reading; what was read so far stays."""
    run = get_object_or_404(ListReading, pk=pk)
    reading.cancel(run)
    if run.is_active:
        messages.info(request, _("Reading stops before its next request."))
    return redirect("source_move", run.source_id)


@staff_view(IMPORT)
def reading_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """Return the progress of an active reading as a fragment; once it has ended, have htmx reload the page."""
    run = get_object_or_404(ListReading.objects.select_related("source"), pk=pk)
    if not run.is_active:
        return HttpResponseClientRefresh()
    return render(request, "other_systems/_reading.html", reading_context(run))


move_urls = [
    path("<int:pk>/move/", move_page, name="source_move"),
    path("<int:pk>/move/read/", start_reading, name="source_move_read"),
    path("readings/<int:pk>/cancel/", cancel_reading, name="reading_cancel"),
    path("readings/<int:pk>/progress/", reading_progress, name="reading_progress"),
]
