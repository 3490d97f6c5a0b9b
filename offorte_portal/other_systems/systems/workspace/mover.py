"""Interprets Workspace's list of contacts, which are companies. It has no list of products that anybody documents."""

from offorte_portal.other_systems.move_reasons import AddressKind, MoveReason, MoveWarning
from offorte_portal.other_systems.systems.answers import Raw
from offorte_portal.other_systems.systems.moved import Moved, Mover, Names
from offorte_portal.other_systems.systems.moved_parts import Address, choose_address, filled_in, left_out
from offorte_portal.other_systems.systems.reading import children, text
from offorte_portal.text.reason import Reason

# The type of a contact (reference: Contacts): 1 is a debtor.
CREDITOR = "2"
ADDRESSES = {"location": AddressKind.VISITING, "invoice": AddressKind.INVOICE}


class WorkspaceMover(Mover):
    """Maps contacts to companies. People below them (SubContact) have no documented fields and are left out."""

    lists = {"contact": "company"}

    def map(self, kind: str, raw: Raw, names: Names) -> Moved | None:
        contact = raw.get("Contact")
        contact = contact if isinstance(contact, dict) else raw
        if text(contact, "trashed") not in {"", "0"}:
            return None
        address, warnings = choose_address(
            Address(kind, *(text(contact, f"{part}_{field}") for field in ("address", "postal", "city", "country")))
            for part, kind in ADDRESSES.items()
        )
        name, number = text(contact, "name"), text(contact, "client_code")
        warnings += left_out(MoveWarning.NUMBER_LEFT_OUT, number)
        warnings += left_out(MoveWarning.GROUPS_LEFT_OUT, text(contact, "group"))
        if children(raw, "SubContact"):
            warnings.append(MoveWarning.PEOPLE_UNREAD())
        obstacle: Reason | None = None
        if not name:
            obstacle = MoveReason.NAMELESS()
        elif text(contact, "type") == CREDITOR:
            obstacle = MoveReason.SUPPLIER()
        plain = {"email": "email", "phone": "phone", "fax": "fax", "internet": "website", "vat_number": "btw",
                 "coc_number": "kvk"}  # fmt: skip
        values = filled_in(name=name, **{ours: text(contact, theirs) for ours, theirs in plain.items()})
        return Moved(
            "company",
            text(contact, "id"),
            name,
            values=values | address,
            facts=filled_in(number=number),
            warnings=tuple(warnings),
            obstacle=obstacle,
        )
