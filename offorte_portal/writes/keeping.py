"""Applies a write to the mirror at once: what was asked for, and what Offorte answered."""

import logging
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from contacts.models import Company
from offorte_portal.api.errors import OfforteError
from offorte_portal.api.lists import read_id
from offorte_portal.changes.recording import Recording, Source, recording
from offorte_portal.mirror.children import find
from offorte_portal.mirror.engine import apply_list, apply_object
from offorte_portal.mirror.items import remote_id_of
from offorte_portal.mirror.lists import DATABASE_AWAY
from offorte_portal.mirror.tombstones import mark_hidden, mark_removed
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from offorte_portal.writes.rights import find_row
from offorte_portal.writes.sealing import conceal
from offorte_portal.writes.sessions import Session
from offorte_portal.writes.targets import Verb, address_of, target_of
from proposals.models import AccountUser, Proposal, Receiver
from proposals.models.timeline import is_web_address

logger = logging.getLogger(__name__)

Json = dict[str, Any]
# They give access like passwords, so they are kept with the receivers only, which need a permission to be seen.
SECRET = frozenset({"pass", "proposal_link"})


def keep(operation: Operation, answer: Json | None, requested_at: datetime) -> None:
    """Apply a write to the mirror; the operation has its Offorte id by now."""
    if operation.verb == Verb.DELETE:
        keep_removed(operation, requested_at)
    elif operation.verb == Verb.SEND:
        apply(operation, sent(operation, answer or {}), requested_at)
        keep_links(operation, answer or {})
    elif operation.remote_id is not None:
        apply(operation, written(operation, answer or {}), requested_at)


def record_news(operation: Operation) -> AbstractContextManager[Recording]:
    """Return a transaction that records changes of the mirror as made by the operation."""
    return recording(
        operation.connection_id, Source.WRITE, operation_id=operation.pk, person_id=operation.requested_by_id
    )


def try_to_keep(operation: Operation, answer: Json | None, requested_at: datetime) -> Reason | None:
    """Apply a write to the mirror; return the reason if that failed, None otherwise.

    It was done at Offorte even if the mirror can't hold it, so only a database that is away or busy is raised.
    """
    try:
        with record_news(operation):
            keep(operation, answer, requested_at)
    except DATABASE_AWAY:
        raise
    except Exception:
        logger.exception("Operation %s is done but could not be shown", operation.pk)
        return WriteReason.UNREADABLE()
    return None


def keep_removed(operation: Operation, requested_at: datetime) -> None:
    """Mark the object as removed, because it was deleted or Offorte no longer has it."""
    if operation.remote_id is not None:
        resource = target_of(operation).resource
        as_of = not_before(operation, requested_at)
        with record_news(operation):
            mark_removed(operation.connection_id, resource, [operation.remote_id], as_of=as_of)


def keep_hidden(operation: Operation, requested_at: datetime) -> None:
    """Mark the object as hidden by Offorte."""
    if operation.remote_id is not None:
        resource = target_of(operation).resource
        as_of = not_before(operation, requested_at)
        with record_news(operation):
            mark_hidden(operation.connection_id, resource, operation.remote_id, as_of=as_of)


def written(operation: Operation, answer: Json) -> Json:
    """Return what was asked for in the form of Offorte's answers, and the answer itself if it is the object."""
    target = target_of(operation)
    asked = conceal(operation.target, operation.draft)
    raw = {key: value for key, value in asked.items() if key not in target.unmirrored}
    if operation.verb in target.needs_parent:
        raw[target.parent] = operation.parent_remote_id
    if "price_total" in raw:
        # A total that a person set overrides the sum, which the mirror would show otherwise.
        raw["price_total_override"] = raw["price_total"]
    raw |= names_of(operation)
    if "proposal_version_id" in answer:
        raw["version_id"] = answer["proposal_version_id"]
    return raw | answer if read_id(answer) == operation.remote_id else raw


def names_of(operation: Operation) -> Json:
    """Return the names for a proposal's new company and owner, because a write holds only their ids."""
    names: Json = {}
    if operation.target != "proposals":
        return names
    of_account = {"connection_id": operation.connection_id}
    company_id, owner_id = operation.draft.get("company_id"), operation.draft.get("account_user_id")
    company = Company.objects.filter(**of_account, remote_id=company_id).first() if company_id else None
    if company:
        names["company_name"] = company.name
    owner = AccountUser.objects.filter(**of_account, remote_id=owner_id).first() if owner_id else None
    if owner:
        names["account_user_name"] = f"{owner.firstname} {owner.lastname}".strip()
        names["account_user_email"] = owner.email
    return names


def sent(operation: Operation, answer: Json) -> Json:
    """Return the proposal as sent: open unless the answer says otherwise, with the receivers added."""
    row = find_row(operation)
    raw: Json = {"status": answer.get("status") or Proposal.Status.OPEN.value}
    receivers = {remote_id_of(receiver): receiver for receiver in listed(row.payload.get("receivers") if row else None)}
    for receiver in listed(answer.get("receivers")):
        plain = {key: value for key, value in receiver.items() if key not in SECRET}
        receivers[remote_id_of(receiver)] = {**receivers.get(remote_id_of(receiver), {}), **plain}
    # Without the rest of the details, the receivers alone would be taken for details.
    if isinstance(row, Proposal) and row.details_as_of and receivers:
        raw["receivers"] = list(receivers.values())
    return raw


def keep_links(operation: Operation, answer: Json) -> None:
    """Store the links of an answer with its receivers, which are added if new; new passwords void earlier links.

    An answer to a send holds a link for each receiver. They differ from the links in the details, are given once, and
    give access like passwords. So they are kept only with the receivers, and reading the details again does not touch
    them.
    """
    rows = Proposal.objects.filter(connection_id=operation.connection_id, remote_id=operation.remote_id or 0)
    proposal = rows.first()
    if proposal is None:
        return
    if operation.draft.get("password_reset"):
        forget_links(operation)
    for position, who in enumerate(listed(answer.get("receivers"))):
        remote_id, link = remote_id_of(who), who.get("proposal_link")
        if remote_id is None or not isinstance(link, str) or not is_web_address(link):
            continue
        names = {name: value for name in ("fullname", "email") if isinstance(value := who.get(name), str)}
        Receiver.objects.update_or_create(
            proposal=proposal,
            remote_id=remote_id,
            defaults={"sent_link": link},
            create_defaults={"sent_link": link, "position": position, **names},
        )


def forget_links(operation: Operation) -> None:
    """Remove the links of earlier sends of the proposal."""
    of_proposal = {"proposal__connection_id": operation.connection_id, "proposal__remote_id": operation.remote_id}
    Receiver.objects.filter(**of_proposal).exclude(sent_link="").update(sent_link="")


def listed(value: object) -> list[Json]:
    """Return the objects in a list; empty if the value is no list."""
    return [element for element in value if isinstance(element, dict)] if isinstance(value, list) else []


def apply(operation: Operation, raw: Json, requested_at: datetime, *, is_read: bool = False) -> None:
    """Merge `raw` into the mirror's row; `is_read` means that it is the answer to a GET."""
    resource, remote_id = target_of(operation).resource, operation.remote_id or 0
    as_of = not_before(operation, requested_at)
    tells_parts = is_read or any(find(raw, children.path) is not None for children in resource.children)
    if resource.children and not tells_parts:
        # `apply_object` would take it for details, which nobody has read.
        apply_list(operation.connection_id, resource, [{**raw, "id": remote_id}], as_of=as_of)
    else:
        details_for = "" if is_read else None
        apply_object(operation.connection_id, resource, remote_id, raw, as_of=as_of, details_for=details_for)
    if operation.target == "proposals" and not is_read:
        rows = Proposal.objects.filter(connection_id=operation.connection_id, remote_id=remote_id)
        rows.update(details_fingerprint="")


def not_before(operation: Operation, requested_at: datetime) -> datetime:
    """Return the moment for the mirror: not before what the row holds, because this write is the newest."""
    row = find_row(operation)
    return max(requested_at, row.as_of) if row else requested_at


def read_back(session: Session, operation: Operation) -> None:
    """Read what was created or sent, because the answer leaves out what people look at. If that fails, a sync will."""
    target = target_of(operation)
    wants = operation.verb == Verb.SEND or (operation.verb == Verb.CREATE and target.is_read_back)
    if not wants or target.get is None or operation.remote_id is None:
        return
    resets = operation.verb == Verb.SEND and operation.draft.get("password_reset")
    if resets and Operation.objects.filter(pk=operation.pk, answer__isnull=True).exists():
        forget_links(operation)  # Found by looking: the answer with the new links was lost.
    try:
        fetched = target.get(session.client, address_of(operation))
    except OfforteError as error:
        logger.info("Operation %s is done but could not be read back: %s", operation.pk, error)
        return
    try:
        with record_news(operation):
            apply(operation, fetched.data, fetched.requested_at, is_read=True)
    except DATABASE_AWAY:
        raise
    except Exception:
        logger.exception("Operation %s is done but what was read back could not be kept", operation.pk)
        unexplained = Operation.objects.filter(pk=operation.pk, state=Operation.State.DONE, reason__isnull=True)
        unexplained.update(reason=WriteReason.UNREADABLE())


def told(answer: Json | None) -> Json | None:
    """Return what to keep of an answer with the operation: its plain values and the receivers, without links."""
    if answer is None:
        return None
    kept = {key: value for key, value in answer.items() if not isinstance(value, dict | list) and key not in SECRET}
    receivers = listed(answer.get("receivers"))
    if receivers:
        kept["receivers"] = [{key: who[key] for key in who if key not in SECRET} for who in receivers]
    return kept
