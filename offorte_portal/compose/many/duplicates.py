"""Proposals that exist already: with the same company and name, in edit or open, or about to be created."""

from collections.abc import Collection, Iterable

from contacts.models import Company
from offorte_portal.writes.asking import dedup_key_of, fold
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

LIVING = (Proposal.Status.EDIT.value, Proposal.Status.OPEN.value)
Identity = tuple[int, int, str]


def identify(connection_id: int, company_remote_id: int, name: str) -> Identity:
    """Return what identifies a proposal here: account, company, and the name however it is written."""
    return connection_id, company_remote_id, fold(name)


def find_duplicates(companies: Collection[Company], names: Iterable[str]) -> set[Identity]:
    """Return the proposals of these companies in edit or open, and pending creations with these names."""
    living = Proposal.objects.present().filter(company__in=[company.pk for company in companies], status__in=LIVING)
    found = {
        identify(connection_id, remote_id or 0, name)
        for connection_id, remote_id, name in living.values_list("connection_id", "company__remote_id", "name")
    }
    pending = Operation.objects.filter(
        connection__in={company.connection_id for company in companies},
        state__in=Operation.PENDING,
        target="proposals",
        verb=Operation.Verb.CREATE,
    )
    if not pending.exists():
        return found
    # What the creations of proposals of one name have in common.
    keys = {
        dedup_key_of(Operation(target="proposals", verb=Operation.Verb.CREATE, draft={"name": name})) for name in names
    }
    for connection_id, draft in pending.filter(dedup_key__in=keys).values_list("connection_id", "draft"):
        if isinstance(draft.get("company_id"), int):
            found.add(identify(connection_id, draft["company_id"], str(draft.get("name") or "")))
    return found
