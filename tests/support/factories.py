"""Rows for tests, with what does not matter filled in."""

import itertools
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from catalog.mirror import product_search
from catalog.models import Product, ProductDirectory, VatGroup
from contacts.mirror import company_search, person_search
from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.search_parts import write_search_text
from offorte_portal.staff.models import OfforteUserLink
from proposals.mirror import proposal_search
from proposals.models import AccountUser, DesignTemplate, Proposal

_numbers = itertools.count(1)
# Clear of the ids that the simulator gives out.
_remote_ids = itertools.count(10_000_001)

AS_OF = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def make_connection(account: str = "", **fields: Any) -> Connection:
    """A connected account, synced a moment ago."""
    defaults = {"state": Connection.State.CONNECTED, "synced_at": timezone.now(), "client_id": "id"}
    return Connection.objects.create(account=account or f"account-{next(_numbers)}", **(defaults | fields))


def make_staff(username: str = "", **fields: Any) -> User:
    """A member of staff who may do everything, unless `is_superuser` says otherwise."""
    name = username or f"staff-{next(_numbers)}"
    defaults = {"is_staff": True, "is_superuser": True, "email": f"{name}@example.com"}
    return User.objects.create(username=name, **(defaults | fields))


def _mirrored(connection: Connection | None, fields: dict[str, Any]) -> dict[str, Any]:
    """Fields of any mirrored row: an account, an Offorte id and the moment it was said."""
    account = connection or Connection.objects.first() or make_connection()
    return {"connection": account, "remote_id": next(_remote_ids), "as_of": AS_OF} | fields


def make_company(connection: Connection | None = None, **fields: Any) -> Company:
    """A company, found as the mirror's engine would have it."""
    fields = {"name": "De Vries Bouw", "city": "Breda"} | fields
    fields.setdefault("search_text", write_search_text(company_search(fields)))
    return Company.objects.create(**_mirrored(connection, fields))


def make_person(connection: Connection | None = None, **fields: Any) -> Person:
    """A person, in no company unless one is given."""
    fields = {"fullname": "Sanne de Vries", "email": "sanne@example.com"} | fields
    fields.setdefault("search_text", write_search_text(person_search(fields)))
    return Person.objects.create(**_mirrored(connection, fields))


def make_directory(connection: Connection | None = None, **fields: Any) -> ProductDirectory:
    """A directory of products."""
    return ProductDirectory.objects.create(**_mirrored(connection, {"name": "Hout"} | fields))


def make_vat_group(connection: Connection | None = None, **fields: Any) -> VatGroup:
    """A VAT rate."""
    return VatGroup.objects.create(**_mirrored(connection, {"name": "Hoog", "vat": 21} | fields))


def make_product(connection: Connection | None = None, **fields: Any) -> Product:
    """A product as Offorte's list tells it: a name and nothing more."""
    fields = {"name": "Vuren balk"} | fields
    fields.setdefault("search_text", write_search_text(product_search(fields)))
    return Product.objects.create(**_mirrored(connection, fields))


def make_account_user(connection: Connection | None = None, **fields: Any) -> AccountUser:
    """A user of the Offorte account."""
    fields = {"firstname": "Pim", "lastname": "Kok", "email": "pim@example.com"} | fields
    return AccountUser.objects.create(**_mirrored(connection, fields))


def link(user: User, connection: Connection | None = None, **fields: Any) -> AccountUser:
    """Link a member of staff to an Offorte user; with an existing `account_user`, or one made with these fields."""
    names = {"firstname": user.first_name, "lastname": user.last_name, "email": user.email or f"{user.username}@x.nl"}
    found = fields.pop("account_user", None) or make_account_user(connection, **(names | fields))
    OfforteUserLink.objects.create(
        user=user, connection=found.connection, remote_id=found.remote_id, name=str(found), linked_at=AS_OF
    )
    return found


def link_by_address(user: User) -> None:
    """Link a member of staff to the mirrored Offorte user with the same address, in every account."""
    for found in AccountUser.objects.filter(email=user.email):
        link(user, account_user=found)


def make_design_template(connection: Connection | None = None, **fields: Any) -> DesignTemplate:
    """A design template."""
    return DesignTemplate.objects.create(**_mirrored(connection, {"name": "Magazine"} | fields))


def make_proposal(connection: Connection | None = None, **fields: Any) -> Proposal:
    """An open proposal, found by name, company and number."""
    fields = {"name": "Verbouwing kantoor", "status": "open", "number": "", "company_name": ""} | fields
    fields.setdefault("search_text", write_search_text(proposal_search(fields | {"proposal_nr": fields["number"]})))
    return Proposal.objects.create(**_mirrored(connection, fields))
