"""Quotes of other systems: what the pages of jobs call making them anew."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from offorte_portal.jobs.action import Action, Choice, Skip, Step
from offorte_portal.models import ImportedQuote, Operation


class Recreate(Action[Any]):
    """Make quotes anew in Offorte. All operations are there when it starts (`services/quotes/recreating.py`)."""

    name = "quotes.recreate"
    label = _("Recreate quotes in Offorte")
    permission = "offorte_portal.recreate_importedquote"
    model = ImportedQuote  # no mirrored thing: its list leads to a page of its own (`views/recreate.py`)
    target = "proposals"
    verb = Operation.Verb.CREATE
    is_undoable = False

    def plan(self, rows: Sequence[Any], choice: Choice) -> Iterator[Step | Skip]:
        """Nothing is left to be planned."""
        return iter(())


RECREATE = Recreate()
