"""What an Offorte account has already, indexed by what customers and products are recognised by."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from catalog.models import Product, ProductDirectory, VatGroup
from contacts.models import Person
from offorte_portal.connections.models import Connection
from offorte_portal.other_systems.deciding import CERTAIN
from offorte_portal.other_systems.marks import identify
from offorte_portal.other_systems.matching import LEAST, rank, read_directory
from offorte_portal.other_systems.models import MovedItem, PartyMatch, Source
from offorte_portal.text.keys import match_key


@dataclass(frozen=True, slots=True)
class Existing:
    """Something in Offorte that an item is, or may be if it is not certain; `evidence` names the marks that agree."""

    remote_id: int
    name: str
    evidence: tuple[str, ...]
    is_certain: bool = True


@dataclass
class Known:
    """The rows of one account's mirror. Companies are recognised as those of quotes are (`matching.py`)."""

    connection: Connection
    # By company: id, name and e-mail address of each.
    people: dict[int, list[tuple[int, str, str]]] = field(default_factory=lambda: defaultdict(list))
    directories: dict[str, Existing] = field(default_factory=dict)
    by_sku: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_name: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    vat_groups: dict[Decimal, list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        account = {"connection": self.connection}
        self._companies = read_directory(Source(target=self.connection), PartyMatch.Kind.COMPANY)
        people = Person.objects.present().filter(**account, company_remote_id__isnull=False)
        for company_id, remote_id, name, email in people.values_list(
            "company_remote_id", "remote_id", "fullname", "email"
        ):
            if company_id is not None:
                self.people[company_id].append((remote_id, name, email))
        for remote_id, name in ProductDirectory.objects.present().filter(**account).values_list("remote_id", "name"):
            self.directories.setdefault(match_key(name), Existing(remote_id, name, ("name",)))
        columns = ("remote_id", "name", "sku", "directory_remote_id")
        for row in Product.objects.present().filter(**account).order_by("remote_id").values(*columns):
            if sku := (row["sku"] or "").strip().casefold():
                self.by_sku.setdefault(sku, row)
            self.by_name[match_key(row["name"])].append(row)
        for remote_id, rate in VatGroup.objects.present().filter(**account).values_list("remote_id", "vat"):
            if rate is not None:
                self.vat_groups[rate.normalize()].append(remote_id)

    def company(self, item: MovedItem) -> Existing | None:
        """Return the company that an item is or may be.

        It is certain by a VAT or chamber of commerce number, or by a name that nothing contradicts and that one company
        has.
        """
        ranked = rank(PartyMatch(kind=PartyMatch.Kind.COMPANY, name=item.name, details=item.values), self._companies)
        likely = [each for each in ranked if each[1] >= LEAST or "name" in each[2]]
        if not likely:
            return None
        pk, confidence, evidence = likely[0]
        is_only = len(likely) == 1 or likely[1][1] < confidence
        is_certain = confidence >= CERTAIN or ("name" in evidence and confidence >= LEAST)
        row = self._companies.rows[pk]
        return Existing(row["remote_id"], row["name"], tuple(evidence), is_certain and is_only)

    def person(self, item: MovedItem, company_id: int) -> Existing | None:
        """Return the person at a company with the same name and e-mail address; with one of them it is not certain.

        An address that colleagues share says nothing of who they are.
        """
        name, email = identify(item.name, item.values.get("email", ""))
        found: Existing | None = None
        for remote_id, fullname, address in self.people.get(company_id, ()):
            theirs = identify(fullname, address)
            if theirs == (name, email):
                return Existing(remote_id, fullname, ("fullname", "email"))
            if theirs[0] == name:
                found = found or Existing(remote_id, fullname, ("fullname",), is_certain=False)
        return found

    def directory(self, item: MovedItem) -> Existing | None:
        return self.directories.get(match_key(item.name))

    def product(self, item: MovedItem, directory_id: int | None) -> Existing | None:
        """Return the product with the same SKU, else one of the same name in the directory, if its SKU is not another.

        The same name elsewhere, or with another SKU, is not certain.
        """
        sku = item.values.get("sku", "").strip().casefold()
        if sku and (row := self.by_sku.get(sku)):
            return Existing(row["remote_id"], row["name"], ("sku",))
        found: Existing | None = None
        for row in self.by_name.get(match_key(item.name), ()):
            is_other = bool(sku and row["sku"])
            if row["directory_remote_id"] == directory_id and not is_other:
                return Existing(row["remote_id"], row["name"], ("name",))
            found = found or Existing(row["remote_id"], row["name"], ("name",), is_certain=False)
        return found

    def vat_group(self, rate: str) -> int | None:
        """Return the only VAT group of the account with this rate in percent; None where there is none, or several."""
        groups = self.vat_groups.get(Decimal(rate).normalize(), [])
        return groups[0] if len(groups) == 1 else None
