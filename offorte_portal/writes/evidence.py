"""What is known of a proposal right before it is sent, so that the portal can tell afterwards whether it was sent.

Kept in `Operation.evidence`: the chosen receivers and the earlier ones, the sender, the status and version, and how
often the history mentions sends and changes of status. A send without a message of its own, or one that mails nobody,
can't be recognised by a mail: Offorte is asked for all this first.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any, TypeGuard

from contacts.models import Person
from offorte_portal.api.lists import read_id
from offorte_portal.api.payloads import LogEntryPayload
from offorte_portal.mirror.children import find
from offorte_portal.mirror.history import Code, read_history
from offorte_portal.writes.asking import fold
from offorte_portal.writes.models import Operation
from offorte_portal.writes.targets import Verb
from proposals.models import AccountUser, LogEntry, Proposal

Json = dict[str, Any]

SELF = "self"
# Entries of the history that a send may cause, or somebody else who changes the proposal's status.
SIGNS = frozenset(Code) - {
    Code.CREATED, Code.MODIFIED, Code.VIEWED, Code.VIEWED_PDF, Code.DOWNLOADED, Code.COMMENTED, Code.CHOSE,
    Code.REMINDED, Code.OWNER_CHANGED, Code.PRICE_CHANGED,
}  # fmt: skip


def needs_look(operation: Operation) -> bool:
    """Return whether Offorte has to be asked for the proposal's state before this is sent."""
    is_send = operation.verb == Verb.SEND
    return is_send and (is_by_oneself(operation) or not operation.draft.get("send_message"))


def is_by_oneself(operation: Operation) -> bool:
    """Return whether Offorte mails nobody and the person passes on the links."""
    return bool(operation.draft.get("send_method") == SELF)


def gather(operation: Operation, details: Json) -> Json:
    """Return what to remember of the proposal; `details` were fetched just now, or are empty if none were."""
    row = Proposal.objects.filter(connection_id=operation.connection_id, remote_id=operation.remote_id or 0).first()
    earlier = row.receivers.values_list("email", flat=True) if row else []
    return {
        "receivers": chosen_addresses(operation),
        "earlier_receivers": [email for email in earlier if email],
        "sent_by": sender_of(row),
        "status": details.get("status") or (row.status if row else ""),
        "version_id": details.get("version_id"),
        "signs": count_signs(details),
        "is_looked": tells_mails(details.get("emails"), operation.known_ids),
    }


def tells_mails(listed: object, known_ids: Collection[int]) -> TypeGuard[list[Json]]:
    """Return whether these can be all mails of a proposal: each has its own id, and no known one is missing."""
    if not isinstance(listed, list):
        return False
    ids = {read_id(mail) for mail in listed if isinstance(mail, dict)}
    return len(ids) == len(listed) and all(ids) and ids.issuperset(known_ids)


def chosen_contacts(connection_id: int, remote_id: int, before: int | None = None) -> list[int] | None:
    """Return Offorte's ids of the receivers that the portal chose last; None if that is not known.

    `before` is the id of the operation that this is asked for: later operations don't count.
    """
    writes_of = Operation.objects.filter(
        connection_id=connection_id,
        target="proposals",
        remote_id=remote_id,
        verb__in=[Verb.CREATE, Verb.CHANGE],
        state=Operation.State.DONE,
    )
    if before is not None:
        writes_of = writes_of.filter(pk__lt=before)
    for draft in writes_of.order_by("-pk").values_list("draft", flat=True)[:50]:
        if "company_contacts" in draft:
            return list(draft["company_contacts"])
        if "company_id" in draft:
            return None
    return None


def chosen_addresses(operation: Operation) -> list[str] | None:
    """Return the e-mail addresses of the chosen receivers; None unless those of all of them are known."""
    contacts = chosen_contacts(operation.connection_id, operation.remote_id or 0, operation.pk)
    if contacts is None:
        return None
    people = Person.objects.filter(connection_id=operation.connection_id, remote_id__in=contacts)
    addresses = dict(people.values_list("remote_id", "email"))
    return list(addresses.values()) if all(addresses.get(contact) for contact in contacts) else None


def sender_of(proposal: Proposal | None) -> str:
    """Return the name of the user in whose name Offorte sends the proposal; "" if that is not known."""
    if proposal is None:
        return ""
    if proposal.owner_name:
        return proposal.owner_name
    users = AccountUser.objects.filter(connection_id=proposal.connection_id, remote_id=proposal.owner_remote_id or 0)
    user = users.first()
    return f"{user.firstname} {user.lastname}".strip() if user else ""


def count_signs(details: Json) -> dict[str, int] | None:
    """Count the history's entries in SIGNS by code and person, without the client's; None if the history is missing."""
    entries = find(details, ("logs", "history"))
    if entries is None:
        return None
    history = read_history(log_entries(entries))
    return dict(
        Counter(
            f"{entry.code}|{fold(entry.person)}" for entry in history if entry.code in SIGNS and not entry.is_client
        )
    )


def log_entries(entries: Iterable[Any]) -> Iterable[LogEntry]:
    """Yield the entries of a history in an answer, as the mirror would hold them."""
    for entry in entries:
        if isinstance(entry, dict):
            values = LogEntryPayload.read(entry).values
            texts = {name: values.get(name) or "" for name in ("person", "action", "type")}
            yield LogEntry(logged_at=values.get("logged_at"), **texts)
