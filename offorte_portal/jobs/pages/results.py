"""The results of a job, a page at a time: the record that each write is about, and what became of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.paginator import Page
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property

from contacts.models import Person
from offorte_portal.adminkit import operations as operation_words
from offorte_portal.adminkit.decisions import describe as describe_decision
from offorte_portal.adminkit.decisions import find_decisions
from offorte_portal.adminkit.paginator import ListPaginator
from offorte_portal.adminkit.records import record_url
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import ALREADY
from offorte_portal.mirror.models import Mirrored
from offorte_portal.mirror.registry import RESOURCES
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from proposals.models import Proposal

ROWS_A_PAGE = 50
# The status that a proposal had already, by the code of the reason, whose words say it.
ALREADY_CODES = {reason.value: status for status, reason in ALREADY.items()}
Key = tuple[int, str, int]
# What a row shows of its record; of models that are not here only the name is shown.
COLUMNS: Mapping[type[Mirrored], tuple[str, ...]] = {
    Proposal: ("name", "number", "company_name", "owner_remote_id"),
    Person: ("firstname", "lastname", "company__name"),
}


@dataclass(frozen=True)
class Result:
    """One write of a job: its record, with number and company, and the entry of the change log, as far as visible."""

    operation: Operation
    name: str
    number: str
    company: str
    url: str
    log_url: str
    # Who decided about a proposal before, where the job left it out for that.
    decision: str = ""

    @property
    def what(self) -> str:
        """What was asked for, such as "Change proposal"."""
        return operation_words.title(self.operation)

    @property
    def pill(self) -> str:
        return operation_words.PILLS[Operation.State(self.operation.state)]


class ResultPaginator(ListPaginator):
    """Pages of a job's writes, whose number is known; a page is found by its ids alone."""

    def __init__(self, found: QuerySet[Operation], count: int, user: User) -> None:
        super().__init__(found, ROWS_A_PAGE)
        self.found, self.known, self.user = found, count, user

    @cached_property
    def count(self) -> int:
        """The number of writes."""
        return self.known

    def page(self, number: int | str) -> Page[Any]:
        """Return a page of `Result`. Raises InvalidPage when there is no such page."""
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        ids = self.found.values("pk")[bottom : bottom + self.per_page]
        found = (
            Operation.objects.filter(pk__in=ids).order_by("pk").defer("search_text", "sealed", "known_ids", "evidence")
        )
        return Page(list(describe(list(found), self.user)), number, self)


def build_results(job: Job, state: str) -> QuerySet[Operation]:
    """Return the job's writes in their order, in one state or in all."""
    found = Operation.objects.filter(job=job).order_by("pk")
    return found.filter(state=state) if state in Operation.State.values else found


def paginate(job: Job, state: str, counts: Mapping[str, int], user: User) -> ResultPaginator:
    """Return the pages of the writes in one state or in all; `counts` holds their numbers by state."""
    found = build_results(job, state)
    is_one = state in Operation.State.values
    # Rows that a job only read count as done and have no write.
    count = found.count() if is_one and state == Operation.State.DONE else counts.get(state, 0)
    return ResultPaginator(found, count if is_one else sum(counts.values()), user)


def describe(operations: Iterable[Operation], user: User) -> Iterable[Result]:
    """Yield the results, with one query for each kind of record among them."""
    operations = list(operations)
    rows = find_rows(operations)
    decisions = describe_decisions(operations, user)
    may_log = user.has_perm("writes.view_operation")
    for operation in operations:
        row = rows.get((operation.connection_id, operation.target, operation.remote_id or 0))
        yield Result(
            operation=operation,
            name=str(row or operation.label or operation),
            number=row.number if isinstance(row, Proposal) else "",
            company=company_of(row),
            url=record_url(user, row),
            log_url=reverse("admin:writes_operation_change", args=[operation.pk]) if may_log else "",
            decision=decisions.get(operation.pk, ""),
        )


def describe_decisions(operations: Collection[Operation], user: User) -> dict[int, str]:
    """Return who gave the proposals their status that were left out because of it, by operation."""
    held = {
        operation.pk: (operation.connection_id, operation.remote_id or 0, status)
        for operation in operations
        if operation.target == "proposals" and (status := find_status(operation))
    }
    found = find_decisions(held.values()) if held else {}
    is_told = {operation.pk for operation in operations if operation.reason and operation.reason.code in ALREADY_CODES}
    return {
        pk: describe_decision(found.get(key), key[2], user)
        for pk, key in held.items()
        if key in found or pk not in is_told
    }


def find_status(operation: Operation) -> str:
    """Return the status because of which a proposal was left out; "" if it was not."""
    reason = operation.reason
    if reason is None:
        return ""
    if reason.code == WriteReason.STATUS_CHANGED:
        return str(reason.values.get("status", ""))
    if reason.code == WriteReason.CHANGED_MEANWHILE:
        return str(operation.conflicts.get("status") or "")
    return ALREADY_CODES.get(reason.code, "")


def find_rows(operations: Iterable[Operation]) -> dict[Key, Mirrored]:
    """Return the mirror's rows of the objects that writes are about."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    accounts = set()
    for operation in operations:
        if operation.remote_id is not None and operation.target in RESOURCES:
            wanted[operation.target].add(operation.remote_id)
            accounts.add(operation.connection_id)
    found: dict[Key, Mirrored] = {}
    for target, ids in wanted.items():
        model = RESOURCES[target].model
        rows = model._default_manager.filter(connection__in=accounts, remote_id__in=ids)
        if model is Person:
            rows = rows.select_related("company")  # type: ignore[misc]
        rows = rows.only("connection", "remote_id", *COLUMNS[model]) if model in COLUMNS else rows.defer("payload")
        found |= {(row.connection_id, target, row.remote_id): row for row in rows}
    return found


def company_of(row: Mirrored | None) -> str:
    """Return the name of the company that a record belongs to; "" if there is none."""
    if isinstance(row, Proposal):
        return row.company_name
    return str(row.company or "") if isinstance(row, Person) else ""
