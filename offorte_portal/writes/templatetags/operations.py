"""Template filters for operations."""

from django import template

from offorte_portal.adminkit import operations as operation_words
from offorte_portal.writes.findings import Candidate
from offorte_portal.writes.models import Operation
from offorte_portal.writes.pages import fields

register = template.Library()
register.filter("operation_title", operation_words.title)


@register.filter
def operation_pill(operation: Operation) -> str:
    return operation_words.PILLS[Operation.State(operation.state)]


@register.filter
def candidate_facts(candidate: Candidate, operation: Operation) -> list[tuple[str, str]]:
    """Return labels and values of what Offorte holds of a candidate, the fields that were asked for first."""
    known = fields.names_of(operation, [candidate.facts])
    names = [name for name in operation.draft if name in candidate.facts]
    names += [name for name in candidate.facts if name not in names]
    return [
        (
            operation_words.field_label(operation.target, name),
            operation_words.write_value(candidate.facts[name], name, known),
        )
        for name in names
        if candidate.facts[name] not in ("", None, [], {})
    ]
