"""Telling from a proposal's details whether a send without an answer was carried out.

Through Offorte: of the mails that the portal did not know before, one that fits in message, receivers, sender and time
is ours, once; what our other sends of the proposal account for is left out. Any other new mail of those hours may be
ours in another form: a person decides. Only where Offorte told all its mails and there is none, it was not sent.
By oneself (`send_method: self`) no mail is sent: the history says so, or the status that left edit while nobody else
did anything. A status that stayed edit, in a history that says nothing, means that it was not done. All else is open.
(reference: Proposals, Send proposal and Get proposal details)
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from offorte_portal.api.client import Fetched
from offorte_portal.api.lists import read_id
from offorte_portal.api.payloads import EmailPayload
from offorte_portal.mirror.history import Code
from offorte_portal.writes import keeping
from offorte_portal.writes.asking import fold
from offorte_portal.writes.evidence import SELF, count_signs, is_by_oneself, tells_mails
from offorte_portal.writes.findings import LATEST, TOLERANCE, Candidate, Findings, may_come_from, moment_of
from offorte_portal.writes.mail_fit import is_same_audience, is_same_message
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from offorte_portal.writes.targets import Verb
from proposals.models import Proposal

Json = dict[str, Any]

# Within these hours a mail may be ours, however wrong a clock or a zone is.
NEARBY = timedelta(hours=3)
_NEVER = datetime.min.replace(tzinfo=UTC)
DRAFT = Proposal.Status.EDIT.value
# What the history says of a send by its owner; the second where a change of status is all that it says.
OURS = (Code.SENT_BY_ONESELF, Code.SENT, Code.OPENED)


class Mail(NamedTuple):
    """A mail of the proposal as Offorte tells it."""

    remote_id: int
    sent_at: datetime | None
    sent_by: str
    message: str
    addresses: list[str]
    raw: Json


def examine_send(operation: Operation, fetched: Fetched) -> Findings:
    """What the details that were fetched say of a send without an answer."""
    details, looked_at = fetched.data, fetched.requested_at
    listed = details.get("emails")
    if is_by_oneself(operation):
        return replace(_examine_links(operation, details), looked_at=looked_at)
    if not tells_mails(listed, operation.known_ids):
        return Findings(reason=WriteReason.UNTOLD_MAILS(), is_told=False, looked_at=looked_at)
    mails = read_mails(listed)
    taken = _explained(operation, mails)
    new = [one for one in mails if one.remote_id not in operation.known_ids and one.remote_id not in taken]
    nearby = [one for one in new if one.sent_at is None or may_come_from(operation, one.sent_at, NEARBY, NEARBY)]
    fitting = [one for one in nearby if _is_ours(operation, one, nearby, details)]
    candidates = [Candidate(one.remote_id, one.message, one.raw, is_exact=one in fitting) for one in nearby]
    if len(fitting) == 1:
        return Findings(candidates, candidates[nearby.index(fitting[0])], looked_at=looked_at)
    # That it is open now has another reason where it was mailed at another time.
    is_moved = not new and _has_left_draft(operation, details)
    reason = WriteReason.UNLIKE_MAIL() if candidates else WriteReason.NOT_SHOWN() if is_moved else None
    return Findings(candidates, reason=reason, looked_at=looked_at)


def read_mails(listed: Iterable[Any]) -> list[Mail]:
    """The mails that the details list, those with an id, in the order of time as far as it is known."""
    mails = []
    for raw in keeping.listed(list(listed)):
        if not (remote_id := read_id(raw)):
            continue
        values = EmailPayload.read(raw).values
        addresses = [str(one.get("email") or "") for one in keeping.listed(values.get("receivers"))]
        texts = values.get("sent_by") or "", values.get("message") or ""
        mails.append(Mail(remote_id, values.get("sent_at"), *texts, addresses, raw))
    return sorted(mails, key=lambda one: (one.sent_at or _NEVER, one.remote_id))


def _is_ours(operation: Operation, mail: Mail, others: list[Mail], details: Json) -> bool:
    """Whether the mail is this send for certain: its words, its receivers, its sender and its moment."""
    if mail.sent_at is None or not may_come_from(operation, mail.sent_at, TOLERANCE, LATEST):
        return False
    evidence, message = operation.evidence, str(operation.draft.get("send_message") or "")
    sender = evidence.get("sent_by") or ""
    if sender and mail.sent_by and fold(sender) != fold(mail.sent_by):
        return False
    if message:
        is_alike = is_same_message(message, mail.message)
    else:
        # A template's words are not known: only the one mail that came since Offorte was looked at can be it.
        is_alike = bool(evidence.get("is_looked")) and len(others) == 1
    return is_alike and _is_for_ours(evidence, mail, details)


def _is_for_ours(evidence: Json, mail: Mail, details: Json) -> bool:
    chosen, earlier = evidence.get("receivers"), list(evidence.get("earlier_receivers") or [])
    # Whoever has received it once receives it again, also where the mirror had not heard of that.
    before = (
        one for one in read_mails(details["emails"]) if one.sent_at and mail.sent_at and one.sent_at < mail.sent_at
    )
    if chosen is not None:
        earlier += (address for one in before for address in one.addresses)
    if is_same_audience(chosen, earlier, mail.addresses):
        return True
    told = [str(one.get("email") or "") for one in keeping.listed(details.get("receivers"))]
    return chosen is None and is_same_audience(None, told, mail.addresses)


def _explained(operation: Operation, mails: list[Mail]) -> set[int]:
    """The mails that our other sends of the proposal account for, each of them one."""
    others = Operation.objects.filter(
        connection_id=operation.connection_id,
        target=operation.target,
        remote_id=operation.remote_id,
        verb=Verb.SEND,
        state=Operation.State.DONE,
        sent_at__range=(moment_of(operation) - 2 * NEARBY, moment_of(operation) + 2 * NEARBY),
    ).exclude(pk=operation.pk)
    by_mail = [one for one in others.order_by("sent_at", "pk") if one.draft.get("send_method") != SELF]
    taken = {one.evidence["email"] for one in by_mail if one.evidence.get("email")}
    for other in by_mail:
        if other.evidence.get("email"):
            continue
        free = (one for one in mails if one.remote_id not in taken and _may_be(other, one))
        taken |= {one.remote_id for one in list(free)[:1]}
    return taken


def _may_be(other: Operation, mail: Mail) -> bool:
    """Whether a send that was answered may have made this mail."""
    message = str(other.draft.get("send_message") or "")
    is_alike = not message or is_same_message(message, mail.message)
    return is_alike and mail.sent_at is not None and may_come_from(other, mail.sent_at, TOLERANCE, LATEST)


def _has_left_draft(operation: Operation, details: Json) -> bool:
    return operation.evidence.get("status") == DRAFT and details.get("status") not in (DRAFT, None, "")


def _examine_links(operation: Operation, details: Json) -> Findings:
    """A send by oneself: what its history says is new since it was looked at before."""
    before, now = operation.evidence.get("signs"), count_signs(details)
    if before is None or now is None:
        return Findings(reason=WriteReason.NOT_SHOWN(), is_told=now is not None)
    itself = Candidate(operation.remote_id or 0, operation.label, details, is_exact=True)
    new = Counter(now) - Counter(before)
    sender = fold(operation.evidence.get("sent_by") or "")
    ours = {sign: number for sign, number in new.items() if _may_be_ours(sign, sender)}
    by_others = new.keys() - ours.keys()
    by_oneself = sum(number for sign, number in ours.items() if sign.startswith(f"{Code.SENT_BY_ONESELF}|"))
    was_moved = _has_left_draft(operation, details) and not by_others and not _may_have_new_mail(operation, details)
    if (by_oneself == 1 and (sender or not by_others)) or (by_oneself == 0 and was_moved):
        return Findings([itself], found=itself)
    is_untouched = operation.evidence.get("status") == DRAFT == details.get("status") and not new
    if is_untouched and _is_same_version(operation, details):
        return Findings()
    return Findings(reason=WriteReason.NOT_SHOWN())


def _may_be_ours(sign: str, sender: str) -> bool:
    code, _bar, person = sign.partition("|")
    return code in OURS and (not sender or not person or person == sender)


def _may_have_new_mail(operation: Operation, details: Json) -> bool:
    listed = details.get("emails")
    known = operation.known_ids
    return not tells_mails(listed, known) or any(read_id(mail) not in known for mail in listed)


def _is_same_version(operation: Operation, details: Json) -> bool:
    before, now = operation.evidence.get("version_id"), details.get("version_id")
    return before is None or now is None or before == now
