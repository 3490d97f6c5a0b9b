"""The thresholds that an administrator has set."""

from django.core.cache import caches

from offorte_portal.desk.models import DeskSettings

SECONDS = 30
KEY = "desk:thresholds"


def read() -> DeskSettings:
    """The thresholds, at most half a minute old in this process; the defaults where nobody has set any."""
    known: DeskSettings | None = caches["local"].get(KEY)
    if known is None:
        known = DeskSettings.objects.first() or DeskSettings()
        caches["local"].set(KEY, known, SECONDS)
    return known


def forget() -> None:
    """Have them read anew, here at once and within half a minute in other processes."""
    caches["local"].delete(KEY)
