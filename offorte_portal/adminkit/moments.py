"""Relative times, by the portal's clock."""

from datetime import datetime, timedelta

from django.contrib.humanize.templatetags import humanize
from django.utils.translation import gettext as _

from offorte_portal import ports

JUST_NOW = timedelta(minutes=1)


def naturaltime(moment: datetime) -> str:
    """Return "3 minutes ago", as Django's filter does, by the portal's clock; Django's asks the machine's.

    The past minute is "just now": in "Synced now" and "edited 3 seconds ago" the seconds are noise.
    """
    now = ports.now()
    if timedelta(0) <= now - moment < JUST_NOW:
        return _("just now")
    moment += ports.Clock().now() - now
    return str(humanize.naturaltime(moment))  # noqa: TID251 - the moment is shifted to the machine's clock
