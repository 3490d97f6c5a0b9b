"""From what a person asks to a row: checked, kept, not sent yet."""

import html
import uuid
from decimal import Decimal
from hashlib import blake2b
from typing import Any, TypedDict, Unpack

from django.contrib.auth.models import User

from offorte_portal.api.drafts import complete_draft
from offorte_portal.api.errors import Rejected
from offorte_portal.connections.models import Connection
from offorte_portal.writes import sealing
from offorte_portal.writes.models import Batch, Operation
from offorte_portal.writes.reasons import WriteReason
from offorte_portal.writes.references import replace_references, split_address
from offorte_portal.writes.targets import TARGETS, Target, Verb

Json = dict[str, Any]


class Asked(TypedDict, total=False):
    """What may be said of a write beside what it is; amounts in `before` and `expected` may be Decimals or text."""

    remote_id: int | None
    parent_remote_id: int | None
    label: str
    before: Json | None
    expected: Json | None
    job: Batch | None
    after: Operation | None
    undoes: Operation | None


def request(
    *,
    connection: Connection,
    verb: str,
    target: str,
    draft: Json,
    by: User | None,
    key: uuid.UUID | None = None,
    **asked: Unpack[Asked],
) -> Operation:
    """Keep what a person asks for; with the `key` of an operation that is there already, answer that one.

    Amounts in `draft` may be Decimals or text. Raises Rejected, with reasons by field, where the reference has no such
    parameter or another type for it; ValueError where it can't be done at all.
    """
    operation = compose(connection=connection, verb=verb, target=target, draft=draft, by=by, **asked)
    if key is None:
        operation.save(force_insert=True)
        return operation
    columns = [field.attname for field in Operation._meta.concrete_fields if field.attname not in {"id", "key"}]
    defaults = {name: getattr(operation, name) for name in columns}
    return Operation.objects.get_or_create(key=key, defaults=defaults)[0]


def compose(
    *,
    connection: Connection,
    verb: str,
    target: str,
    draft: Json,
    by: User | None,
    **asked: Unpack[Asked],
) -> Operation:
    """The row that `request` makes, checked alike but not saved: for many at once. Raises as `request` does."""
    known = TARGETS.get(target)
    if known is None or verb not in known.verbs:
        raise ValueError(f"Offorte can't {verb} {target}.")
    parameters, address = split_address(draft)
    check_draft(known, verb, parameters)
    ids = {name: asked.get(name) for name in ("remote_id", "parent_remote_id")}
    check_address(known, verb, ids | address)
    shown, sealed = sealing.seal(target, plain(draft))
    operation = Operation(
        connection=connection,
        verb=verb,
        target=target,
        draft=shown,
        sealed=sealed,
        remote_id=asked.get("remote_id"),
        parent_remote_id=asked.get("parent_remote_id"),
        label=asked.get("label") or name_asked(known, shown),
        before=sealing.conceal(target, plain(asked.get("before") or {})),
        expected=sealing.conceal(target, plain(asked.get("expected") or {})),
        job=asked.get("job"),
        after=asked.get("after"),
        undoes=asked.get("undoes"),
        requested_by=by,
        requested_by_name=name_of(by),
    )
    operation.likeness = likeness_of(operation)
    return operation


def check_draft(target: Target, verb: str, asked: Json) -> None:
    """Raise Rejected where the reference does not know it so; an id that is to come counts as one."""
    if verb == Verb.DELETE:
        if asked:
            raise ValueError("A deletion takes no parameters.")
        return
    if verb == Verb.CHANGE and not asked:
        raise Rejected(WriteReason.NOTHING_TO_CHANGE)
    complete_draft(target.drafts[verb], replace_references(asked, lambda operation_id: 1))


def check_address(target: Target, verb: str, address: Json) -> None:
    """Raise ValueError where an id is missing that is part of the request's path."""
    if verb != Verb.CREATE and address["remote_id"] is None:
        raise ValueError(f"To {verb} one of {target.resource.name} takes its ID.")
    if verb in target.needs_parent and address["parent_remote_id"] is None:
        raise ValueError(f"To {verb} one of {target.resource.name} takes the ID of what it lies in.")


def plain(value: Any) -> Any:
    """A value as JSON has it; amounts become text, so that no digit is lost."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: plain(element) for key, element in value.items()}
    if isinstance(value, list | tuple):
        return [plain(element) for element in value]
    return value


def name_asked(target: Target, asked: Json) -> str:
    """What the thing will be called; "" where that is not said."""
    name = asked.get(target.name)
    return name if isinstance(name, str) else ""


def name_of(person: User | None) -> str:
    """How the audit log calls a person."""
    return (person.get_full_name() or person.get_username())[:150] if person else ""


def likeness_of(operation: Operation) -> str:
    """What creates have in common whose results could be mistaken for each other; "" for all else."""
    name = name_asked(TARGETS[operation.target], operation.draft)
    if operation.verb != Verb.CREATE or not name:
        return ""
    place = operation.draft.get("parent_remote_id", operation.parent_remote_id)
    return blake2b(f"{operation.target} {place} {fold(name)}".encode(), digest_size=16).hexdigest()


def fold(text: str) -> str:
    """A name without what Offorte may have changed in it: case, spaces around and within, and HTML escapes."""
    return " ".join(html.unescape(text).split()).casefold()
