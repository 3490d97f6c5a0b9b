"""What the pages of companies and people show besides their own columns. They read only the mirror."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.models import Company, Contact, Person
from offorte_portal.adminkit import records
from offorte_portal.adminkit.html import mail_link, phone_link, web_link
from offorte_portal.adminkit.record_hooks import Loss
from offorte_portal.adminkit.records import Fact, fact, field_facts, record_link
from proposals.models import Proposal, Receiver

# The most proposals that a page shows; the full list has its own page.
SHOWN = 50
LINKS: dict[str, Callable[[str], Any]] = {
    "email": mail_link,
    "phone": phone_link,
    "mobile": phone_link,
    "fax": phone_link,
    "internet": web_link,
    "linkedin": web_link,
    "facebook": web_link,
    "twitter": web_link,
}


@dataclass(frozen=True)
class StatusFigure:
    """The proposals of one status: how many, their total value, and how many have an unknown value.

    `display` is one of the amounts as Offorte wrote it, to read the currency from: an account has only one currency.
    """

    status: str
    label: str
    count: int
    value: Decimal | None
    unknown: int
    display: str


def company_context(request: HttpRequest, company: Company) -> dict[str, Any]:
    """Return the context of `admin/contacts/company/change_form.html`; three queries."""
    sees_proposals = bool(records.list_url(request.user, Proposal))
    sees_people = bool(records.list_url(request.user, Person))
    proposals = Proposal.objects.filter(company=company, removed_at__isnull=True)
    people = Person.objects.filter(company=company, removed_at__isnull=True).order_by("name_key")
    is_there = company.removed_at is None and not company.is_hidden
    may_add = is_there and request.user.has_perm("contacts.add_person")
    return {
        **records.shared_context(request, company),
        "facts": _contact_facts(company),
        "proposals": _shown(proposals) if sees_proposals else None,
        "figures": _figures(proposals) if sees_proposals else [],
        "people": list(people.defer("payload", "search_text")) if sees_people else None,
        "all_proposals_url": _filtered(request, company),
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
    """Return the context of `admin/contacts/person/change_form.html`; one query."""
    facts = _contact_facts(person)
    if person.company:
        facts.insert(0, fact(_("Company"), record_link(request.user, person.company)))
    sees_proposals = bool(records.list_url(request.user, Proposal))
    return {
        **records.shared_context(request, person),
        "facts": facts,
        "proposals": _shown(_received(person)) if sees_proposals else None,
    }


def _received(person: Person) -> QuerySet[Proposal]:
    """Return the proposals that the person received, matched by e-mail address among those of the person's company.

    Offorte's receivers have no person's id, and people receive proposals made for their company.
    """
    if not person.email or person.company_id is None:
        return Proposal.objects.none()
    received = Receiver.objects.filter(proposal__company=person.company_id, email__iexact=person.email)
    return Proposal.objects.filter(pk__in=received.values("proposal"), removed_at__isnull=True)


def _shown(proposals: QuerySet[Proposal]) -> list[Proposal]:
    return list(proposals.defer("payload", "search_text", "remarks").order_by("-remote_id")[:SHOWN])


def _figures(proposals: QuerySet[Proposal]) -> list[StatusFigure]:
    """Return count and value by status, in the order of Offorte's statuses, without empty statuses."""
    rows = (
        proposals.order_by()
        .values("status")
        .annotate(
            n=Count("pk"),
            known=Count("price_total"),
            sum=Sum("price_total"),
            display=Max("price_total_display"),
        )
    )
    by_status = {row["status"]: row for row in rows}
    return [
        StatusFigure(status.value, str(status.label), row["n"], row["sum"], row["n"] - row["known"], row["display"])
        for status in Proposal.Status
        if (row := by_status.get(status.value))
    ]


def _filtered(request: HttpRequest, company: Company) -> str:
    """Return the URL of the list of the company's proposals; "" where the user may not see proposals."""
    url = records.list_url(request.user, Proposal)
    return f"{url}?company={company.pk}" if url else ""


def _contact_facts(contact: Contact) -> list[Fact]:
    """Return the address and the numbers that are filled in."""
    place = " ".join(part for part in (contact.zipcode, contact.city) if part)
    facts = field_facts(contact, "salutation") if isinstance(contact, Person) else []
    if address := records.join_lines([contact.street, place, contact.state, contact.country]):
        facts.append(fact(_("Address"), address))
    facts += records.link_facts(contact, LINKS)
    if isinstance(contact, Company):
        facts += field_facts(contact, "vat_number", "coc_number")
    return facts
