"""Sending a proposal: who gets what, and never twice unless a person knowingly decides so.

An order is stored under a lock of the proposal, and only if the proposal has been sent as often as its page said. The
receivers are written first, as Offorte doesn't return who is chosen; the send goes out after that.
"""

import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from contacts.models import Person
from offorte_portal.compose import approval
from offorte_portal.compose.models import Approval
from offorte_portal.compose.reasons import SendReason
from offorte_portal.compose.recipients import find_people
from offorte_portal.text.reason import Reason
from offorte_portal.writes import asking, evidence, performing
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

Json = dict[str, Any]
State, Verb = Operation.State, Operation.Verb
PERMISSION = "proposals.send_proposal"
SENDABLE = (Proposal.Status.EDIT.value, Proposal.Status.OPEN.value)
MESSAGE_CHARACTERS = 10_000


class NotSentError(Exception):
    """Nothing was sent, for the reason that it carries."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Order:
    """What to send: `contacts` are Offorte's ids of people; the text is a message or an e-mail template."""

    contacts: list[int]
    send_method: str = "offorte"
    send_message: str = ""
    send_message_id: int | None = None
    password_reset: bool = False

    def draft(self) -> Json:
        """Return the parameters of the reference."""
        text: Json = {"send_message": self.send_message}
        if self.send_message_id is not None:
            text = {"send_message_id": self.send_message_id}
        return {"password_reset": self.password_reset, "send_method": self.send_method, **text}

    def dump(self) -> Json:
        return asdict(self)


@dataclass(frozen=True)
class Sending:
    """One occasion on which the proposal was sent; `is_mailed` is false if a person passed on the links."""

    sent_at: datetime | None
    by: str
    to: list[str]
    is_mailed: bool = True


def sends_of(proposal: Proposal) -> list[Operation]:
    """Return the sends that the portal has done or may still do, oldest first."""
    found = Operation.objects.filter(
        connection_id=proposal.connection_id, target="proposals", remote_id=proposal.remote_id, verb=Verb.SEND
    )
    return list(found.filter(state__in=[*Operation.PENDING, State.DONE]).order_by("pk"))


def find_pending(proposal: Proposal) -> Operation | None:
    """Return a send that has not ended yet."""
    return next((operation for operation in sends_of(proposal) if operation.is_pending), None)


def find_marks(proposal: Proposal) -> list[str]:
    """Return marks that change as soon as anybody sends the proposal again."""
    mails = [f"mail {remote_id}" for remote_id in proposal.emails.values_list("remote_id", flat=True)]
    return sorted([*mails, *(f"write {operation.pk}" for operation in sends_of(proposal)), f"is {proposal.status}"])


def find_earlier(proposal: Proposal) -> list[Sending]:
    """Return the known occasions on which it was sent, latest first; those without a time come last."""
    sends: list[Sending] = []
    for mail in proposal.emails.all():
        names = [receiver.get("fullname") or receiver.get("email", "") for receiver in mail.receivers]
        sends.append(Sending(mail.sent_at, mail.sent_by, names))
    for operation in sends_of(proposal):
        if operation.state == State.DONE and operation.draft.get("send_method") == "self":
            receivers = (operation.answer or {}).get("receivers", [])
            named = [receiver for receiver in receivers if isinstance(receiver, dict)]
            names = [str(receiver.get("fullname") or receiver.get("email") or "") for receiver in named]
            sends.append(Sending(operation.sent_at, operation.requested_by_name, names, is_mailed=False))
    dated = [send for send in sends if send.sent_at]
    undated = [send for send in sends if not send.sent_at]
    return [*sorted(dated, key=lambda row: row.sent_at, reverse=True), *undated]  # type: ignore[arg-type,return-value]


def was_sent(proposal: Proposal) -> bool:
    """Return whether anybody may have received it already."""
    return proposal.status != Proposal.Status.EDIT or bool(find_earlier(proposal)) or proposal.receivers.exists()


def people_of(proposal: Proposal) -> list[Person]:
    """Return the people of the proposal's company, including those without an e-mail address."""
    people = find_people(proposal.connection_id, [proposal.company_remote_id or 0])
    return list(people.select_related("company").order_by("name_key"))


def known_contacts(proposal: Proposal) -> list[int] | None:
    """Return the contacts that the portal chose at Offorte; None if it doesn't know who is chosen."""
    return evidence.chosen_contacts(proposal.connection_id, proposal.remote_id)


def suggest_contacts(proposal: Proposal, people: Collection[Person]) -> list[int]:
    """Return the contacts to preselect: those chosen, else those who received it, else the only one."""
    able = {person.remote_id: person for person in people if person.email}
    if known := known_contacts(proposal):
        return [remote_id for remote_id in known if remote_id in able]
    emails = {receiver.email.lower() for receiver in proposal.receivers.all()}
    received = [remote_id for remote_id, person in able.items() if person.email.lower() in emails]
    return received or (list(able) if len(able) == 1 else [])


def order_send(
    proposal: Proposal, order: Order, *, seen: list[str], key: uuid.UUID, by: User, approved: Approval | None = None
) -> Operation:
    """Store what is to be sent; the same key twice is one send. Raises NotSentError, or Rejected by the reference.

    `seen` are the marks at the time when the person looked; `approved` is the request that a manager has approved.
    """
    with transaction.atomic():
        locked = lock(proposal)
        if earlier := Operation.objects.filter(key=key).first():
            return earlier
        check(locked, order, seen)
        if approved is None and approval.find_reasons(locked) and not by.has_perm(approval.PERMISSION):
            raise NotSentError(SendReason.APPROVAL_NEEDED())
        return _ask(locked, order, key, by)


def request_approval(proposal: Proposal, order: Order, *, seen: list[str], key: uuid.UUID, by: User) -> Approval:
    """Store what is to be sent until a manager decides; the same key is one request. Raises NotSentError."""
    with transaction.atomic():
        locked = lock(proposal)
        earlier = Approval.objects.filter(key=key).first()
        if earlier is None:
            check(locked, order, seen)
            if approval.find_waiting(locked):
                raise NotSentError(SendReason.SENT_MEANWHILE())
        return earlier or approval.ask(locked, order.dump() | {"seen": seen}, key=key, by=by)


def approve(request: Approval, *, figures: approval.Figures, by: User, note: str = "") -> Operation:
    """Approve a waiting send that is as the manager saw it; return its operation. Raises NotSentError, Rejected."""
    with transaction.atomic():
        proposal = lock(request.proposal)
        if approval.find_figures(proposal) != figures:
            raise NotSentError(SendReason.CHANGED_MEANWHILE())
        if not approval.close(request, Approval.State.APPROVED, by=by, note=note):
            raise NotSentError(SendReason.DECIDED_MEANWHILE())
        asked = {name: value for name, value in request.order.items() if name != "seen"}
        order, seen = Order(**asked), list(request.order["seen"])
        operation = order_send(proposal, order, seen=seen, key=request.key, by=request.requested_by, approved=request)
        Approval.objects.filter(pk=request.pk).update(operation=operation)
    return operation


def check(locked: Proposal, order: Order, seen: list[str]) -> None:
    """Raise NotSentError if the proposal has changed since somebody looked, or can't be sent."""
    if locked.status not in SENDABLE or locked.removed_at is not None:
        raise NotSentError(SendReason.NOT_SENDABLE())
    if find_pending(locked) or find_marks(locked) != seen:
        raise NotSentError(SendReason.SENT_MEANWHILE())
    able = {person.remote_id for person in people_of(locked) if person.email}
    if not order.contacts or not able.issuperset(order.contacts):
        raise NotSentError(SendReason.NOBODY())


def lock(proposal: Proposal) -> Proposal:
    """Return the proposal as it is now, locked for this transaction."""
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("connection")
    return rows.defer("payload", "search_text").get(pk=proposal.pk)


def _ask(proposal: Proposal, order: Order, key: uuid.UUID, by: User) -> Operation:
    ask = partial(
        asking.request,
        connection=proposal.connection,
        target="proposals",
        remote_id=proposal.remote_id,
        by=by,
        label=str(proposal),
    )
    step = None
    if set(known_contacts(proposal) or []) != set(order.contacts):
        contacts = {"company_contacts": order.contacts}
        step = ask(verb=Verb.CHANGE, draft=contacts, key=uuid.uuid5(key, "contacts"))
    return ask(verb=Verb.SEND, draft=order.draft(), after=step, key=key)


def perform(operation: Operation) -> Operation:
    """Send at once while a person waits, the receivers first; return the operation of the send with its outcome."""
    if operation.after and operation.after.state == State.WAITING:
        performing.perform(operation.after)
    return performing.perform(operation)
