"""What can be written at Offorte, and with which request of the client: one `Target` for each mirrored thing."""

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
    """Offorte's id of the thing, and of what it lies in; 0 where there is none."""

    remote_id: int
    parent: int


Create = Callable[[Client, Address, Any], Created]
Write = Callable[[Client, Address, Any], Written]
Find = Callable[[Client, Address, str], Iterator[Page]]


@dataclass(frozen=True, kw_only=True)
class Target:
    """How one mirrored thing is written.

    `drafts` are the drafts of its verbs and `name` the field that it is found by. `parent` is the field that names what
    it lies in; `needs_parent` says which verbs have that in their path. `columns` are the mirror's names for fields
    that are called otherwise there, `unmirrored` the parameters that are no fields. `get` is None where Offorte has no
    such request; `is_read_back` where a create's answer leaves much open that people look at.
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
        """What can be done with it."""
        return [*self.drafts, Verb.DELETE]

    def permission(self, verb: str) -> str:
        """The permission that a verb needs."""
        meta = self.resource.model._meta
        action = {Verb.CREATE: "add"}.get(Verb(verb), verb)
        return f"{meta.app_label}.{action}_{meta.model_name}"


TARGETS: dict[str, Target] = {}


def register(*targets: Target) -> None:
    """Let things be written."""
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
    """What the operation is about."""
    return TARGETS[operation.target]


def address_of(operation: Operation) -> Address:
    """Where the operation is sent to."""
    return Address(operation.remote_id or 0, operation.parent_remote_id or 0)
