"""Numbers, durations and people as text in the reader's language."""

from datetime import timedelta
from decimal import Decimal
from typing import Protocol

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils.formats import number_format
from django.utils.translation import gettext as _


def number(value: int) -> str:
    """Write a number in the reader's notation."""
    return str(number_format(value, use_l10n=True, force_grouping=True))


def short_number(value: Decimal) -> str:
    """Write a number for an axis or a narrow place: "950", "1.5k", "20k", "3M"."""
    for size, text in ((1_000_000, _("%(number)sM")), (1_000, _("%(number)sk"))):
        if abs(value) >= size:
            return text % {"number": _shorten(value / size)}
    return _shorten(value)


def _shorten(value: Decimal) -> str:
    """Write a number with one decimal where that says more."""
    rounded = round(value, 0 if abs(value) >= 100 or value == int(value) else 1)
    return str(number_format(rounded.normalize() + 0, use_l10n=True, force_grouping=True))


def count_things(model: type[Model], count: int) -> str:
    """Write how many records there are: "1 proposal", "340 proposals"."""
    meta = model._meta
    return f"{number(count)} {meta.verbose_name if count == 1 else meta.verbose_name_plural}"


def format_duration(duration: timedelta) -> str:
    """Write a duration in hours and minutes, in minutes and seconds, or in seconds."""
    seconds = max(0, round(duration.total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": seconds} if minutes else f"{seconds} s"


class Asked(Protocol):
    """A row that somebody asked for."""

    requested_by_name: str

    @property
    def requested_by(self) -> User | None: ...


# The columns that `starter` needs.
STARTER = (
    "requested_by_name",
    *(f"requested_by__{column}" for column in ("first_name", "last_name", "email", "username")),
)


def starter(thing: Asked) -> str:
    """Return the name of the person who asked for it, which stays when their account is deleted."""
    return str(thing.requested_by or thing.requested_by_name or _("the portal"))
