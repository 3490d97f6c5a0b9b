"""The bulk actions that bring quotes, customers and products of other systems to Offorte, for the pages of jobs."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from offorte_portal.jobs.action import Action, Choice, Skip, Step
from offorte_portal.jobs.registry import register
from offorte_portal.other_systems.models import ImportedQuote
from offorte_portal.other_systems.moving.action import MOVE
from offorte_portal.writes.models import Operation


class CopyQuotes(Action[Any]):
    """Copy quotes to Offorte. All operations exist when the job starts (`other_systems/copying.py`)."""

    name = "quotes.copy"
    label = _("Copy to Offorte")
    permission = "other_systems.copy_importedquote"
    model = ImportedQuote  # not mirrored: its list leads to a page of its own (`other_systems/pages/copying.py`)
    target = "proposals"
    creates = "proposals"
    companions = ("companies", "people")
    verb = Operation.Verb.CREATE
    is_mirrored = False
    is_chained = True

    def plan(self, rows: Sequence[Any], choice: Choice) -> Iterator[Step | Skip]:
        """Return no steps, for the job is planned before it starts."""
        return iter(())


COPY = CopyQuotes()

register(COPY, position=80)
register(MOVE, position=90)
