"""The contacts that will receive a proposal (`company_contacts`), as far as the portal can know.

Offorte accepts this parameter but never returns it. So the contacts are those that the portal itself wrote last; else
the proposal's receivers, if each is one of the company's people by e-mail address.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet

from contacts.models import Person
from offorte_portal.jobs.fields import change
from offorte_portal.writes.models import Operation
from proposals.models import Proposal, Receiver

# The number of companies in one query.
AT_ONCE = 900


def find_people(connection_id: int, company_ids: Collection[int]) -> QuerySet[Person]:
    """Return the people at companies, given by Offorte's ids, including those without an e-mail address."""
    people = Person.objects.present().filter(connection=connection_id, company_remote_id__in=company_ids)
    return people.defer("payload", "search_text")


def people_of(connection_id: int, company_ids: Collection[int]) -> dict[int, list[Person]]:
    """Return the people at any number of companies, by the company's id at Offorte."""
    people: dict[int, list[Person]] = defaultdict(list)
    ids = sorted(set(company_ids))
    for start in range(0, len(ids), AT_ONCE):
        for person in find_people(connection_id, ids[start : start + AT_ONCE]).order_by("remote_id"):
            people[person.company_remote_id or 0].append(person)
    return people


def recipients_of(proposals: Iterable[Proposal]) -> dict[int, list[int]]:
    """Return the contacts' ids at Offorte by the proposal's key; proposals with unknown contacts are left out."""
    by_account: dict[int, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        by_account[proposal.connection_id].append(proposal)
    return {
        key: ids
        for connection_id, theirs in by_account.items()
        for key, ids in _recipients(connection_id, theirs).items()
    }


def _recipients(connection_id: int, proposals: list[Proposal]) -> dict[int, list[int]]:
    people = people_of(
        connection_id, {proposal.company_remote_id for proposal in proposals if proposal.company_remote_id}
    )
    written = _written(connection_id, proposals)
    addresses: dict[int, set[str]] = defaultdict(set)
    for key, email in Receiver.objects.filter(proposal__in=proposals).values_list("proposal", "email"):
        addresses[key].add(email.lower())
    known: dict[int, list[int]] = {}
    for proposal in proposals:
        theirs = people.get(proposal.company_remote_id or 0, [])
        if proposal.remote_id in written:
            present = {person.remote_id for person in theirs}
            known[proposal.pk] = [remote_id for remote_id in written[proposal.remote_id] if remote_id in present]
            continue
        by_address = {person.email.lower(): person.remote_id for person in theirs if person.email}
        received = addresses[proposal.pk]
        # Unknown if nobody received it, or if an address is nobody's.
        if received and received <= by_address.keys():
            known[proposal.pk] = sorted({by_address[address] for address in received})
    return known


def _written(connection_id: int, proposals: list[Proposal]) -> dict[int, list[int]]:
    """Return what the portal wrote last, by the proposal's id at Offorte."""
    operations = Operation.objects.filter(
        connection=connection_id,
        target="proposals",
        remote_id__in=[proposal.remote_id for proposal in proposals],
        state=Operation.State.DONE,
        draft__has_key="company_contacts",
    )
    rows = operations.order_by("pk").values_list("remote_id", "draft")
    return {remote_id: draft["company_contacts"] for remote_id, draft in rows if remote_id is not None}


def contacts_change(row: Proposal, draft: dict[str, Any], held: list[int] | None) -> Any:
    """Return a change of a proposal with its contacts; `held` are those before, None if unknown."""
    plain = {name: value for name, value in draft.items() if name != "company_contacts"}
    write = change("proposals", row, plain)
    write.draft = draft
    if held is not None:
        write.before["company_contacts"] = held
    return write
