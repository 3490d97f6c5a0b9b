"""The page that copies quotes of other systems to Offorte: choose, see the plan of each, confirm. Starts a job."""

import json
import uuid
from collections import Counter
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.validators import DecimalValidator, MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal import ports
from offorte_portal.adminkit.fields import LineField, PercentageField
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.connections.models import Connection
from offorte_portal.jobs.models import Job
from offorte_portal.mirror.models import Mirrored
from offorte_portal.other_systems.copy_plan import Choice, Plan, plan
from offorte_portal.other_systems.copying import MOST, start
from offorte_portal.other_systems.models import ImportedQuote
from offorte_portal.other_systems.pages.quote_page import MAY_COPY, money, note_text
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.staff.access import REASSIGN, find_owner
from proposals.models import AccountUser, DesignTemplate, ProposalTemplate, TextTemplate

LIST = "admin:other_systems_importedquote_changelist"
JOB_PAGE = "admin:jobs_job_change"
SHOWN = 200


class CopyForm(forms.Form):
    """The templates of the copies, and the choices for what a quote leaves open."""

    proposal_template = forms.TypedChoiceField(
        label=gettext_lazy("Proposal template"), required=False, coerce=int, empty_value=None
    )
    design_template = forms.TypedChoiceField(
        label=gettext_lazy("Design template"), required=False, coerce=int, empty_value=None
    )
    text_template = forms.TypedChoiceField(
        label=gettext_lazy("Text template"), required=False, coerce=int, empty_value=None
    )
    price_table = LineField(
        label=gettext_lazy("Price table"),
        required=True,
        initial="pricetable1",
        help_text=gettext_lazy("The unique ID of the price table in the template, as its settings in Offorte say."),
    )
    owner = forms.TypedChoiceField(
        label=gettext_lazy("Owner"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=gettext_lazy("Of quotes whose owner there has no account in Offorte."),
    )
    currency = forms.CharField(label=gettext_lazy("Currency of the account"), max_length=3, min_length=3, initial="EUR")
    default_vat = PercentageField(
        gettext_lazy("VAT where none is told (%)"),
        required=True,
        validators=[MinValueValidator(0), MaxValueValidator(100), DecimalValidator(5, 2)],
        initial=Decimal(21),
    )
    makes_unknown_customers = forms.BooleanField(
        label=gettext_lazy("Make customers whom nobody found in Offorte"), required=False
    )
    takes_other_currencies = forms.BooleanField(
        label=gettext_lazy("Take amounts in other currencies as they are, without converting them"), required=False
    )

    def __init__(self, *args: Any, connection: Connection, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.connection = connection
        self._offer("proposal_template", ProposalTemplate)
        self._offer("design_template", DesignTemplate)
        self._offer("text_template", TextTemplate)
        if by.has_perm(REASSIGN):
            self._offer("owner", AccountUser)
        else:
            del self.fields["owner"]

    def _offer(self, name: str, model: type[Mirrored]) -> None:
        rows = model._default_manager.filter(connection=self.connection, removed_at__isnull=True)
        named = sorted((str(row), row.remote_id) for row in rows)
        field = cast(forms.TypedChoiceField, self.fields[name])
        field.choices = [("", _("As Offorte decides")), *((str(key), label) for label, key in named)]

    def choice(self) -> Choice:
        """Return the choices of a valid form."""
        data = self.cleaned_data
        return Choice(
            connection=self.connection,
            price_table=data["price_table"],
            currency=data["currency"].upper(),
            default_vat=data["default_vat"],
            owner_id=data.get("owner"),
            proposal_template_id=data["proposal_template"],
            design_template_id=data["design_template"],
            text_template_id=data["text_template"],
            makes_unknown_customers=data["makes_unknown_customers"],
            takes_other_currencies=data["takes_other_currencies"],
        )


@staff_view(MAY_COPY, methods=["GET", "POST"])
def copy_quotes(request: StaffRequest) -> HttpResponse:
    """Show the form (GET) and the plan of each quote (POST), or start the job (POST with `confirm`)."""
    pks = select(request)
    connection = find_connection(request, pks)
    if connection is None or not 0 < len(pks) <= MOST:
        messages.error(request, why_not_these(pks))
        return redirect(LIST)
    user = request.user
    form = CopyForm(request.POST if request.method == "POST" else None, connection=connection, by=user)
    plans: list[Plan] = []
    if request.method == "POST" and form.is_valid():
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
    """Return why these quotes can't be copied: too many, no account that is connected, or no quotes."""
    if len(pks) > MOST:
        most = number_format(MOST, use_l10n=True, force_grouping=True)
        return _("These are more than %(most)s quotes. Narrow the list first, and take them in parts.") % {"most": most}
    return _("Connect an Offorte account first.") if pks else _("There is no quote to make anew.")


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
            "rows": item.rows,
        }
        for item in plans
    ]
    return salted_hmac("offorte_portal.copy", json.dumps([chosen, planned]), algorithm="sha256").hexdigest()


def why_not(request: HttpRequest, plans: list[Plan], choice: Choice) -> str:
    """Return why the job can't be started; "" where it can."""
    if not constant_time_compare(request.POST.get("seen", ""), digest(plans, choice)):
        return _("This is not what you saw: quotes or settings have changed since. Look once more, then confirm.")
    included = [item for item in plans if not item.skip_reason]
    if not included:
        return _("There is nothing left to do: every quote is left out.")
    if any(item.note_codes for item in included) and not request.POST.get("understood"):
        return _("Tick that you have read what there is to know of these quotes.")
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
        "key": ports.new_uuid(),
        "seen": digest(plans, form.choice()) if plans else "",
    }


def describe_plan(one: Plan, owners: dict[int, str]) -> dict[str, Any]:
    """Return a line of the preview. `owners` are the names of the account's users by id.

    The owner "" means that Offorte chooses, or that the name is not known.
    """
    return {
        "quote": one.quote,
        "amount": money(one.quote.total, one.quote.currency),
        "reason": put_into_words(one.skip_reason),
        "company": one.company,
        "is_new": one.is_company_new,
        "people": ", ".join(str(person) for person in one.people),
        "owner": owners.get(one.owner_id, "") if one.owner_id is not None else "",
        "rows": len(one.rows),
        "notes": len(one.note_codes),
    }


copy_urls = [path("recreate/", copy_quotes, name="quotes_copy")]
