"""Proposals that exist already: with the same company and name, in edit or open, or about to be created."""

from collections.abc import Collection, Iterable
from typing import Any

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
    return {*_living(companies), *_pending({company.connection_id for company in companies}, names)}


def _living(companies: Collection[Company]) -> Iterable[Identity]:
    rows = Proposal.objects.present().filter(company__in=[company.pk for company in companies], status__in=LIVING)
    for connection_id, company, name in rows.values_list("connection_id", "company__remote_id", "name"):
        yield identify(connection_id, company or 0, name)


def _pending(accounts: set[int], names: Iterable[str]) -> Iterable[Identity]:
    pending = Operation.objects.filter(
        connection__in=accounts, state__in=Operation.PENDING, target="proposals", verb=Operation.Verb.CREATE
    )
    if not pending.exists():
        return
    rows = pending.filter(dedup_key__in={dedup_key(name) for name in names})
    for connection_id, draft in rows.values_list("connection_id", "draft"):
        company: Any = draft.get("company_id")
        if isinstance(company, int):
            yield identify(connection_id, company, str(draft.get("name") or ""))


def dedup_key(name: str) -> str:
    """Return what the creations of proposals of this name have in common."""
    return dedup_key_of(Operation(target="proposals", verb=Operation.Verb.CREATE, draft={"name": name}))
