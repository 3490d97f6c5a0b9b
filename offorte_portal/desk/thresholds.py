"""The thresholds that an administrator has set."""

from django.core.cache import caches

from offorte_portal.desk.models import DeskSettings

SECONDS = 30
KEY = "desk:thresholds"


def read() -> DeskSettings:
    """Return the thresholds, at most half a minute old; the defaults if nobody has set any."""
    known: DeskSettings | None = caches["local"].get(KEY)
    if known is None:
        known = DeskSettings.objects.first() or DeskSettings()
        caches["local"].set(KEY, known, SECONDS)
    return known


def forget() -> None:
    """Read the thresholds again: at once in this process, within half a minute in others."""
    caches["local"].delete(KEY)
