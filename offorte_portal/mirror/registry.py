"""All mirrored resources, in the order in which a sync reads them.

The short lists come first, then what staff look for most. A row that refers to one read later is linked when that
arrives.
"""

from offorte_portal.mirror.resource import Link, Resource

LISTED: list[Resource] = []
RESOURCES: dict[str, Resource] = {}


def register(*resources: Resource) -> None:
    """Add resources to the mirror; an app calls this in its `mirror` module."""
    LISTED.extend(resources)
    LISTED.sort(key=lambda resource: resource.position)
    nested = [each.resource for resource in LISTED for each in resource.nested]
    RESOURCES.clear()
    RESOURCES.update((resource.name, resource) for resource in (*LISTED, *nested))


def links_to(resource: Resource) -> list[tuple[Resource, Link]]:
    """Return the resources that refer to the given resource, with the link by which they do."""
    return [(other, link) for other in RESOURCES.values() for link in other.links if link.target is resource.model]
