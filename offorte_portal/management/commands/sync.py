"""Runs one sync of an account in the foreground."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from offorte_portal.connections.models import Connection
from offorte_portal.mirror.registry import LISTED
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.sync import runs as sync_run
from offorte_portal.sync import work
from offorte_portal.sync.models import SyncRun
from offorte_portal.sync.progress import estimate


class Command(BaseCommand):
    help = "Sync an Offorte account now, with a progress bar. Exits with 1 when anything failed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("account", help="the account's name, its part of the address before .offorte.com")
        parser.add_argument("--only", nargs="+", choices=names(), default=[], metavar="NAME", help=", ".join(names()))

    def handle(self, *args: Any, account: str, only: list[str], **options: Any) -> None:
        """Run the sync and print its results. Exits with 1 unless all chosen resources were read completely."""
        connection = Connection.objects.filter(account=account).first()
        if connection is None:
            raise CommandError(f"There is no account '{account}'. See: python manage.py connect_account --help")
        run = sync_run.request(connection, trigger=SyncRun.Trigger.COMMAND, only=only, is_queued=False)
        with tqdm(unit=" requests", disable=not sys.stderr.isatty()) as bar:
            run = work.sync_now(run, report=lambda current: show(bar, current))
        # The figures of each resource, up to 20 warnings, held removals and the state of the run.
        for name, figures in run.progress.items():
            parts = [f"{figures.get(key, 0)} {key}" for key in ("items", "new", "changed", "removed", "requests")]
            self.stdout.write(f"{name:20} {', '.join(parts)}")
        for warning in run.warnings.all()[:20]:
            self.stdout.write(
                f"warning: {warning.resource} {warning.remote_id or ''}: {put_into_words(warning.reason)}"
            )
        for name, count in run.held_removals.items():
            self.stdout.write(
                f"held back: {count} {name} are missing at Offorte; check the sync's page before removing them"
            )
        self.stdout.write(f"{run.get_state_display()}{': ' + put_into_words(run.reason) if run.reason else ''}")
        chosen = only or names()
        if run.state != SyncRun.State.DONE or not all(run.progress.get(name, {}).get("is_complete") for name in chosen):
            sys.exit(1)


def names() -> list[str]:
    """Return the names of the resources that can be synced."""
    return [resource.name for resource in LISTED]


def show(bar: "tqdm[Any]", run: SyncRun) -> None:
    """Update the progress bar from the run; its total stays unknown until it can be estimated."""
    figures = estimate(run)
    bar.total = None if figures.left is None else figures.made + figures.left
    bar.n = figures.made
    bar.set_description(run.checkpoint.get("resource") or run.checkpoint.get("stage", "starting"))
    bar.refresh()
