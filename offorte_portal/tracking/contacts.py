"""Whom to call about a proposal: its first recipient, matched by e-mail address to the company's people."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Lower, NullIf, Trim

from contacts.models import Person
from proposals.models import Proposal, Receiver


@dataclass(frozen=True)
class Contact:
    """A person, or the company where no recipient is known, with the number and address to reach them."""

    name: str
    phone: str
    email: str


def contacts_of(proposals: Collection[Proposal]) -> dict[int, Contact]:
    """Return whom to call, by proposal; the company is read with the proposals. One query.

    1. The first recipient, with their own mobile or phone number, else that of the company.
    2. Without a recipient, the company's number and address; nothing if Offorte has neither.
    """
    people = Person.objects.present().filter(company=OuterRef("proposal__company")).order_by("pk")
    same = people.annotate(address=Lower("email")).filter(address=Lower(Trim(OuterRef("email"))))
    number = Coalesce(NullIf("mobile", Value("")), "phone", output_field=TextField())
    receivers = Receiver.objects.filter(proposal__in=[proposal.pk for proposal in proposals]).exclude(email="")
    rows = receivers.annotate(number=Subquery(same.annotate(number=number).values("number")[:1]))
    first: dict[int, tuple[str, str, str]] = {}
    for key, name, email, own in rows.order_by("proposal", "position").values_list(
        "proposal", "fullname", "email", "number"
    ):
        first.setdefault(key, (name or email, own or "", email.strip()))
    found = {}
    for proposal in proposals:
        company = proposal.company
        of_company = company.phone if company else ""
        if known := first.get(proposal.pk):
            name, own, email = known
            found[proposal.pk] = Contact(name, own or of_company, email)
        elif company and (company.phone or company.email):
            found[proposal.pk] = Contact("", company.phone, company.email)
    return found
