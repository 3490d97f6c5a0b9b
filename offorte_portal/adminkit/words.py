"""Numbers, durations and people in the reader's words."""

from datetime import timedelta
from typing import Protocol

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils.formats import number_format
from django.utils.translation import gettext as _


def number(value: int) -> str:
    """A number in the reader's notation."""
    return str(number_format(value, use_l10n=True, force_grouping=True))


def count_things(model: type[Model], count: int) -> str:
    """How many of what: "1 proposal", "340 proposals"."""
    meta = model._meta
    return f"{number(count)} {meta.verbose_name if count == 1 else meta.verbose_name_plural}"


def format_duration(duration: timedelta) -> str:
    """A duration of hours and minutes, or minutes and seconds."""
    seconds = max(0, round(duration.total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": seconds} if minutes else f"{seconds} s"


class Asked(Protocol):
    """What somebody has asked for."""

    requested_by_name: str

    @property
    def requested_by(self) -> User | None: ...


# The columns that `starter` reads.
STARTER = ("requested_by_name", "requested_by__first_name", "requested_by__last_name", "requested_by__username")


def starter(thing: Asked) -> str:
    """Who asked for it; the name stays when the account goes."""
    user = thing.requested_by
    name = (user.get_full_name() or user.get_username()) if user else ""
    return name or thing.requested_by_name or _("the portal")
