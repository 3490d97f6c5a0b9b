"""All mirrored things, in the order in which a sync reads them.

The short lists come first, then what staff look for most. Whatever points to something that is read later is linked
when that comes.
"""

from offorte_portal.mirror import account, catalog, contacts, proposals
from offorte_portal.mirror.resource import Link, Resource

LISTED: tuple[Resource, ...] = (
    account.USERS,
    catalog.VAT_GROUPS,
    account.DESIGN_TEMPLATES,
    account.TEXT_TEMPLATES,
    account.EMAIL_TEMPLATES,
    account.PROPOSAL_TEMPLATES,
    account.AUTOMATION_SETS,
    account.WEBHOOKS,
    catalog.DIRECTORIES,
    proposals.PROPOSALS,
    contacts.COMPANIES,
    catalog.PRODUCTS,
)

RESOURCES: dict[str, Resource] = {
    resource.name: resource for resource in (*LISTED, *(nested.resource for r in LISTED for nested in r.nested))
}


def links_to(resource: Resource) -> list[tuple[Resource, Link]]:
    """Everything that points to the given resource, with the link that does."""
    return [(other, link) for other in RESOURCES.values() for link in other.links if link.target is resource.model]
