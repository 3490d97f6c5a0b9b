"""What a person sees who decides whether a proposal was sent: what Offorte holds of it, in words."""

from dataclasses import dataclass

from offorte_portal.adminkit.timeline import Event, merge_events
from offorte_portal.writes.findings import Findings
from offorte_portal.writes.models import Operation
from proposals.models import Proposal, SentEmail

MOST_SHOWN = 10


@dataclass(frozen=True)
class HeldMail:
    """A mail that Offorte holds; `is_new` if it may be the one that was asked for, `is_exact` if it is in all ways."""

    mail: SentEmail
    to: list[str]
    is_new: bool
    is_exact: bool


@dataclass(frozen=True)
class Held:
    """What Offorte holds of the proposal; `mails` is None where it did not say."""

    status: str
    mails: list[HeldMail] | None
    events: list[Event]
    is_mailed: bool


def read_held(operation: Operation, findings: Findings) -> Held:
    """What the mirror holds right after Offorte was looked at. Five queries."""
    row = Proposal.objects.filter(connection_id=operation.connection_id, remote_id=operation.remote_id or 0).first()
    is_mailed = operation.draft.get("send_method") != "self"
    if row is None:
        return Held("", None, [], is_mailed)
    new = {one.remote_id: one.is_exact for one in findings.candidates}
    mails = [
        HeldMail(mail, _names(mail), mail.remote_id in new and is_mailed, new.get(mail.remote_id, False) and is_mailed)
        for mail in row.emails.order_by("-sent_at", "-remote_id")[:MOST_SHOWN]
    ]
    events = merge_events(row.log_entries.all(), [], [])
    told = findings.is_told or not is_mailed
    return Held(row.get_status_display() or row.status, mails if told else None, events[:MOST_SHOWN], is_mailed)


def _names(mail: SentEmail) -> list[str]:
    names = []
    for one in mail.receivers:
        if isinstance(one, dict):
            fullname, email = str(one.get("fullname") or ""), str(one.get("email") or "")
            names.append(f"{fullname} <{email}>" if fullname and email else fullname or email)
    return [name for name in names if name]
