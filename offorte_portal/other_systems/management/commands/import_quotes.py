"""Runs one import of quotes of another system in the foreground."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from offorte_portal.other_systems import runs, work
from offorte_portal.other_systems.models import QuoteImport, Source
from offorte_portal.runs.reasons import put_into_words


class Command(BaseCommand):
    help = "Import the quotes of another system: LABEL is what its connection is called."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("label")
        parser.add_argument("--everything", action="store_true", help="not only what has changed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the import and print its figures. Raises CommandError where it failed or there is no connection."""
        source = Source.objects.filter(label=options["label"]).first()
        if source is None:
            known = ", ".join(Source.objects.values_list("label", flat=True)) or "none"
            raise CommandError(f"There is no connection {options['label']!r}. There are: {known}.")
        run = runs.request(
            source, trigger=QuoteImport.Trigger.COMMAND, everything=options["everything"], is_queued=False
        )
        run = work.import_now(run, is_patient=True)
        figures = ", ".join(f"{number} {name}" for name, number in run.figures.items())
        self.stdout.write(f"{source}: {figures or 'nothing was read'}.")
        for problem in run.problems:
            self.stdout.write(put_into_words(problem))
        if run.state != QuoteImport.State.DONE:
            raise CommandError(f"The import ended early: {put_into_words(run.reason) or run.get_state_display()}")
