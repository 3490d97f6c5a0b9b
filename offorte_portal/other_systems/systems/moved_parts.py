"""Parts of customers and products that the movers of several systems share."""

from collections.abc import Iterable
from typing import NamedTuple

from offorte_portal.other_systems.move_reasons import AddressKind, MoveWarning
from offorte_portal.other_systems.systems.answers import Raw
from offorte_portal.other_systems.systems.reading import children, text
from offorte_portal.text.reason import Reason


class Address(NamedTuple):
    """One of a company's addresses."""

    kind: AddressKind
    street: str
    zipcode: str
    city: str
    country: str

    @property
    def lines(self) -> tuple[str, str, str]:
        """What two addresses differ in, if they do."""
        return self.street, self.zipcode, self.city

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.street, f"{self.zipcode} {self.city}".strip(), self.country)))


def choose_address(addresses: Iterable[Address]) -> tuple[dict[str, str], list[Reason]]:
    """Return the first address that is filled in, as Offorte's parameters, and a warning that names the others."""
    filled = [address for address in addresses if any(address.lines)]
    if not filled:
        return {}, []
    used = filled[0]
    others: dict[tuple[str, str, str], Address] = {}
    for address in filled[1:]:
        if address.lines != used.lines:
            others.setdefault(address.lines, address)
    values = filled_in(street=used.street, zipcode=used.zipcode, city=used.city, country=used.country)
    if not others:
        return values, []
    named: Reason | None = None
    for other in reversed(others.values()):
        listed = AddressKind.LISTED(kind=Reason(other.kind.value), text=str(other)[:200])
        named = listed if named is None else AddressKind.SEVERAL(first=listed, rest=named)
    return values, [MoveWarning.ADDRESS_USED(used=Reason(used.kind.value), left=named or "")]


def filled_in(**values: str) -> dict[str, str]:
    """Return the values that are not empty."""
    return {name: value for name, value in values.items() if value}


def left_out(code: MoveWarning, value: str) -> list[Reason]:
    """Return the warning that a value has no place in Offorte; none for an empty value."""
    return [code(value=value[:200])] if value else []


def names_of(raw: Raw, name: str) -> str:
    """Return the names of a list of related objects, with commas between them."""
    return ", ".join(filter(None, (text(entry, "name") for entry in children(raw, name))))
