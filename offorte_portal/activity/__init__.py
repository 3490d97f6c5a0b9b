"""What happened to proposals, for the feed, and who is told of it.

Offorte tells of one happening in several ways: an event, a line of the log, a comment, a mail, a status. `collect`
makes entries of what the mirror holds, `note` of an event; both look for the entry that is there before they add one.
"""

from offorte_portal.activity.collection import collect, collect_by_id, collect_missed, note
from offorte_portal.activity.mailing import mail_due
from offorte_portal.activity.retention import drop_old

__all__ = ["collect", "collect_by_id", "collect_missed", "drop_old", "mail_due", "note"]
