"""References in a draft: `{"operation": 12}` stands for the id that operation 12 creates, known once it is done.

Under the keys "remote_id" and "parent_remote_id" it stands for the ids in the operation's own path.
"""

from collections.abc import Callable, Iterator
from typing import Any

from offorte_portal.writes.models import Operation

ADDRESS = ("remote_id", "parent_remote_id")


class UnresolvableError(Exception):
    """The step that an id should come from ended without one."""


def find_references(value: Any) -> Iterator[int]:
    """Yield the ids of the operations that a draft refers to."""
    if is_reference(value):
        yield value["operation"]
    elif isinstance(value, dict):
        for element in value.values():
            yield from find_references(element)
    elif isinstance(value, list):
        for element in value:
            yield from find_references(element)


def is_reference(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"operation"} and isinstance(value["operation"], int)


def replace_references(value: Any, find: Callable[[int], int]) -> Any:
    """Return the same value with ids in place of references; `find` maps an operation to its id."""
    if is_reference(value):
        return find(value["operation"])
    if isinstance(value, dict):
        return {key: replace_references(element, find) for key, element in value.items()}
    if isinstance(value, list):
        return [replace_references(element, find) for element in value]
    return value


def split_address(draft: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split a draft into the parameters and the ids of the operation's path."""
    asked = {key: value for key, value in draft.items() if key not in ADDRESS}
    return asked, {key: draft[key] for key in ADDRESS if key in draft}


def resolve(operation: Operation) -> bool:
    """Put ids in place of the references of a waiting operation; return False while a step is not done.

    Raises UnresolvableError if an id will never be known.
    """
    step_ids = set(find_references(operation.draft))
    if not step_ids:
        return True
    steps = Operation.objects.filter(pk__in=step_ids).in_bulk()
    if any(step.is_pending for step in steps.values()):
        return False
    ids = {pk: step.remote_id for pk, step in steps.items() if step.remote_id is not None}
    if step_ids - ids.keys():
        raise UnresolvableError
    draft, address = split_address(replace_references(operation.draft, ids.__getitem__))
    waiting = Operation.objects.filter(pk=operation.pk, state=Operation.State.WAITING)
    return bool(waiting.update(draft=draft, **address))
