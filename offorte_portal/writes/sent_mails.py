"""Decides from a proposal's details whether a send without an answer was carried out.

1. Sent through Offorte: among the mails that the portal did not know before, exactly one that fits in message,
   receivers, sender and time is this send. Mails that the portal's other sends account for are left out. Any other new
   mail within hours of the request may be this send in another form: a person decides. It was not sent only if Offorte
   gave all of its mails, none of them may be this send, and the status did not leave edit without a new mail.
2. Sent by oneself (`send_method: self`), without a mail: it was sent if the history says so, or if the status left edit
   while nobody else did anything. It was not sent if the status is still edit and the history has nothing new.
   Everything else stays open.

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

# A mail within this time of the request may be this send, even if a clock or a time zone is wrong.
NEARBY = timedelta(hours=3)
_NEVER = datetime.min.replace(tzinfo=UTC)
DRAFT = Proposal.Status.EDIT.value
# Entries of the history that a send by oneself may cause; the last two also if only a change of status is recorded.
OURS = (Code.SENT_BY_ONESELF, Code.SENT, Code.OPENED)


class Mail(NamedTuple):
    """A mail of the proposal as Offorte gives it."""

    remote_id: int
    sent_at: datetime | None
    sent_by: str
    message: str
    addresses: list[str]
    raw: Json


def examine_send(operation: Operation, fetched: Fetched) -> Findings:
    """Return what the fetched details say about a send without an answer."""
    details, looked_at = fetched.data, fetched.requested_at
    listed = details.get("emails")
    if is_by_oneself(operation):
        return replace(_examine_links(operation, details), looked_at=looked_at)
    if not tells_mails(listed, operation.known_ids):
        return Findings(reason=WriteReason.UNTOLD_MAILS(), is_told=False, looked_at=looked_at)
    mails = read_mails(listed)
    taken = _explained(operation, mails)
    new = [mail for mail in mails if mail.remote_id not in operation.known_ids and mail.remote_id not in taken]
    nearby = [mail for mail in new if mail.sent_at is None or may_come_from(operation, mail.sent_at, NEARBY, NEARBY)]
    fitting = [mail for mail in nearby if _is_ours(operation, mail, nearby, details)]
    candidates = [Candidate(mail.remote_id, mail.message, mail.raw, is_exact=mail in fitting) for mail in nearby]
    if len(fitting) == 1:
        return Findings(candidates, candidates[nearby.index(fitting[0])], looked_at=looked_at)
    # If another mail was sent, the proposal may have left the draft status because of that one.
    is_moved = not new and _has_left_draft(operation, details)
    reason = WriteReason.UNLIKE_MAIL() if candidates else WriteReason.NOT_SHOWN() if is_moved else None
    return Findings(candidates, reason=reason, looked_at=looked_at)


def read_mails(listed: Iterable[Any]) -> list[Mail]:
    """Return the listed mails that have an id, ordered by time as far as it is known."""
    mails = []
    for raw in keeping.listed(list(listed)):
        if not (remote_id := read_id(raw)):
            continue
        values = EmailPayload.read(raw).values
        addresses = [str(receiver.get("email") or "") for receiver in keeping.listed(values.get("receivers"))]
        texts = values.get("sent_by") or "", values.get("message") or ""
        mails.append(Mail(remote_id, values.get("sent_at"), *texts, addresses, raw))
    return sorted(mails, key=lambda mail: (mail.sent_at or _NEVER, mail.remote_id))


def _is_ours(operation: Operation, mail: Mail, others: list[Mail], details: Json) -> bool:
    """Return whether the mail is certainly this send, by its message, receivers, sender and time."""
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
    # Earlier receivers receive it again, including those that the mirror does not know.
    before = (
        other
        for other in read_mails(details["emails"])
        if other.sent_at and mail.sent_at and other.sent_at < mail.sent_at
    )
    if chosen is not None:
        earlier += (address for other in before for address in other.addresses)
    if is_same_audience(chosen, earlier, mail.addresses):
        return True
    addresses = [str(receiver.get("email") or "") for receiver in keeping.listed(details.get("receivers"))]
    return chosen is None and is_same_audience(None, addresses, mail.addresses)


def _explained(operation: Operation, mails: list[Mail]) -> set[int]:
    """Return the ids of mails that the portal's other sends of the proposal account for, one for each send."""
    others = Operation.objects.filter(
        connection_id=operation.connection_id,
        target=operation.target,
        remote_id=operation.remote_id,
        verb=Verb.SEND,
        state=Operation.State.DONE,
        sent_at__range=(moment_of(operation) - 2 * NEARBY, moment_of(operation) + 2 * NEARBY),
    ).exclude(pk=operation.pk)
    by_mail = [other for other in others.order_by("sent_at", "pk") if other.draft.get("send_method") != SELF]
    taken = {other.evidence["email"] for other in by_mail if other.evidence.get("email")}
    for other in by_mail:
        if other.evidence.get("email"):
            continue
        free = (mail for mail in mails if mail.remote_id not in taken and _may_be(other, mail))
        taken |= {mail.remote_id for mail in list(free)[:1]}
    return taken


def _may_be(other: Operation, mail: Mail) -> bool:
    """Return whether a send that was answered may have made this mail."""
    message = str(other.draft.get("send_message") or "")
    is_alike = not message or is_same_message(message, mail.message)
    return is_alike and mail.sent_at is not None and may_come_from(other, mail.sent_at, TOLERANCE, LATEST)


def _has_left_draft(operation: Operation, details: Json) -> bool:
    return operation.evidence.get("status") == DRAFT and details.get("status") not in (DRAFT, None, "")


def _examine_links(operation: Operation, details: Json) -> Findings:
    """Return findings for a send by oneself, from what is new in its history since the look before it."""
    before, now = operation.evidence.get("signs"), count_signs(details)
    if before is None or now is None:
        return Findings(reason=WriteReason.NOT_SHOWN(), is_told=now is not None)
    itself = Candidate(operation.remote_id or 0, operation.label, details, is_exact=True)
    new = Counter(now) - Counter(before)
    sender = fold(operation.evidence.get("sent_by") or "")
    ours = {sign: number for sign, number in new.items() if _may_be_ours(sign, sender)}
    by_others = new.keys() - ours.keys()
    by_oneself = sum(number for sign, number in ours.items() if sign.startswith(f"{Code.SENT_BY_ONESELF}|"))
    mails, known = details.get("emails"), operation.known_ids
    may_have_new_mail = not tells_mails(mails, known) or any(read_id(mail) not in known for mail in mails)
    was_moved = _has_left_draft(operation, details) and not by_others and not may_have_new_mail
    if (by_oneself == 1 and (sender or not by_others)) or (by_oneself == 0 and was_moved):
        return Findings([itself], found=itself)
    is_untouched = operation.evidence.get("status") == DRAFT == details.get("status") and not new
    version, version_now = operation.evidence.get("version_id"), details.get("version_id")
    if is_untouched and (version is None or version_now is None or version == version_now):
        return Findings()
    return Findings(reason=WriteReason.NOT_SHOWN())


def _may_be_ours(sign: str, sender: str) -> bool:
    code, _bar, person = sign.partition("|")
    return code in OURS and (not sender or not person or person == sender)
