"""Removes what is kept for a while only."""

from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from offorte_portal.services.exports import retention as export_retention
from offorte_portal.services.uploads import storing
from offorte_portal.services.webhooks import retention
from offorte_portal.staff.services import retention as security_retention
from offorte_portal.staff.services import sessions


class Command(BaseCommand):
    help = (
        "Remove webhook events that were settled long ago, files of exports, old entries of the security log and "
        "sessions that have ended. The worker does so by itself."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the age."""
        text = f"keep what came within so many days (default {retention.KEPT_DAYS})"
        parser.add_argument("--days", type=whole_days, default=retention.KEPT_DAYS, help=text)

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        """Remove, and say how much."""
        self.stdout.write(f"Removed {retention.drop_old(days)} webhook events.")
        self.stdout.write(f"Removed {storing.drop_old(days)} uploaded files.")
        self.stdout.write(f"Removed {export_retention.drop_old()} files of exports.")
        self.stdout.write(f"Removed {security_retention.drop_old()} entries of the security log.")
        self.stdout.write(f"Removed {sessions.drop_expired()} sessions that have ended.")


def whole_days(text: str) -> int:
    """A number of days, at least one: an event that came today may be needed to tell old news from new."""
    if not text.isdecimal() or not 1 <= int(text) <= 36_500:
        raise ArgumentTypeError("a whole number of days, at least 1")
    return int(text)
