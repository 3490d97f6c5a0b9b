"""Sending a proposal: who gets what, and never twice without somebody who decides so with open eyes.

An order is kept under a lock of the proposal, and only where the proposal was sent just as often as its page said. Who
receives it is written first, for Offorte does not tell who is chosen; the send goes out after that.
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
    """What to send: `contacts` are Offorte's ids of people; a message of the sender's own or an e-mail template."""

    contacts: list[int]
    send_method: str = "offorte"
    send_message: str = ""
    send_message_id: int | None = None
    password_reset: bool = False

    def draft(self) -> Json:
        """As the reference takes it."""
        text: Json = {"send_message": self.send_message}
        if self.send_message_id is not None:
            text = {"send_message_id": self.send_message_id}
        return {"password_reset": self.password_reset, "send_method": self.send_method, **text}

    def dump(self) -> Json:
        """As JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Sending:
    """A time that the proposal was sent; `is_mailed` is false where a person passed on the links."""

    sent_at: datetime | None
    by: str
    to: list[str]
    is_mailed: bool = True


def sends_of(proposal: Proposal) -> list[Operation]:
    """What the portal was asked to send of it and did or may still do, oldest first."""
    found = Operation.objects.filter(
        connection_id=proposal.connection_id, target="proposals", remote_id=proposal.remote_id, verb=Verb.SEND
    )
    return list(found.filter(state__in=[*Operation.PENDING, State.DONE]).order_by("pk"))


def find_pending(proposal: Proposal) -> Operation | None:
    """A send that has not ended yet."""
    return next((one for one in sends_of(proposal) if one.is_pending), None)


def find_marks(proposal: Proposal) -> list[str]:
    """What tells how often it was sent: different as soon as it was sent once more, by whomever."""
    mails = [f"mail {remote_id}" for remote_id in proposal.emails.values_list("remote_id", flat=True)]
    return sorted([*mails, *(f"write {one.pk}" for one in sends_of(proposal)), f"is {proposal.status}"])


def find_earlier(proposal: Proposal) -> list[Sending]:
    """The times that it was sent as far as they are known, latest first."""
    mails = [
        Sending(mail.sent_at, mail.sent_by, [one.get("fullname") or one.get("email", "") for one in mail.receivers])
        for mail in proposal.emails.all()
    ]
    by_hand = [one for one in sends_of(proposal) if one.state == State.DONE and one.draft.get("send_method") == "self"]
    links = [Sending(one.sent_at, one.requested_by_name, names_in(one), is_mailed=False) for one in by_hand]
    dated = [one for one in (*mails, *links) if one.sent_at]
    undated = [one for one in (*mails, *links) if not one.sent_at]
    return [*sorted(dated, key=lambda one: one.sent_at, reverse=True), *undated]  # type: ignore[arg-type,return-value]


def names_in(operation: Operation) -> list[str]:
    """Who received it, as the answer to a send says."""
    receivers = (operation.answer or {}).get("receivers", [])
    return [str(one.get("fullname") or one.get("email") or "") for one in receivers if isinstance(one, dict)]


def was_sent(proposal: Proposal) -> bool:
    """Whether anybody may have it already."""
    return proposal.status != Proposal.Status.EDIT or bool(find_earlier(proposal)) or proposal.receivers.exists()


def people_of(proposal: Proposal) -> list[Person]:
    """The people of its company, those without an e-mail address included."""
    people = Person.objects.present().filter(
        connection_id=proposal.connection_id, company_remote_id=proposal.company_remote_id or 0
    )
    return list(people.select_related("company").defer("payload", "search_text").order_by("name_key"))


def known_contacts(proposal: Proposal) -> list[int] | None:
    """Who is chosen at Offorte as far as the portal did it; None where it does not know."""
    return evidence.chosen_contacts(proposal.connection_id, proposal.remote_id)


def suggest_contacts(proposal: Proposal, people: Collection[Person]) -> list[int]:
    """Whom to tick beforehand: who is chosen, else who received it, else the only one there is."""
    able = {one.remote_id: one for one in people if one.email}
    if known := known_contacts(proposal):
        return [remote_id for remote_id in known if remote_id in able]
    emails = {receiver.email.lower() for receiver in proposal.receivers.all()}
    received = [remote_id for remote_id, one in able.items() if one.email.lower() in emails]
    return received or (list(able) if len(able) == 1 else [])


def order_send(
    proposal: Proposal, order: Order, *, seen: list[str], key: uuid.UUID, by: User, approved: Approval | None = None
) -> Operation:
    """Keep what is to be sent; the same key twice is one send. Raises NotSentError, or Rejected by the reference.

    `seen` are the marks of when the person looked; `approved` is what a manager has agreed to.
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
    """Keep what is to be sent until a manager decides; the same key twice is one request. Raises NotSentError."""
    with transaction.atomic():
        locked = lock(proposal)
        earlier = Approval.objects.filter(key=key).first()
        if earlier is None:
            check(locked, order, seen)
            if approval.find_waiting(locked):
                raise NotSentError(SendReason.SENT_MEANWHILE())
        return earlier or approval.ask(locked, order.dump() | {"seen": seen}, key=key, by=by)


def approve(request: Approval, *, figures: approval.Figures, by: User, note: str = "") -> Operation:
    """Let a send go out that waited, where it is as the manager saw it. Raises NotSentError, Rejected."""
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
    """Raise NotSentError where the proposal is not as it was when somebody looked, or can't be sent."""
    if locked.status not in SENDABLE or locked.removed_at is not None:
        raise NotSentError(SendReason.NOT_SENDABLE())
    if find_pending(locked) or find_marks(locked) != seen:
        raise NotSentError(SendReason.SENT_MEANWHILE())
    able = {one.remote_id for one in people_of(locked) if one.email}
    if not order.contacts or not able.issuperset(order.contacts):
        raise NotSentError(SendReason.NOBODY())


def lock(proposal: Proposal) -> Proposal:
    """The proposal as it is now, for this transaction alone."""
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
    """Send for a person who waits, first who receives it; answer what became of the send."""
    if operation.after and operation.after.state == State.WAITING:
        performing.perform(operation.after)
    return performing.perform(operation)
