"""All mirrored things, in the order in which a sync reads them.

The short lists come first, then what staff look for most. Whatever points to something that is read later is linked
when that comes.
"""

from offorte_portal.mirror.resource import Link, Resource

LISTED: list[Resource] = []
RESOURCES: dict[str, Resource] = {}


def register(*resources: Resource) -> None:
    """Make things mirrored; an app does so in its `mirror`."""
    LISTED.extend(resources)
    LISTED.sort(key=lambda resource: resource.position)
    nested = [each.resource for resource in LISTED for each in resource.nested]
    RESOURCES.clear()
    RESOURCES.update((resource.name, resource) for resource in (*LISTED, *nested))


def links_to(resource: Resource) -> list[tuple[Resource, Link]]:
    """Everything that points to the given resource, with the link that does."""
    return [(other, link) for other in RESOURCES.values() for link in other.links if link.target is resource.model]
