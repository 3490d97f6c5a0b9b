"""The unique ids of price tables that an account is known to have, by proposal template.

Offorte has no request for the price tables of a template. They are known from proposals that the portal created with
it, and from those that were refused.
"""

from dataclasses import dataclass

from django.db.models import QuerySet

from offorte_portal.compose.sources import suggest_ids
from offorte_portal.connections.models import Connection
from offorte_portal.writes.models import Operation
from proposals.models import PriceTable, Proposal

# The unique id that Offorte's own documentation uses.
USUAL = "pricetable1"
# The number of latest proposals of a template that are looked at.
LATEST = 200


@dataclass(frozen=True)
class KnownTables:
    """The unique ids of a template (none: not known), of the account's proposals, and those that were refused."""

    of_template: tuple[str, ...]
    of_account: tuple[str, ...]
    refused: frozenset[str]

    @property
    def offered(self) -> list[str]:
        """Return the ids to choose from, the likeliest first."""
        if self.of_template:
            return list(self.of_template)
        return [key for key in self.of_account if key not in self.refused]

    @property
    def usual(self) -> str:
        """Return the id that a form begins with."""
        return next(iter(self.offered), USUAL)

    def is_refused(self, key: str) -> bool:
        """Return whether Offorte has refused this id for the template, and not taken it since."""
        return key in self.refused and key not in self.of_template

    def is_missing(self, key: str) -> bool:
        """Return whether the template is known to have other price tables only."""
        return bool(self.of_template) and key not in self.of_template


def find_tables(connection: Connection, template_id: int | None) -> KnownTables:
    """Return what is known of the price tables of a proposal template, or of proposals without one."""
    asked = created_with(connection, template_id)
    made = list(asked.filter(state=Operation.State.DONE).values_list("remote_id", flat=True)[:LATEST])
    proposals = Proposal.objects.filter(connection=connection, remote_id__in=[one for one in made if one])
    keys = list(PriceTable.objects.filter(proposal__in=proposals).exclude(key="").values_list("key", flat=True))
    of_template = sorted(set(keys), key=lambda key: (-keys.count(key), key))
    rejected = asked.filter(state=Operation.State.REJECTED)[:LATEST]
    refused = frozenset(key for operation in rejected for key in refused_tables(operation))
    return KnownTables(tuple(of_template), tuple(suggest_ids(connection)), refused)


def created_with(connection: Connection, template_id: int | None) -> QuerySet[Operation]:
    """Return the operations that create proposals with this template, or without any, the latest first."""
    asked = Operation.objects.filter(connection=connection, target="proposals", verb=Operation.Verb.CREATE)
    if template_id is None:
        return asked.filter(draft__proposal_template_id__isnull=True).order_by("-pk")
    return asked.filter(draft__proposal_template_id=template_id).order_by("-pk")


def refused_tables(operation: Operation) -> list[str]:
    """Return the ids that Offorte refused: its reasons name the place in the draft, `content.pricetables.0.id`."""
    content = operation.draft.get("content") or {}
    tables = [str(table.get("id", "")) for table in content.get("pricetables", [])]
    places = [f"content.pricetables.{number}.id" for number in range(len(tables))]
    return [table for table, place in zip(tables, places, strict=True) if place in operation.field_errors]
