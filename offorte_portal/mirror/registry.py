"""All mirrored resources, in the order in which a sync reads them.

The short lists come first, then what staff look for most. A row that refers to one read later is linked when that
arrives.
"""

from offorte_portal.mirror.resource import Resource

LISTED: list[Resource] = []
RESOURCES: dict[str, Resource] = {}


def register(*resources: Resource) -> None:
    """Add resources to the mirror; an app calls this in its `mirror` module."""
    LISTED.extend(resources)
    LISTED.sort(key=lambda resource: resource.position)
    nested = [each.resource for resource in LISTED for each in resource.nested]
    RESOURCES.clear()
    RESOURCES.update((resource.name, resource) for resource in (*LISTED, *nested))
