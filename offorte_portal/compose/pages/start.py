"""The start of drafts and the way back to them: the list, the choice of an account, the row that an address names."""

from dataclasses import dataclass, field
from typing import TypeVar, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Product
from contacts.models import Company, Person
from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.html import sanitise
from offorte_portal.adminkit.records import list_url, record_url
from offorte_portal.adminkit.recordviews import WRITABLE, choose_account
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.compose import drafts, sources
from offorte_portal.compose.models import Draft
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import Mirrored
from offorte_portal.staff.access import OTHERS
from offorte_portal.writes.models import Operation
from proposals.currencies import currency_of
from proposals.models import AccountUser, Proposal

M = TypeVar("M", bound=Mirrored)
SHOWN = 100


@dataclass(frozen=True)
class Start:
    """A draft to begin with; `source` distinguishes it from drafts that begin from other rows."""

    draft: Draft
    source: str
    notes: list[str] = field(default_factory=list)


def find_start(request: StaffRequest) -> Start | None:
    """Return the draft for what the address names; None if it names nothing and the account has yet to be chosen."""
    user = request.user
    if proposal := _named(request, Proposal):
        draft, notes = sources.copy_proposal(proposal, user, sanitise)
        if proposal.details_as_of is None:
            notes.append(
                _("The portal hasn’t loaded the rows of “%s” yet. Open that proposal once, then copy it again.")
                % proposal
            )
        return Start(draft, f"proposal-{proposal.pk}", notes)
    if company := _named(request, Company):
        return Start(sources.start_for_company(company, user), f"company-{company.pk}")
    if person := _named(request, Person):
        return Start(sources.start_for_person(person, user), f"person-{person.pk}")
    if product := _named(request, Product):
        return Start(sources.start_with_product(product, user), f"product-{product.pk}")
    connection = choose_account(request)
    return Start(sources.start_empty(connection, user), f"account-{connection.pk}") if connection else None


def _named(request: HttpRequest, model: type[M]) -> M | None:
    """Return the row that the address names by key, if the person may see it and its account accepts writes."""
    key = request.GET.get(str(model._meta.model_name), "")
    if not key.isascii() or not key.isdecimal() or len(key) > 18 or not list_url(request.user, model):
        return None
    rows = model._default_manager.filter(connection__state__in=WRITABLE).select_related("connection")
    if model is not Proposal:
        rows = rows.filter(removed_at__isnull=True)
    return cast("M | None", rows.filter(pk=int(key)).first())


def ask_account(request: HttpRequest) -> HttpResponse:
    """Render the page on which the account of a new proposal is chosen."""
    context = {
        **admin.site.each_context(request),
        "title": _("New proposal"),
        "usable": [account for account in accounts.available(request) if account.state in WRITABLE],
    }
    return render(request, "admin/record_account.html", context)


def describe(draft: Draft) -> str:
    """Return the name of the draft's owner, for people who may not choose it; "" if there is none."""
    rows = AccountUser.objects.filter(connection=draft.connection, remote_id=draft.owner_remote_id or 0)
    return str(rows.first() or "")


def find_currency(connection: Connection) -> str:
    """Return the account's currency, which Offorte returns only in the amounts of its proposals, if at all."""
    latest = Proposal.objects.filter(connection=connection).order_by("-remote_id")
    return currency_of(latest.values_list("price_total_display", flat=True).first() or "")


@dataclass(frozen=True)
class DraftRow:
    draft: Draft
    company: str
    url: str
    pill: str
    kind: str
    may_delete: bool


@staff_view(drafts.PERMISSION)
def list_drafts(request: StaffRequest) -> HttpResponse:
    """List the drafts that have not become proposals, the latest first."""
    user = request.user
    found = drafts.unfinished(drafts.visible(user))
    if account := accounts.selected(request):
        found = found.filter(connection=account)
    is_mine = request.GET.get("who") != "team"
    if is_mine:
        found = found.filter(created_by=user)
    related = found.select_related("connection", "created_by", "operation").defer("tables", "operation__draft")
    rows = list(related[: SHOWN + 1])
    shown = rows[:SHOWN]
    ids = {row.company_remote_id for row in shown if row.company_remote_id is not None}
    known = Company.objects.filter(connection__in={row.connection_id for row in shown}, remote_id__in=ids)
    names = {
        (company.connection_id, company.remote_id): str(company)
        for company in known.only("connection_id", "remote_id", "name")
    }
    context = {
        **admin.site.each_context(request),
        "title": _("Drafts"),
        "lines": [_line(request, row, names.get((row.connection_id, row.company_remote_id or 0), "")) for row in shown],
        "is_cut": len(rows) > SHOWN,
        "is_mine": is_mine,
        "sees_all": user.has_perm(OTHERS),
        "shows_account": account is None and len(accounts.available(request)) > 1,
        "may_create": bool(accounts.available(request)),
    }
    return render(request, "compose/drafts.html", context)


def _line(request: HttpRequest, row: Draft, company: str) -> DraftRow:
    is_open = drafts.is_open(row)
    url = reverse("compose_draft", args=[row.pk]) if is_open else record_url(request.user, row.operation)
    pill, kind = "", ""
    if row.operation and row.operation.state == Operation.State.UNKNOWN:
        pill, kind = _("outcome unknown"), "bad"
    elif not is_open:
        pill, kind = _("waiting for Offorte"), "warn"
    elif row.operation:
        pill, kind = _("not accepted by Offorte"), "bad"
    return DraftRow(row, company, url, pill, kind, is_open)
