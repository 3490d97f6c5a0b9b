"""What can be written at Offorte, and with which request of the client: one `Target` for each mirrored resource."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from catalog import mirror as catalog
from contacts import mirror as contacts
from offorte_portal.api.client import Client, Created, Fetched, Page, Written
from offorte_portal.api.drafts import (
    CompanyDraft,
    DirectoryDraft,
    PersonDraft,
    ProductChange,
    ProductDraft,
    ProposalChange,
    ProposalDraft,
    SendDraft,
)
from offorte_portal.mirror.resource import Resource
from offorte_portal.writes.models import Operation
from proposals import mirror as proposals

Verb = Operation.Verb


class Address(NamedTuple):
    """Offorte's id of the object and of its parent; 0 if there is none."""

    remote_id: int
    parent: int


Create = Callable[[Client, Address, Any], Created]
Write = Callable[[Client, Address, Any], Written]
Find = Callable[[Client, Address, str], Iterator[Page]]


@dataclass(frozen=True, kw_only=True)
class Target:
    """How one mirrored resource is written.

    `drafts` maps each verb but delete to the type of its draft, and `name` is the field that an object is found by.
    `parent` is the field with the parent's id; `needs_parent` are the verbs whose path has that id. `columns` maps
    fields to their names in the mirror where these differ; `unmirrored` are parameters that are not fields of the
    mirror. `get` is None if Offorte has no such request. `is_read_back` is true if the answer to a create leaves out
    much that people see.
    """

    resource: Resource
    drafts: Mapping[str, type[object]]
    name: str
    create: Create
    change: Write
    delete: Callable[[Client, Address], Written]
    find: Find
    send: Write | None = None
    get: Callable[[Client, Address], Fetched] | None = None
    parent: str = ""
    needs_parent: frozenset[str] = frozenset()
    columns: Mapping[str, str] = field(default_factory=dict)
    unmirrored: frozenset[str] = frozenset()
    is_read_back: bool = False

    @property
    def verbs(self) -> list[str]:
        """The verbs that Offorte has requests for."""
        return [*self.drafts, Verb.DELETE]

    def permission(self, verb: str) -> str:
        """Return the name of the permission that a verb needs."""
        meta = self.resource.model._meta
        action = {Verb.CREATE: "add"}.get(Verb(verb), verb)
        return f"{meta.app_label}.{action}_{meta.model_name}"


TARGETS: dict[str, Target] = {}


def register(*targets: Target) -> None:
    """Add targets to those that can be written."""
    TARGETS.update((target.resource.name, target) for target in targets)


register(
    Target(
        resource=contacts.COMPANIES,
        drafts={Verb.CREATE: CompanyDraft, Verb.CHANGE: CompanyDraft},
        name="name",
        create=lambda client, at, draft: client.create_company(draft),
        change=lambda client, at, draft: client.update_company(at.remote_id, draft),
        delete=lambda client, at: client.delete_company(at.remote_id),
        find=lambda client, at, name: client.list_companies(query=name),
        get=lambda client, at: client.get_company(at.remote_id),
    ),
    Target(
        resource=contacts.PEOPLE,
        drafts={Verb.CREATE: PersonDraft, Verb.CHANGE: PersonDraft},
        name="fullname",
        create=lambda client, at, draft: client.create_person(at.parent, draft),
        change=lambda client, at, draft: client.update_person(at.parent, at.remote_id, draft),
        delete=lambda client, at: client.delete_person(at.parent, at.remote_id),
        find=lambda client, at, name: client.list_people(at.parent),
        get=lambda client, at: client.get_person(at.parent, at.remote_id),
        parent="company_id",
        needs_parent=frozenset({Verb.CREATE, Verb.CHANGE, Verb.DELETE}),
    ),
    Target(
        resource=catalog.DIRECTORIES,
        drafts={Verb.CREATE: DirectoryDraft, Verb.CHANGE: DirectoryDraft},
        name="name",
        create=lambda client, at, draft: client.create_directory(draft),
        change=lambda client, at, draft: client.update_directory(at.remote_id, draft),
        delete=lambda client, at: client.delete_directory(at.remote_id),
        find=lambda client, at, name: client.list_directories(),
    ),
    Target(
        resource=catalog.PRODUCTS,
        drafts={Verb.CREATE: ProductDraft, Verb.CHANGE: ProductChange},
        name="name",
        create=lambda client, at, draft: client.create_product(at.parent, draft),
        change=lambda client, at, draft: client.update_product(at.remote_id, draft),
        delete=lambda client, at: client.delete_product(at.remote_id),
        find=lambda client, at, name: client.list_products(at.parent),
        parent="directory_id",
        needs_parent=frozenset({Verb.CREATE}),
        columns={"vat_id": "vat_remote_id", "optional": "is_optional", "directory_id": "directory_remote_id"},
    ),
    Target(
        resource=proposals.PROPOSALS,
        drafts={Verb.CREATE: ProposalDraft, Verb.CHANGE: ProposalChange, Verb.SEND: SendDraft},
        name="name",
        create=lambda client, at, draft: client.create_proposal(draft),
        change=lambda client, at, draft: client.update_proposal(at.remote_id, draft),
        delete=lambda client, at: client.delete_proposal(at.remote_id),
        send=lambda client, at, draft: client.send_proposal(at.remote_id, draft),
        find=lambda client, at, name: client.list_proposals(query=name),
        get=lambda client, at: client.get_proposal(at.remote_id),
        columns={
            "account_user_id": "owner_remote_id",
            "company_id": "company_remote_id",
            "design_template_id": "design_template_remote_id",
            "text_template_id": "text_template_remote_id",
        },
        unmirrored=frozenset({"company_contacts", "automations_set_id", "proposal_template_id", "content"}),
        is_read_back=True,
    ),
)


def target_of(operation: Operation) -> Target:
    return TARGETS[operation.target]


def address_of(operation: Operation) -> Address:
    return Address(operation.remote_id or 0, operation.parent_remote_id or 0)
