"""Processes webhook bodies from files, as if Offorte had just posted them."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.webhooks import draining, replaying
from offorte_portal.webhooks.models import WebhookEvent

STATE = WebhookEvent.State


class Command(BaseCommand):
    help = "Process the body of a webhook from each file, even if it was received before. Exits with 1 if any failed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help="the body of a webhook as Offorte sends it"
        )
        parser.add_argument("--account", help="the account that the webhook belongs to; required if there are several")

    def handle(self, *args: Any, files: list[Path], account: str | None, **options: Any) -> None:
        """Store the bodies, process them at once and print the result of each. Exits with 1 if any failed.

        Raises CommandError where it is not plain which account it is, or where a file can't be read.
        """
        connections = list(Connection.objects.filter(account=account) if account else Connection.objects.all())
        if len(connections) != 1:
            names = ", ".join(Connection.objects.values_list("account", flat=True)) or "none"
            raise CommandError(f"Choose an account with --account. Available: {names}.")
        connection = connections[0]
        try:
            bodies = [path.read_bytes() for path in files]
        except OSError as error:
            raise CommandError(str(error)) from None
        events = [replaying.replay_body(connection.pk, body) for body in bodies]
        draining.drain(connection.pk, settle=0)
        failures = 0
        for path, event in zip(files, events, strict=True):
            event.refresh_from_db()
            failures += event.state == STATE.FAILED or bool(event.error)
            note = put_into_words(event.error).strip().splitlines()[-1] if event.error else put_into_words(event.result)
            self.stdout.write(f"{path}: {event.name or 'event'} #{event.pk}: {event.get_state_display()}. {note}")
        if failures:
            sys.exit(1)
