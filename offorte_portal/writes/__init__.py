"""Writing to Offorte: what a person asks for becomes an `Operation`, goes out once, and is settled whatever happens.

`asking` makes the row, `claims` sees to it that one process sends it and in the right order, `sending` sends it and
`keeping` shows what was written. Who sends is either the person's own request (`performing`) or the worker
(`draining`). An answer that was lost is looked for (`candidates`, `evidence`, `sent_mails`, `settling`). `targets` says
what can be written.
"""

from offorte_portal.writes.asking import compose, request
from offorte_portal.writes.control import cancel, pending_for, restart, retry
from offorte_portal.writes.draining import drain, recover, sweep
from offorte_portal.writes.evidence import chosen_contacts
from offorte_portal.writes.findings import Candidate, Findings
from offorte_portal.writes.performing import perform
from offorte_portal.writes.queue import enqueue
from offorte_portal.writes.settling import decide, look, settle
from offorte_portal.writes.undoing import can_undo, undo

__all__ = [
    "Candidate",
    "Findings",
    "can_undo",
    "cancel",
    "chosen_contacts",
    "compose",
    "decide",
    "drain",
    "enqueue",
    "look",
    "pending_for",
    "perform",
    "recover",
    "request",
    "restart",
    "retry",
    "settle",
    "sweep",
    "undo",
]
