"""One of many proposals, as the reference takes it."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from offorte_portal.compose.document import Table
from offorte_portal.compose.mapping import to_content

Json = dict[str, Any]


@dataclass(kw_only=True)
class NewProposal:
    """A proposal to create. `company` and `contacts` are Offorte's ids, or references to ids that don't exist yet."""

    name: str
    company: Any
    contacts: list[Any] = field(default_factory=list)
    chosen: dict[str, int] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)

    def draft(self) -> Json:
        """Return the body of the request; choices that nobody made are left to Offorte."""
        asked: Json = {"name": self.name, "company_id": self.company, **self.chosen}
        if self.contacts:
            asked["company_contacts"] = list(self.contacts)
        if tables := [table for table in self.tables if table.rows]:
            asked["content"] = to_content(tables)
        return asked

    @property
    def value(self) -> Decimal:
        """The total of its rows without VAT."""
        return sum((table.totals().net for table in self.tables), Decimal(0))
