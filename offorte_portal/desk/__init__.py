"""What the desk shows: what needs attention, how hot proposals are, what they add up to, what to come back to.

Pages read what `standings` and `rollups` keep; both are worked out again by `sweep`, once a minute, and at once for a
proposal whose details were read.
"""

from offorte_portal.desk.digest import mail_due
from offorte_portal.desk.rules import apply_rules
from offorte_portal.desk.standings import refresh
from offorte_portal.desk.sweeping import sweep

__all__ = ["follow_up", "refresh", "sweep"]


def follow_up() -> None:
    """Make the follow-ups that rules ask for, then mail people what is due."""
    apply_rules()
    mail_due()
