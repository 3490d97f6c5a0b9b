"""Removes data that is past its retention, and conceals secrets of webhooks that earlier versions stored."""

from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from offorte_portal.files.exports import retention as export_retention
from offorte_portal.files.imports import storing
from offorte_portal.staff import retention as security_retention
from offorte_portal.staff import sessions
from offorte_portal.waiting import holding
from offorte_portal.webhooks import retention, secrecy


class Command(BaseCommand):
    help = (
        "Remove old webhook events, uploaded files, files of exports, old entries of the security log and "
        "sessions that have ended, as the worker does automatically. Then conceal webhook secrets that an "
        "earlier version stored, and check that none is left."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        text = f"keep what is newer than this number of days (default {retention.KEPT_DAYS})"
        parser.add_argument("--days", type=whole_days, default=retention.KEPT_DAYS, help=text)

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        self.stdout.write(f"Removed {retention.drop_old(days)} webhook events.")
        self.stdout.write(f"Removed {storing.drop_old(days)} uploaded files.")
        self.stdout.write(f"Removed {export_retention.drop_old()} files of exports.")
        self.stdout.write(f"Removed {security_retention.drop_old()} entries of the security log.")
        self.stdout.write(f"Removed {sessions.drop_expired()} sessions that have ended.")
        self.stdout.write(f"Removed {holding.drop_old()} held answers that were never collected.")
        self.conceal_secrets()

    def conceal_secrets(self) -> None:
        """Conceal stored secrets of webhooks, then search for any that is left. Raises CommandError where one is."""
        cleaned = secrecy.clean()
        self.stdout.write(f"Concealed webhook secrets in {cleaned} rows.")
        if cleaned:
            self.stdout.write(
                "Earlier backups still contain them: give each webhook a new secret under Webhook events, or keep "
                "those backups as safe as the database."
            )
        found = secrecy.search()
        where = f"{found.columns} columns of {found.tables} tables"
        if found.found:
            raise CommandError(
                f"A webhook secret is in {', '.join(found.found)}. Give the webhook a new secret under Webhook "
                f"events. Searched {where}."
            )
        self.stdout.write(f"Searched {where} for {found.secrets} webhook secrets: none found in plain text.")


def whole_days(text: str) -> int:
    """Parse a number of days, at least 1: an event of today may be needed to tell old news from new.

    Raises ArgumentTypeError where the text is no such number.
    """
    if not text.isdecimal() or not 1 <= int(text) <= 36_500:
        raise ArgumentTypeError("a whole number of days, at least 1")
    return int(text)
