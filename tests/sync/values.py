"""Moments and amounts in the form in which the mirror and the simulator are compared."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def minute(moment: datetime | None) -> datetime | None:
    """A moment on the clock in Amsterdam, without its seconds.

    Offorte prints no zone: in the hour that comes twice in October two moments look the same.
    """
    return moment.astimezone(AMSTERDAM).replace(tzinfo=None, fold=0, second=0, microsecond=0) if moment else None


def second(moment: datetime | None) -> datetime | None:
    """A moment on the clock in Amsterdam, without its microseconds."""
    return moment.astimezone(AMSTERDAM).replace(tzinfo=None, fold=0, microsecond=0) if moment else None


def money(value: Any) -> Decimal | None:
    """An amount as the mirror keeps it."""
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.0001"))
