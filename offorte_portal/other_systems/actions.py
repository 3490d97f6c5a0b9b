"""Quotes of other systems: what the pages of jobs call making them anew."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from offorte_portal.jobs.action import Action, Choice, Skip, Step
from offorte_portal.jobs.registry import register
from offorte_portal.other_systems.models import ImportedQuote
from offorte_portal.writes.models import Operation


class Recreate(Action[Any]):
    """Make quotes anew in Offorte. All operations are there when it starts (`other_systems/recreating.py`)."""

    name = "quotes.recreate"
    label = _("Recreate quotes in Offorte")
    permission = "other_systems.recreate_importedquote"
    model = ImportedQuote  # no mirrored thing: its list leads to a page of its own (`other_systems/pages/copying.py`)
    target = "proposals"
    verb = Operation.Verb.CREATE
    is_undoable = False

    def plan(self, rows: Sequence[Any], choice: Choice) -> Iterator[Step | Skip]:
        """Nothing is left to be planned."""
        return iter(())


RECREATE = Recreate()

register(RECREATE, position=80)
