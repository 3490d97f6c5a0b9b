"""Reading an account into the mirror.

A run goes through three stages: `lists`, so that everything can be browsed within minutes; `absences`, what a complete
generation of lists no longer held; `details`, newest first, of the proposals that changed. `run` starts and ends runs,
`work` advances them a slice at a time, whichever process is at hand.
"""

from offorte_portal.sync.run import allow_removals, cancel, keep_held, request, request_due, resume_stranded
from offorte_portal.sync.work import advance, sync_now

__all__ = ["advance", "allow_removals", "cancel", "keep_held", "request", "request_due", "resume_stranded", "sync_now"]
