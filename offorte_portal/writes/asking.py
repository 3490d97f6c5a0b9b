"""Makes an operation of what a person asks for: checked and stored, not sent yet."""

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
    """Optional fields of an operation; amounts in `before` and `expected` may be Decimals or text."""

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
    """Store what a person asks for and return the operation; with the `key` of an existing one, return that.

    Amounts in `draft` may be Decimals or text. Raises Rejected, with reasons by field, if the reference has no such
    parameter or another type for it, and ValueError if Offorte can't do it at all.
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
    """Return the operation that `request` makes, checked but not saved, to save many at once. Raises the same."""
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
    operation.dedup_key = dedup_key_of(operation)
    return operation


def check_draft(target: Target, verb: str, asked: Json) -> None:
    """Raise Rejected unless the reference has these parameters; a reference to an operation counts as an id."""
    if verb == Verb.DELETE:
        if asked:
            raise ValueError("A deletion takes no parameters.")
        return
    if verb == Verb.CHANGE and not asked:
        raise Rejected(WriteReason.NOTHING_TO_CHANGE)
    complete_draft(target.drafts[verb], replace_references(asked, lambda operation_id: 1))


def check_address(target: Target, verb: str, address: Json) -> None:
    """Raise ValueError if an id that is part of the request's path is missing."""
    if verb != Verb.CREATE and address["remote_id"] is None:
        raise ValueError(f"To {verb} one of {target.resource.name} takes its ID.")
    if verb in target.needs_parent and address["parent_remote_id"] is None:
        raise ValueError(f"To {verb} one of {target.resource.name} takes the ID of what it lies in.")


def plain(value: Any) -> Any:
    """Return a value in a form that JSON can hold; Decimals become text, so that no digit is lost."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: plain(element) for key, element in value.items()}
    if isinstance(value, list | tuple):
        return [plain(element) for element in value]
    return value


def name_asked(target: Target, asked: Json) -> str:
    """Return the name that the draft gives the object; "" if it gives none."""
    name = asked.get(target.name)
    return name if isinstance(name, str) else ""


def name_of(person: User | None) -> str:
    """Return the name of a person for the change log; "" for None."""
    return str(person)[:150] if person else ""


def dedup_key_of(operation: Operation) -> str:
    """Return a hash shared by creates whose results could be mistaken for each other; "" for all other operations."""
    name = name_asked(TARGETS[operation.target], operation.draft)
    if operation.verb != Verb.CREATE or not name:
        return ""
    place = operation.draft.get("parent_remote_id", operation.parent_remote_id)
    return blake2b(f"{operation.target} {place} {fold(name)}".encode(), digest_size=16).hexdigest()


def fold(text: str) -> str:
    """Return a name without what Offorte may have changed in it: case, spaces around and within, and HTML escapes."""
    return " ".join(html.unescape(text).split()).casefold()
