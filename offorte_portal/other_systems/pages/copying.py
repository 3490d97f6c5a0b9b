"""The page that copies quotes of other systems to Offorte: choose, see the plan of each, confirm. Starts a job."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal import ports
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.connections.models import Connection
from offorte_portal.jobs.models import Job
from offorte_portal.other_systems.copy_plan import Choice, Decided, Loss, Plan, plan
from offorte_portal.other_systems.copying import MOST, release_undone, start
from offorte_portal.other_systems.models import ImportedQuote
from offorte_portal.other_systems.pages.copy_form import TABLE_LIST, CopyForm
from offorte_portal.other_systems.pages.quote_page import MAY_COPY, money, note_text
from offorte_portal.other_systems.pages.selection import ask_to_connect
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.staff.access import find_owner
from proposals.models import AccountUser

LIST = "admin:other_systems_importedquote_changelist"
JOB_PAGE = "admin:jobs_job_change"
SHOWN = 200


DECISIONS = {
    Decided.ACCEPTED: ("won", gettext_lazy("Accepted")),
    Decided.LOST: ("lost", gettext_lazy("Lost")),
    Decided.CLOSED: ("closed", gettext_lazy("Closed")),
    Decided.EXPIRED: ("warn", gettext_lazy("Expired")),
}
LOSSES = {
    Loss.VALID_UNTIL: gettext_lazy("Offorte sets its own valid-until date. The quote’s date stands above the rows."),
    Loss.TEXTS: gettext_lazy("The reference, valid-until date and text aren’t copied."),
    Loss.DOCUMENTS: gettext_lazy("Documents aren’t copied."),
    Loss.ARTICLES: gettext_lazy("Article numbers aren’t copied."),
    Loss.INTERNAL_NOTE: gettext_lazy("Internal notes aren’t copied."),
    Loss.PEOPLE: gettext_lazy("People without a name or an e-mail address aren’t copied."),
}


@staff_view(MAY_COPY, methods=["GET", "POST"])
def copy_quotes(request: StaffRequest) -> HttpResponse:
    """Show the form (GET) and the plan of each quote (POST), or start the job (POST with `confirm`)."""
    pks = select(request)
    connection = find_connection(request, pks)
    if connection is None and 0 < len(pks) <= MOST:
        return ask_to_connect(request, pks)
    if connection is None or not 0 < len(pks) <= MOST:
        messages.error(request, why_not_these(pks))
        return redirect(LIST)
    user = request.user
    form = CopyForm(request.POST if request.method == "POST" else None, connection=connection, by=user)
    plans: list[Plan] = []
    if request.method == "POST" and form.is_valid():
        release_undone()
        choice, key = form.choice(), read_key(request.POST.get("key", ""))
        quotes = ImportedQuote.objects.select_related("source", "company__created_with", "created_with")
        quotes = quotes.filter(pk__in=pks).prefetch_related("rows", "people__created_with")
        plans = plan(list(quotes), choice, by=user)
        if "confirm" in request.POST:
            known = Job.objects.filter(key=key, requested_by=user).first() if key else None
            if known:  # confirmed before, by a double click
                return redirect(JOB_PAGE, known.pk)
            if not (notice := why_not(request, plans, choice)):
                job = start(pks, choice, by=user, key=key or ports.new_uuid())
                return redirect(JOB_PAGE, job.pk)
            messages.error(request, notice)
    return render(request, "other_systems/copy.html", page_context(request, form, pks, plans))


def select(request: HttpRequest) -> list[int]:
    """Return the ids of the quotes that a form or an address names, else of all that the list's address finds.

    At most MOST + 1 are returned, so that it can be seen that there are too many.
    """
    given = request.POST.getlist("quote") or request.GET.getlist("pk")
    if given:
        numbers = [int(text) for text in given if text.isascii() and text.isdecimal() and len(text) < 19]
        known = ImportedQuote.objects.filter(pk__in=numbers[: MOST + 1]).values_list("pk", flat=True)
        return sorted(known)
    changelist = admin.site.get_model_admin(ImportedQuote).get_changelist_instance(request)
    return list(changelist.get_queryset(request).values_list("pk", flat=True)[: MOST + 1])


def why_not_these(pks: list[int]) -> str:
    """Return why these quotes can't be copied: too many, or no quotes."""
    if len(pks) > MOST:
        most = number_format(MOST, use_l10n=True, force_grouping=True)
        return _("You selected more than %(most)s quotes. Filter the list and copy them in parts.") % {"most": most}
    return _("Select the quotes that you want to copy first.")


def find_connection(request: HttpRequest, pks: list[int]) -> Connection | None:
    """Return the account that is chosen, else that of the first quote's source, else the first one; else None."""
    known = Connection.objects.filter(state=Connection.State.CONNECTED)
    chosen = request.POST.get("account", "")
    if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19:
        return known.filter(pk=int(chosen)).first()
    named = ImportedQuote.objects.filter(pk__in=pks[:1]).values("source__target")
    return known.filter(pk__in=named).first() or known.first()


def digest(plans: list[Plan], choice: Choice) -> str:
    """Return a digest of the choices and plans, which shows whether what is confirmed is what was shown."""
    chosen = {name: str(value) for name, value in vars(choice).items()}
    planned = [
        {
            "quote": [item.quote.pk, item.quote.mapped_from, str(item.skip_reason or ""), item.owner_id],
            "company": [item.company and item.company.pk, item.is_company_new],
            "people": [person.pk for person in item.people],
            "rows": [*item.titles, *item.rows],
            "decided": item.decided,
        }
        for item in plans
    ]
    return salted_hmac("offorte_portal.copy", json.dumps([chosen, planned]), algorithm="sha256").hexdigest()


def why_not(request: HttpRequest, plans: list[Plan], choice: Choice) -> str:
    """Return why the job can't be started; "" where it can."""
    if not constant_time_compare(request.POST.get("seen", ""), digest(plans, choice)):
        return _("Quotes or settings have changed since the preview. Check the new preview, then confirm again.")
    included = [item for item in plans if not item.skip_reason]
    if not included:
        return _("None of these quotes can be copied. The preview says why.")
    if any(item.note_codes for item in included) and not request.POST.get("understood"):
        return _("Confirm that you have read the warnings.")
    if any(item.decided for item in included) and not request.POST.get("decided"):
        return _("Confirm that you also want to copy the quotes that are already decided.")
    return ""


def read_key(text: str) -> uuid.UUID | None:
    """Return the key of a page, by which it starts only one job even if confirmed twice; None where it is invalid."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def page_context(request: StaffRequest, form: CopyForm, pks: list[int], plans: list[Plan]) -> dict[str, Any]:
    """Return the context of `other_systems/copy.html`."""
    included = [item for item in plans if not item.skip_reason]
    codes = Counter(code for item in included for code in item.note_codes)
    notes = [note for item in included for note in item.quote.notes]
    # Each kind of note with the text of the first one.
    warnings = [
        (note_text(next(note for note in notes if note["code"] == code)).text, count)
        for code, count in codes.most_common()
    ]
    users = AccountUser.objects.filter(connection=form.connection).defer("payload")
    owners = {user.remote_id: str(user) for user in users}
    return {
        **admin.site.each_context(request),
        "title": _("Copy to Offorte"),
        "form": form,
        "pks": pks,
        "connection": form.connection,
        "accounts": Connection.objects.filter(state=Connection.State.CONNECTED),
        "is_planned": bool(plans),
        "own_name": owners.get(find_owner(form.connection.pk, request.user) or 0, ""),
        "lines": [describe_plan(item, owners) for item in plans[:SHOWN]],
        "more": max(0, len(plans) - SHOWN),
        "included": len(included),
        "left_out": len(plans) - len(included),
        "new_customers": len({item.company.pk for item in included if item.company and item.is_company_new}),
        "warnings": warnings,
        "decided": count_decided(included),
        "losses": count_losses(included),
        "tables": form.tables.offered,
        "table_list": TABLE_LIST,
        "table_warning": form.table_warning if plans else "",
        "key": ports.new_uuid(),
        "seen": digest(plans, form.choice()) if plans else "",
    }


def count_decided(included: Iterable[Plan]) -> list[tuple[str, str, int]]:
    """Return the kind of pill, the words and the number of quotes for each decision."""
    counts = Counter(item.decided for item in included if item.decided)
    return [(kind, str(words), counts[decided]) for decided, (kind, words) in DECISIONS.items() if counts[decided]]


def count_losses(included: Iterable[Plan]) -> list[tuple[str, int]]:
    """Return what isn't copied, and of how many quotes."""
    counts = Counter(loss for item in included for loss in item.losses)
    return [(str(words), counts[loss]) for loss, words in LOSSES.items() if counts[loss]]


def describe_plan(one: Plan, owners: dict[int, str]) -> dict[str, Any]:
    """Return a line of the preview. `owners` are the names of the account's users by id.

    The owner "" means that Offorte chooses, or that the name is not known.
    """
    return {
        "quote": one.quote,
        "decided": DECISIONS[one.decided] if one.decided else None,
        "amount": money(one.quote.total, one.quote.currency),
        "reason": put_into_words(one.skip_reason),
        "company": one.company,
        "is_new": one.is_company_new,
        "people": ", ".join(str(person) for person in one.people),
        "owner": owners.get(one.owner_id, "") if one.owner_id is not None else "",
        "rows": len(one.titles) + len(one.rows),
        "notes": len(one.note_codes),
    }


copy_urls = [path("recreate/", copy_quotes, name="quotes_copy")]
