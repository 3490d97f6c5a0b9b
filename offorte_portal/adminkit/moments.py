"""Relative times, by the portal's clock."""

from datetime import datetime

from django.contrib.humanize.templatetags import humanize

from offorte_portal import ports


def naturaltime(moment: datetime) -> str:
    """Return "3 minutes ago", as Django's filter does, by the portal's clock; Django's asks the machine's."""
    moment += ports.Clock().now() - ports.now()
    return str(humanize.naturaltime(moment))  # noqa: TID251 - the moment is shifted to the machine's clock
