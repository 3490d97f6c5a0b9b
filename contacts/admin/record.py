"""What the pages of companies and people show besides their own columns. They read only the mirror."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.admin.reach import find_ways
from contacts.models import Company, Contact, Person
from offorte_portal.adminkit import records
from offorte_portal.adminkit.html import phone_link, web_link
from offorte_portal.adminkit.record_hooks import Loss
from offorte_portal.adminkit.records import Fact, fact, field_facts, record_link
from offorte_portal.adminkit.recordviews import WRITABLE, can_write
from proposals.models import Proposal
from proposals.received import received_by

ADD_PROPOSAL = "proposals.add_proposal"
Status = Proposal.Status
STATUSES = (Status.OPEN, Status.WON, Status.LOST, Status.EDIT, Status.CLOSED)
# The most proposals that a page shows; the full list has its own page.
SHOWN = 50
# Those that it shows at once; the others are folded.
AT_ONCE = 8
# Where else a company or a person is found, beside the ways to reach them.
LINKS: dict[str, Callable[[str], Any]] = {
    "fax": phone_link,
    "linkedin": web_link,
    "facebook": web_link,
    "twitter": web_link,
}


@dataclass(frozen=True)
class StatusFigure:
    """The proposals of one status: how many, their total value, how many have an unknown value, and their list.

    `display` is one of the amounts as Offorte wrote it, to read the currency from: an account has only one currency.
    """

    status: str
    label: str
    count: int
    value: Decimal | None
    unknown: int
    display: str
    seen_at: datetime | None
    url: str = ""


def company_context(request: HttpRequest, company: Company) -> dict[str, Any]:
    """Return the context of `admin/contacts/company/change_form.html`; three queries."""
    sees_people = bool(records.list_url(request.user, Person))
    people = Person.objects.filter(company=company, removed_at__isnull=True).order_by("name_key")
    may_add = can_write(company) and request.user.has_perm("contacts.add_person")
    return {
        **_shared(request, company),
        **_proposals(request, Proposal.objects.filter(company=company, removed_at__isnull=True), company),
        "people": list(people.defer("payload", "search_text")) if sees_people else None,
        "add_person_url": f"{reverse('admin:contacts_person_add')}?company={company.pk}" if may_add else "",
    }


def company_losses(request: HttpRequest, company: Company) -> list[Loss]:
    """Return what is lost at Offorte when the company is deleted; two queries."""
    people = Person.objects.present().filter(company=company).count()
    proposals = Proposal.objects.present().filter(company=company).count()
    return [
        Loss(ngettext("person", "people", people), people),
        Loss(ngettext("proposal", "proposals", proposals), proposals, _filtered(request, company)),
    ]


def person_context(request: HttpRequest, person: Person) -> dict[str, Any]:
    """Return the context of `admin/contacts/person/change_form.html`; three queries."""
    company = person.company
    context = _shared(request, person)
    if company:
        context["facts"].insert(0, fact(_("Company"), record_link(request.user, company)))
    colleagues = Person.objects.filter(company=company, removed_at__isnull=True).exclude(pk=person.pk)
    return {
        **context,
        **_proposals(request, received_by(person)),
        "people": list(colleagues.order_by("name_key").defer("payload", "search_text")[:SHOWN]) if company else [],
        "company_url": records.record_url(request.user, company),
    }


def _shared(request: HttpRequest, contact: Company | Person) -> dict[str, Any]:
    """Return what the pages of companies and people have in common."""
    may_propose = can_write(contact) and request.user.has_perm(ADD_PROPOSAL)
    is_writable = contact.connection.state in WRITABLE
    propose = f"{reverse('compose_new')}?{contact._meta.model_name}={contact.pk}"
    return {
        **records.shared_context(request, contact),
        "ways": find_ways(contact),
        "facts": _contact_facts(contact),
        "propose_url": propose if may_propose and is_writable else "",
    }


def _proposals(request: HttpRequest, proposals: QuerySet[Proposal], company: Company | None = None) -> dict[str, Any]:
    """Return the proposals, figures about them, and the address of the company's list; two queries."""
    if not records.may_see(request.user, Proposal):
        return {"proposals": None, "figures": []}
    list_url = _filtered(request, company) if company else ""
    figures = _figures(proposals, list_url)
    newest = list(proposals.defer("payload", "search_text", "remarks").order_by("-remote_id")[:SHOWN])
    return {
        "proposals": newest[:AT_ONCE],
        "more_proposals": newest[AT_ONCE:],
        "figures": figures,
        "seen_at": max((figure.seen_at for figure in figures if figure.seen_at), default=None),
        "all_proposals_url": list_url,
    }


def _figures(proposals: QuerySet[Proposal], list_url: str) -> list[StatusFigure]:
    """Return count and value by status, what is open first, without empty statuses."""
    rows = (
        proposals.order_by()
        .values("status")
        .annotate(
            n=Count("pk"),
            known=Count("price_total"),
            sum=Sum("price_total"),
            display=Max("price_total_display"),
            seen=Max("viewed_at"),
        )
    )
    by_status = {row["status"]: row for row in rows}
    return [
        StatusFigure(
            status=status.value,
            label=str(status.label),
            count=row["n"],
            value=row["sum"],
            unknown=row["n"] - row["known"],
            display=row["display"],
            seen_at=row["seen"],
            url=f"{list_url}&status={status.value}" if list_url else "",
        )
        for status in STATUSES
        if (row := by_status.get(status.value))
    ]


def _filtered(request: HttpRequest, company: Company) -> str:
    """Return the URL of the list of the company's proposals; "" where the user may not see proposals."""
    url = records.list_url(request.user, Proposal)
    return f"{url}?company={company.pk}" if url else ""


def _contact_facts(contact: Contact) -> list[Fact]:
    """Return what is filled in beside the ways to reach them."""
    facts = field_facts(contact, "salutation") if isinstance(contact, Person) else []
    if isinstance(contact, Company):
        facts += field_facts(contact, "vat_number", "coc_number")
    return [*facts, *records.link_facts(contact, LINKS)]
