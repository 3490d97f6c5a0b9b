"""Finds the person to call about a proposal: who looked at it or asked last, else the first recipient."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import DateTimeField, IntegerField, Q, TextField, Value
from django.db.models.functions import Cast

from contacts.models import Person
from offorte_portal.activity.models import Activity
from offorte_portal.text.keys import sort_key
from offorte_portal.text.phones import dialled
from proposals.models import Proposal, Receiver

# A name and an address, of which one may be "".
Named = tuple[str, str]


@dataclass(frozen=True)
class Contact:
    """The person to call and how; `phone_of_company` where the person has no number of their own."""

    name: str = ""
    email: str = ""
    phone: str = ""
    # How to dial it; "" where the phone is no number.
    dialled: str = ""
    phone_of_company: bool = False
    person_id: int | None = None


def find_contacts(proposals: Sequence[Proposal]) -> dict[int, Contact]:
    """Return the contact of each of these proposals by its key. Two queries."""
    receivers, last = _find_names([proposal.pk for proposal in proposals])
    names = {row.pk: _choose(receivers.get(row.pk, []), last.get(row.pk, "")) for row in proposals}
    people = _find_people(proposals, names.values())
    return {row.pk: _describe(row, *names[row.pk], people) for row in proposals}


def _find_names(keys: Sequence[int]) -> tuple[dict[int, list[Named]], dict[int, str]]:
    """Return the recipients in their order, and who of the prospect did something last, by proposal."""
    nothing: Any = Cast(Value(None), DateTimeField())
    received = Receiver.objects.filter(proposal__in=keys).order_by().annotate(at=nothing)
    looked = Activity.objects.filter(proposal__in=keys, is_client=True).exclude(person="").order_by()
    looked = looked.annotate(no_email=Value("", TextField()), position=Value(0, IntegerField()))
    columns = received.values_list("proposal_id", "fullname", "email", "at", "position")
    rows = columns.union(looked.values_list("proposal_id", "person", "no_email", "happened_at", "position"), all=True)
    receivers: dict[int, list[Named]] = {}
    last: dict[int, str] = {}
    for key, name, email, at, _position in sorted(rows, key=lambda row: (row[3] is not None, row[3] or 0, row[4])):
        if at is None:
            receivers.setdefault(key, []).append((name, email))
        else:
            last[key] = name
    return receivers, last


def _choose(receivers: Sequence[Named], last: str) -> Named:
    """Return the recipient who was there last, else the name of who was, else the first recipient."""
    for name, email in receivers:
        if last and last.casefold() in {name.casefold(), email.casefold()}:
            return name, email
    if last:
        return last, ""
    return receivers[0] if receivers else ("", "")


def _find_people(proposals: Sequence[Proposal], names: Iterable[Named]) -> list[Person]:
    """Return the people at the companies of these proposals who have one of these names or addresses."""
    chosen = list(names)
    emails = {email for _name, email in chosen if email}
    name_keys = {sort_key(name) for name, _email in chosen if name}
    companies = {proposal.company_id for proposal in proposals if proposal.company_id}
    if not companies or not (emails or name_keys):
        return []
    named = Q(email__in=emails) | Q(name_key__in=name_keys)
    rows = Person.objects.present().filter(named, company__in=companies)
    return list(rows.only("company_id", "fullname", "firstname", "lastname", "email", "phone", "mobile", "name_key"))


def _describe(proposal: Proposal, name: str, email: str, people: Sequence[Person]) -> Contact:
    company = proposal.company
    person = next(
        (
            each
            for each in people
            if company and each.company_id == company.pk
            if (email and each.email.casefold() == email.casefold()) or (not email and str(each) == name)
        ),
        None,
    )
    phone = (person.mobile or person.phone).strip() if person else ""
    general = company.phone.strip() if company else ""
    return Contact(
        name=str(person) if person else name,
        email=email or (person.email if person else "") or (company.email if company and not name else ""),
        phone=phone or general,
        dialled=dialled(phone or general),
        phone_of_company=not phone and bool(general),
        person_id=person.pk if person else None,
    )
