"""What Offorte holds of a proposal, for the person who decides whether it was sent."""

from dataclasses import dataclass

from offorte_portal.adminkit.timeline import Event, merge_events
from offorte_portal.writes.findings import Findings
from offorte_portal.writes.models import Operation
from proposals.models import Proposal, SentEmail

MOST_SHOWN = 10


@dataclass(frozen=True)
class HeldMail:
    """A mail that Offorte holds; `is_new` if it may be the requested one, `is_exact` if it fits in every way."""

    mail: SentEmail
    to: list[str]
    is_new: bool
    is_exact: bool


@dataclass(frozen=True)
class Held:
    """What Offorte holds of the proposal; `mails` is None if it gave none."""

    status: str
    mails: list[HeldMail] | None
    events: list[Event]
    is_mailed: bool


def read_held(operation: Operation, findings: Findings) -> Held:
    """Return what the mirror holds right after Offorte was looked at, in five queries."""
    row = Proposal.objects.filter(connection_id=operation.connection_id, remote_id=operation.remote_id or 0).first()
    is_mailed = operation.draft.get("send_method") != "self"
    if row is None:
        return Held("", None, [], is_mailed)
    new = {candidate.remote_id: candidate.is_exact for candidate in findings.candidates}
    mails = [
        HeldMail(mail, _names(mail), mail.remote_id in new and is_mailed, new.get(mail.remote_id, False) and is_mailed)
        for mail in row.emails.order_by("-sent_at", "-remote_id")[:MOST_SHOWN]
    ]
    events = merge_events(row.log_entries.all(), [], [])
    is_told = findings.is_told or not is_mailed
    return Held(row.get_status_display() or row.status, mails if is_told else None, events[:MOST_SHOWN], is_mailed)


def _names(mail: SentEmail) -> list[str]:
    names = []
    for receiver in mail.receivers:
        if isinstance(receiver, dict):
            fullname, email = str(receiver.get("fullname") or ""), str(receiver.get("email") or "")
            names.append(f"{fullname} <{email}>" if fullname and email else fullname or email)
    return [name for name in names if name]
