"""The owners and templates that a row of a file names."""

from collections import defaultdict
from typing import Any

from django.contrib.auth.models import User

from offorte_portal.compose.many.entries import LABELS, Entry
from offorte_portal.compose.many.recipe import OWNER, TEMPLATE, name_owner, settle_owner
from offorte_portal.compose.many.terms import Terms
from offorte_portal.compose.reasons import ManyReason
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import Mirrored
from offorte_portal.staff.access import REASSIGN
from offorte_portal.text.keys import match_key
from proposals.models import AccountUser, DesignTemplate, ProposalTemplate, TextTemplate

# The field of the file, the model of the row that it names, and the reference's parameter.
NAMED: tuple[tuple[str, type[Mirrored], str], ...] = (
    ("owner", AccountUser, OWNER),
    ("proposal_template", ProposalTemplate, TEMPLATE),
    ("design_template", DesignTemplate, "design_template_id"),
    ("text_template", TextTemplate, "text_template_id"),
)


class Choices:
    """All rows of an account that can be named, read once."""

    def __init__(self, connection: Connection, by: User, terms: Terms) -> None:
        self.connection, self.by, self.terms = connection, by, terms
        # By folded name, users also by e-mail address: each row's id at Offorte and its name.
        self.known: dict[str, dict[str, dict[int, str]]] = {}
        for field, model, _parameter in NAMED:
            named = self.known[field] = defaultdict(dict)
            rows: Any = model._default_manager.filter(connection=connection, removed_at__isnull=True, is_hidden=False)
            for row in rows.defer("payload"):
                for text in {str(row), getattr(row, "email", "")} - {""}:
                    named[match_key(text)][row.remote_id] = str(row)
        self.may_choose = by.has_perm(REASSIGN)
        self.owners: dict[tuple[int, int], str] = {}
        self.own = settle_owner(terms.recipe, connection.pk, by, {})

    def settle(self, entry: Entry) -> None:
        """Set the entry's templates and owner; a name that doesn't exist is a problem."""
        entry.chosen = {key: value for key, value in self.terms.recipe.chosen.items() if key != OWNER}
        if self.own is not None:
            entry.chosen[OWNER] = self.own
            entry.names["owner"] = name_owner(self.connection.pk, self.own, self.owners)
        for field, _model, parameter in NAMED:
            if field in entry.values:
                self._choose(entry, field, parameter)

    def _choose(self, entry: Entry, field: str, parameter: str) -> None:
        value = entry.values[field]
        found = self.known[field].get(match_key(value), {})
        if not found:
            entry.fail(ManyReason.NO_SUCH(field=LABELS[field], name=value))
        elif len(found) > 1:
            entry.fail(ManyReason.SEVERAL_SUCH(field=LABELS[field], name=value))
        else:
            ((remote_id, name),) = found.items()
            if parameter == OWNER and not self.may_choose and remote_id != self.own:
                entry.fail(ManyReason.OWN_NAME_ONLY())
                return
            entry.chosen[parameter] = remote_id
            entry.names[{OWNER: "owner", TEMPLATE: "template"}.get(parameter, field)] = name
