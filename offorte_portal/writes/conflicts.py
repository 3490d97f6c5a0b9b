"""Checks, right before an operation is sent, whether Offorte still holds the values that it expects."""

from decimal import Decimal
from typing import Any

from offorte_portal.writes import keeping
from offorte_portal.writes.models import Operation
from offorte_portal.writes.rights import find_row
from offorte_portal.writes.sessions import Session
from offorte_portal.writes.targets import address_of, target_of
from proposals.models import Proposal

Json = dict[str, Any]


def find_conflicts(operation: Operation, fetched: Json) -> Json:
    """Return Offorte's values that are neither the expected nor the requested ones; `fetched` is its latest answer.

    A value that Offorte has not given is no conflict. A value that is already as requested may come from an earlier try
    of this operation.
    """
    if not is_conditional(operation):
        return {}
    target = target_of(operation)
    read = target.resource.payload.read
    row = find_row(operation)
    current = read({**(row.payload if row else {}), **fetched}).values
    expected, asked = read(operation.expected).values, read(operation.draft).values
    conflicts: Json = {}
    for name in operation.expected:
        column = target.columns.get(name, name)
        if column not in current or column not in expected or is_same(current[column], expected[column]):
            continue
        if column not in asked or not is_same(current[column], asked[column]):
            value = current[column]
            conflicts[name] = str(value) if isinstance(value, Decimal) else value
    return conflicts


def find_new_status(operation: Operation) -> str:
    """Return the status that a proposal has by now, where a job was confirmed for another one; "" otherwise.

    Only the mirror is asked: to ask Offorte would take a second request for each row of the job. A status that is
    already as requested may come from an earlier try of this operation.
    """
    shown, asked = operation.before.get("status"), operation.draft.get("status")
    if operation.job_id is None or operation.target != "proposals" or not (shown and asked) or operation.expected:
        return ""
    row = find_row(operation)
    now = row.status if isinstance(row, Proposal) else ""
    is_first_try = operation.attempts <= 1 and operation.sent_at is None
    return "" if now == shown or (now == asked and not is_first_try) else now


def is_conditional(operation: Operation) -> bool:
    """Return whether it is sent only while Offorte still holds the expected values."""
    return bool(operation.expected) and operation.verb != Operation.Verb.CREATE


def fetch(session: Session, operation: Operation) -> Json:
    """Return the object as Offorte has it now; empty if there is no request for it. Raises any OfforteError."""
    target = target_of(operation)
    if target.get is None:
        return {}
    answer = target.get(session.client, address_of(operation))
    keeping.apply(operation, answer.data, answer.requested_at, is_read=True)
    return answer.data


def is_same(one: Any, other: Any) -> bool:
    """Return whether two values are the same to Offorte: empty is empty, 12.50 is 12.5, and lists have no order."""
    if one in (None, "") or other in (None, ""):
        return one in (None, "") and other in (None, "")
    if isinstance(one, str) and isinstance(other, str):
        # Browsers send CRLF line ends.
        return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return bool(one == other)
