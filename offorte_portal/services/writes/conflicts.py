"""Whether Offorte still holds what an operation expects, asked right before it is sent."""

from decimal import Decimal
from typing import Any

from offorte_portal.models import Operation
from offorte_portal.services.writes import keeping
from offorte_portal.services.writes.lines import Line
from offorte_portal.services.writes.rights import find_row
from offorte_portal.services.writes.targets import address_of, target_of

Json = dict[str, Any]


def find_conflicts(line: Line, operation: Operation) -> Json:
    """What Offorte holds where it is neither what is expected nor what is asked. Raises any OfforteError.

    What nobody has told is no conflict; what is there already as asked may be an earlier try of this operation.
    """
    if not operation.expected or operation.verb == Operation.Verb.CREATE:
        return {}
    target = target_of(operation)
    read = target.resource.payload.read
    current = read(at_offorte(line, operation)).values
    expected, asked = read(operation.expected).values, read(operation.draft).values
    conflicts: Json = {}
    for name in operation.expected:
        column = target.columns.get(name, name)
        if column not in current or column not in expected or is_same(current[column], expected[column]):
            continue
        if column not in asked or not is_same(current[column], asked[column]):
            conflicts[name] = plain_value(current[column])
    return conflicts


def at_offorte(line: Line, operation: Operation) -> Json:
    """The thing as Offorte has it: asked for where that can be done, else as the mirror holds it."""
    target = target_of(operation)
    fetched: Json = {}
    if target.get is not None:
        answer = target.get(line.client, address_of(operation))
        keeping.apply(operation, answer.data, answer.requested_at, is_read=True)
        fetched = answer.data
    row = find_row(operation)
    return {**(row.payload if row else {}), **fetched}


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are the same to Offorte: empty is empty, 12.50 is 12.5, and lists have no order."""
    if one in (None, "") or other in (None, ""):
        return one in (None, "") and other in (None, "")
    if isinstance(one, str) and isinstance(other, str):
        # A browser ends lines in its own way.
        return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return bool(one == other)


def plain_value(value: Any) -> Any:
    """A value as JSON has it."""
    return str(value) if isinstance(value, Decimal) else value
