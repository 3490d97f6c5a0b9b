import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth.handshake import callback_url
from offorte_portal.staff import security_log


class Command(BaseCommand):
    help = "Set up an Offorte account, or change its credentials, and print where an administrator connects it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="the part before .offorte.com in the account's address")
        parser.add_argument("--client-id", required=True, help="client ID of the app in Offorte's settings")
        parser.add_argument(
            "--client-secret-stdin",
            action="store_true",
            required=True,
            help="read the client secret from standard input, so that it doesn't show in process lists",
        )
        parser.add_argument("--label", default="", help="the name that staff see")

    def handle(self, *args: Any, **options: Any) -> None:
        secret = sys.stdin.readline().strip()
        if not secret:
            raise CommandError("There is no client secret on standard input.")
        connection = Connection.objects.filter(account=options["account"]).first()
        connection = connection or Connection(account=options["account"])
        connection.client_id = options["client_id"]
        connection.client_secret = secret
        connection.label = options["label"] or connection.label
        try:
            connection.clean_fields()
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        is_new = connection.pk is None
        # Of an existing account, only what was given is saved: its tokens may be renewed at this moment.
        connection.save(update_fields=["client_id", "client_secret", "label"] if connection.pk else None)
        kind = security_log.Kind.ACCOUNT_ADDED if is_new else security_log.Kind.SECRET_CHANGED
        security_log.record(kind, connection=connection, via="connect_account")
        self.stdout.write(f"Callback URL to register in Offorte: {callback_url(connection)}")
        self.stdout.write("An administrator of the portal connects the account here:")
        self.stdout.write(settings.PORTAL_URL + reverse("offorte_login", args=[connection.account]))
